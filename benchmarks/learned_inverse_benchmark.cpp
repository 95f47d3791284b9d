// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// How close learned inverses come to the exact data step, and how long either takes: a table in Markdown.
//   learned_inverse_benchmark [STEPS]
// Each network is trained for STEPS steps (500) on noise, for ρ = 0.3, and then takes one step of ADMM from a noisy
// picture, which the exact solver takes, too. Columns: its loss on noise (2 for nothing); ‖z − exact z‖ over
// ‖exact z − x‖, what the exact step changes, in either form; seconds of training; milliseconds a step.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/compose/compose.hpp"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

using namespace videoonenet;

namespace {

constexpr float rho = 0.3f;
constexpr Shape picture{.h = 128, .w = 128, .f = 3};
const Cpu ex;

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Step {
  Tensor<float> z{picture};
  double seconds = 0;
};

/// One step from x, the median of nine.
template <class Policy, class A>
Step step_of(const Policy& policy, const A& a, const Buffer<float>& y, const Tensor<float>& x) {
  Step step;
  Tensor<float> u(picture);
  auto bound = policy.bind(ex, a, y.span());
  std::array<double, 9> times{};
  for (double& t : times) {
    fill(ex, 0.f, u.flat());
    fill(ex, 0.f, step.z.flat());
    t = seconds_of([&] { bound.step(ex, rho, x.view(), step.z.view(), u.view()); });
  }
  std::ranges::sort(times);
  step.seconds = times[times.size() / 2];
  return step;
}

/// One row: `make(shape)` is the operator for videos of that shape.
template <class F, class Make>
void row(const char* name, const char* solver, const char* activation, int steps, const Make& make) {
  const auto a = make(picture);
  const Shape range = a.range();
  const TiedAutoencoder<float, F> net{.channels = range.f, .filters = {16, 32}};
  Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  double loss = 2;
  const InverseTraining training{.steps = steps,
                                 .optimizer = {.learning_rate = 3e-3, .beta1 = 0.9, .beta2 = 0.999},
                                 .callback = [&](int, double now) { return loss += 0.05 * (now - loss), true; }};
  const double trained = seconds_of([&] { train_inverse(ex, net, a, rho, weights.span(), training); });

  Random random(2);
  const Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, picture, random);
  Tensor<float> x = truth;
  Buffer<float> y(range.size());
  a.apply(ex, truth.flat(), y.span());
  for (float& v : x.flat()) v += 0.1f * static_cast<float>(random.normal());
  const Step exact = step_of(LeastSquares{}, a, y, x);
  const double change = squared_distance(ex, exact.z.flat(), x.flat());
  double errors[2], learned = 0;
  for (const auto form : {InverseForm::residual, InverseForm::normal}) {
    const Step step = step_of(LearnedInverse<TiedAutoencoder<float, F>>{net, weights.span(), rho, form}, a, y, x);
    errors[static_cast<int>(form)] = std::sqrt(squared_distance(ex, exact.z.flat(), step.z.flat()) / change);
    if (form == InverseForm::residual) learned = step.seconds;
  }
  std::printf("| %s | %s | %.4f | %.3f | %.3f | %.0f | %.2f | %.2f (%s) |\n", name, activation, loss, errors[0],
              errors[1], trained, 1e3 * learned, 1e3 * exact.seconds, solver);
  std::fflush(stdout);
}

template <class F>
void rows(const char* activation, int steps) {
  row<F>("Gaussian 3×3, every 4th pixel", "Fourier", activation, steps,
         [](const Shape& s) { return StridedBlur<float>(s, gaussian_kernel<float>(3, 1), 4); });
  row<F>("flat 7×7, every 2nd pixel", "Fourier", activation, steps,
         [](const Shape& s) { return StridedBlur<float>(s, flat_kernel<float>(7), 2); });
  row<F>("the same, channels averaged", "Fourier", activation, steps, [](const Shape& s) {
    Tensor<float> kernels({.h = 7, .w = 7, .f = s.f});
    fill(ex, 1.f / 49, kernels.flat());
    return GrayStridedBlur<float>(s, std::move(kernels), 2);
  });
  row<F>("flat 5×5, then 2×2 boxes", "conjugate gradients", activation, steps, [](const Shape& s) {
    return compose(BoxDownsample<float>(s, 2), StridedBlur<float>(s, flat_kernel<float>(5), 1));
  });
}

}  // namespace

int main(int argc, char** argv) {
  int steps = 500;
  if (argc > 2 ||
      (argc == 2 && (std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), steps).ec != std::errc() || steps < 1))) {
    std::fprintf(stderr, "learned_inverse_benchmark: expected a positive number of steps, or nothing\n");
    return 2;
  }
  std::printf(
      "| operator | activation | loss | error | error, the paper's form | s of training | ms a step | exact |\n");
  std::printf("|---|---|---|---|---|---|---|---|\n");
  rows<Linear>("none", steps);
  rows<Relu>("ReLU", steps);
}
