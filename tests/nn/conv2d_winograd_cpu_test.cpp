// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv2d/conv2d_winograd_cpu.hpp"

#include "nn/conv2d_checks.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

namespace conv2d_winograd_cpu_test {

using namespace videoonenet;
using namespace videoonenet::cpu::convolution;
using namespace conv2d_checks;
using layer_checks::deviation;

namespace {

constexpr Cpu winograd_products{.products = cpu::Products::winograd};
constexpr Index fewest = simd::lanes<float>;  ///< channels
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

Buffer<float> spoilt(Index size) {
  Buffer<float> scratch(size);
  std::ranges::fill(scratch, std::numeric_limits<float>::quiet_NaN());
  return scratch;
}

/// The error budget of one convolution, of the largest entry, whatever the extents.
float budget(Index kernel) { return kernel == 3 ? 5e-6f : 2e-5f; }

/// Calls body(K) for kernels of K × K, a constant.
template <class Body>
void with_constant(Index kernel, Body&& body) {
  if (kernel == 3)
    body(std::integral_constant<Index, 3>{});
  else
    body(std::integral_constant<Index, 5>{});
}

/// y (+)= K ∗ x + b, or grad_x (+)= Kᵀ ∗ grad_y, on scratch full of NaN.
void convolve(int threads, const Conv2dGeometry& g, const Padded& c, const Kernel<float>& kernel,
              const Buffer<float>& x, std::span<const float> bias, Accumulate accumulate, Buffer<float>& y) {
  with_constant(g.kernel, [&](auto extent) {
    const WinogradPlan<float, extent> plan(c);
    auto prepared = spoilt(plan.prepared_size()), scratch = spoilt(plan.working_size(threads));
    const Cpu ex{.threads = threads};
    plan.prepare(ex, kernel, prepared.data());
    plan.run(ex, g.frames, x.data(), prepared.data(), bias, accumulate, y.data(), scratch.data());
  });
}

/// Winograd's passes, also where they do not pay.
Results<float> winograd_on_cpu(int threads, const Conv2dGeometry& g, const Operands<float>& o) {
  Results<float> r = o.start;
  convolve(threads, g, Padded::forward(g), Kernel<float>::forward(g, o.kernel.data()), o.x, o.bias.span(),
           Accumulate::add, r.y);
  convolve(threads, g, Padded::input_gradient(g), Kernel<float>::input_gradient(g, o.kernel.data()), o.grad_y, {},
           Accumulate::add, r.grad_x);
  with_constant(g.kernel, [&](auto extent) {
    const WinogradKernelGradient<float, extent> gradient(g);
    gradient.run(Cpu{.threads = threads}, g.frames, o.x.data(), o.grad_y.data(), r.grad_kernel.data(),
                 spoilt(gradient.scratch_size(threads)).data());
  });
  return r;
}

void require_definition(const Conv2dGeometry& g) {
  INFO(text(g));
  const double tolerance = budget(g.kernel);
  const Results<double> expected = by_definition(g, Operands<double>(g));
  const Operands<float> o(g);
  const Results<float> one = winograd_on_cpu(1, g, o);
  REQUIRE(deviation(one.y, expected.y) < tolerance);
  REQUIRE(deviation(one.grad_x, expected.grad_x) < tolerance);
  REQUIRE(deviation(one.grad_kernel, expected.grad_kernel) < tolerance);
  for (int threads : {2, 3, 7}) REQUIRE(winograd_on_cpu(threads, g, o) == one);

  Buffer<float> y = spoilt(g.y_size());
  convolve(1, g, Padded::forward(g), Kernel<float>::forward(g, o.kernel.data()), o.x, o.bias.span(),
           Accumulate::overwrite, y);
  for (Index i = 0; i < y.size(); ++i) y[i] += o.start.y[i];
  REQUIRE(deviation(y, expected.y) < tolerance);
}

/// A layer with Winograd's products against the same in double, and its threads against each other.
template <template <class> class L>
void require_layer(const L<float>& layer, const L<double>& exact, const Shape& shape) {
  const auto run = [&]<class T>(const L<T>& some, const Cpu& ex) {
    testing::LayerTrial trial(some, shape, ex);
    for (auto [array, seed] : {std::pair{&trial.x, 1}, {&trial.parameters, 2}, {&trial.grad_y, 3}}) {
      Random random(static_cast<std::uint64_t>(seed));
      for (T& v : *array) v = static_cast<T>(static_cast<float>(random.normal() * (seed == 2 ? 0.1 : 1)));
    }
    trial.forward();
    trial.adjoint();
    return trial;
  };
  const auto expected = run(exact, Cpu{});
  const auto direct = run(layer, layer_checks::directly), one = run(layer, winograd_products);
  REQUIRE(deviation(one.y, expected.y) < budget(layer.kernel));
  REQUIRE(deviation(one.grad_x, expected.grad_x) < budget(layer.kernel));
  REQUIRE(deviation(one.grad_parameters, expected.grad_parameters) < budget(layer.kernel));
  // otherwise this tests nothing
  REQUIRE_FALSE(std::ranges::equal(one.y, direct.y));
  REQUIRE_FALSE(std::ranges::equal(one.grad_x, direct.grad_x));
  REQUIRE_FALSE(std::ranges::equal(one.grad_parameters, direct.grad_parameters));
  for (int threads : {2, 3}) {
    const auto several = run(layer, winograd_products.with_threads(threads));
    REQUIRE(std::ranges::equal(one.y, several.y));
    REQUIRE(std::ranges::equal(one.grad_x, several.grad_x));
    REQUIRE(std::ranges::equal(one.grad_parameters, several.grad_parameters));
  }
}

}  // namespace

TEST_CASE("Winograd's convolution follows the definition for all extents and channels") {
  Random random(3);
  for (Index kernel : {3, 5})
    for (Index h : {1, 2, 3, 4, 5, 6, 7, 8, 13})
      for (Index w : {1, 2, 3, 4, 7, 10})
        require_definition({.frames = 1 + random.integer(3),
                            .h = h,
                            .w = w,
                            .in = fewest + random.integer(20),
                            .out = fewest + random.integer(20),
                            .kernel = kernel});
  for (Index in : {0, 7, 9, 25, 56})
    for (Index out : {0, 1, 15, 32, 49})
      require_definition({.frames = 2, .h = 5, .w = 6, .in = fewest + in, .out = fewest + out});
}

TEST_CASE("Winograd's convolution cuts many tiles into blocks, and many channels into groups and parts") {
  require_definition({.frames = 9, .h = 14, .w = 14, .in = 64, .out = 64});
  require_definition({.frames = 30, .h = 6, .w = 7, .in = fewest + 5, .out = fewest + 3});
  require_definition({.frames = 1, .h = 47, .w = 131, .in = 16, .out = 17});
  require_definition({.frames = 1, .h = 3, .w = 400, .in = fewest, .out = fewest});
  require_definition({.frames = 2, .h = 4, .w = 5, .in = 150, .out = 130});
  require_definition({.frames = 9, .h = 14, .w = 15, .in = 64, .out = 60, .kernel = 5});
  require_definition({.frames = 1, .h = 3, .w = 250, .in = fewest, .out = fewest + 1, .kernel = 5});
  require_definition({.frames = 2, .h = 4, .w = 5, .in = 150, .out = 130, .kernel = 5});
}

TEST_CASE("a large transformed kernel is the same at any address and by any number of threads") {
  // aligned ones are streamed past the caches
  for (Index out : {170, 180, 200}) {
    const Conv2dGeometry g{.frames = 1, .h = 3, .w = 3, .in = 190, .out = out, .kernel = 5};
    const Operands<float> o(g);
    for (const bool turned : {false, true}) {
      const WinogradPlan<float, 5> plan(turned ? Padded::input_gradient(g) : Padded::forward(g));
      const auto kernel =
          turned ? Kernel<float>::input_gradient(g, o.kernel.data()) : Kernel<float>::forward(g, o.kernel.data());
      Buffer<float> aligned(plan.prepared_size()), shifted(plan.prepared_size() + 1);
      plan.prepare(Cpu{3}, kernel, aligned.data());
      plan.prepare(Cpu{}, kernel, shifted.data() + 1);
      REQUIRE(std::equal(aligned.begin(), aligned.end(), shifted.data() + 1));
    }
  }
}

TEST_CASE("Winograd's convolution of a frame does not depend on the other frames") {
  for (Index kernel : {3, 5}) {
    const Conv2dGeometry g{.frames = 5, .h = 9, .w = 10, .in = 17, .out = 18, .kernel = kernel};
    Operands<float> o(g);
    const Results<float> together = winograd_on_cpu(1, g, o);
    for (Index f = 0; f < g.frames; ++f) {
      const Conv2dGeometry one = g.with_frames(1);
      Operands<float> alone(one);
      std::copy_n(o.x.data() + f * one.x_size(), one.x_size(), alone.x.data());
      std::copy_n(o.grad_y.data() + f * one.y_size(), one.y_size(), alone.grad_y.data());
      std::copy_n(o.start.y.data() + f * one.y_size(), one.y_size(), alone.start.y.data());
      std::copy_n(o.start.grad_x.data() + f * one.x_size(), one.x_size(), alone.start.grad_x.data());
      alone.kernel = o.kernel, alone.bias = o.bias;
      const Results<float> r = winograd_on_cpu(1, one, alone);
      REQUIRE(std::equal(r.y.begin(), r.y.end(), together.y.data() + f * one.y_size()));
      REQUIRE(std::equal(r.grad_x.begin(), r.grad_x.end(), together.grad_x.data() + f * one.x_size()));
    }
  }
}

TEST_CASE("not-a-number inputs of Winograd's convolution reach the outputs that see them, and no other tiles") {
  for (Index kernel : {3, 5}) {
    const Conv2dGeometry g{.frames = 3, .h = 12, .w = 13, .in = 16, .out = 17, .kernel = kernel};
    const Index half = kernel / 2;
    const Operands<float> sound(g);
    const Results<float> expected = winograd_on_cpu(1, g, sound);
    for (Index row : {0, 5, 6, 11})
      for (Index col : {0, 7, 8, 12}) {
        Operands<float> o(g);
        o.x[((g.h + row) * g.w + col) * g.in + 5] = not_a_number;
        const Results<float> r = winograd_on_cpu(1, g, o);
        for (Index i = 0; i < g.y_size(); ++i) {
          const Index pixel = i / g.out, frame = pixel / (g.w * g.h), i_row = pixel / g.w % g.h, i_col = pixel % g.w;
          const bool sees = frame == 1 && std::abs(i_row - row) <= half && std::abs(i_col - col) <= half;
          const auto touches = [&](Index output, Index input) {  // whether the output's tile reads the input
            const Index first = output / 4 * 4 - half;
            return first <= input && input < first + 3 + kernel;
          };
          if (sees) REQUIRE(r.y[i] != r.y[i]);
          if (frame != 1 || !touches(i_row, row) || !touches(i_col, col)) REQUIRE(r.y[i] == expected.y[i]);
        }
      }
  }
}

TEST_CASE("an executor's products are Winograd's where they pay, else they are direct") {
  constexpr Index many = std::max<Index>(simd::lanes<float>, 8);
  const auto is = [](const Conv2dGeometry& g, bool winograd) {
    INFO(text(g));
    const Operands<float> o(g);
    const Results<float> direct = on_cpu(layer_checks::directly, g, o), r = on_cpu(winograd_products, g, o);
    REQUIRE(winograd_pays(Padded::forward(g)) == winograd);
    REQUIRE(winograd_pays(Padded::input_gradient(g)) == winograd);
    REQUIRE((r == direct) != winograd);
    if (winograd) {  // to rounding: this file and the library's instances may fuse other multiply-adds
      const Results<float> expected = winograd_on_cpu(1, g, o);
      REQUIRE(deviation(r.y, expected.y) < budget(g.kernel) / 5);
      REQUIRE(deviation(r.grad_x, expected.grad_x) < budget(g.kernel) / 5);
      REQUIRE(deviation(r.grad_kernel, expected.grad_kernel) < budget(g.kernel) / 5);
    }
    for (int threads : {2, 3}) REQUIRE(on_cpu(winograd_products.with_threads(threads), g, o) == r);
    // doubles are multiplied directly
    REQUIRE(on_cpu(winograd_products, g, Operands<double>(g)) == on_cpu(Cpu{}, g, Operands<double>(g)));
  };
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many + 1}, true);
  is({.frames = 1, .h = 2, .w = 2, .in = 3 * many, .out = many}, true);
  is({.frames = 2, .h = 9, .w = 7, .in = many - 1, .out = many}, false);
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many - 1}, false);
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many + 1, .kernel = 5}, true);
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many, .kernel = 4}, false);
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many, .kernel = 7}, false);
  is({.frames = 2, .h = 9, .w = 7, .in = many, .out = many, .stride = 2}, false);
  is({.frames = 2, .h = 1, .w = 7, .in = many, .out = many}, false);
  is({.frames = 2, .h = 7, .w = 1, .in = many, .out = many}, false);
}

TEST_CASE("layers multiply by Winograd within the same error") {
  const Shape shape{.n = 2, .t = 3, .h = 7, .w = 6, .f = 16};
  require_layer<Conv2d>({.in = 16, .out = 32}, {.in = 16, .out = 32}, shape);
  require_layer<Conv2d>({.in = 16, .out = 32, .kernel = 5}, {.in = 16, .out = 32, .kernel = 5}, shape);
  require_layer<ConvTranspose2d>({.in = 16, .out = 32}, {.in = 16, .out = 32}, shape);
  require_layer<MinimalRnn>({.channels = 16}, {.channels = 16}, shape);
  constexpr auto backward = TimeDirection::backward;
  constexpr auto chen = MinimalRnnForm::chen;
  require_layer<MinimalRnn>({.channels = 16, .direction = backward, .form = chen},
                            {.channels = 16, .direction = backward, .form = chen}, shape);
}

}  // namespace conv2d_winograd_cpu_test
