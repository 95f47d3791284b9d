// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/video_one_net.hpp"

#include "models/golden_network.hpp"
#include "videoonenet/core/bfloat16.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace video_one_net_test {

using namespace videoonenet;
using namespace videoonenet::test;

namespace {

/// A network and a size of videos.
struct Task {
  ModelOptions options;
  Shape video;
};

/// The small network of the shipped weights, and a small one of 5 × 5 kernels for colours.
const Task small_gray{{.filters = 16, .iterations = 5}, {.t = 9, .h = 14, .w = 14, .f = 1}};
const Task small_colors{{.channels = 3, .filters = 16, .kernel_encoder = 5, .kernel_decoder = 7, .iterations = 5},
                        {.t = 4, .h = 14, .w = 16, .f = 3}};

/// The restoration of a video of which every other pixel was measured, and the gradient of its squared error, by a
/// network before its training.
template <class T>
struct Untrained {
  Tensor<T> z;
  Buffer<T> gradient;

  Untrained(const Cpu& ex, const Task& task, std::uint64_t seed) : z(task.video) {
    const VideoOneNet<T> net = video_one_net<T>(task.options);
    const Shape& video = task.video;
    // drawn as double, so that both types have the same numbers
    const auto drawn = initial_parameters<double>(net.parameters(), seed);
    Buffer<T> weights(drawn.size()), y(video.size()), mask(video.size());
    std::ranges::transform(drawn, weights.begin(), [](double w) { return static_cast<T>(w); });
    Tensor<T> x(video);
    Random random(seed);
    for (T& v : x.flat()) v = static_cast<T>(static_cast<float>(random.uniform()));
    for (Index i = 0; i < mask.size(); i += 2) mask[i] = 1;
    const Mask<T> a(video, mask);
    a.apply(ex, x.flat(), y.span());

    auto planned = plan(ex, [&](auto& memory) { return net.make_cache(memory, video); });
    auto bound = net.bind(ex, a, y.span());
    net.forward(ex, weights.span(), bound, planned.cache, z.view());
    Tensor<T> grad_z(video);
    for (Index i = 0; i < z.size(); ++i) grad_z[i] = 2 * (z[i] - x[i]) / T(z.size());
    gradient = Buffer<T>(weights.size());
    net.adjoint(ex, weights.span(), bound, planned.cache, std::as_const(grad_z).view(), gradient.span());
  }
};

double cosine(const Buffer<float>& a, const Buffer<double>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (Index i = 0; i < a.size(); ++i) {
    const double value = double(a[i]);
    ab += value * b[i], aa += value * value, bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

TEMPLATE_TEST_CASE("VideoOneNet gives the golden outputs and gradients", "", float, double) {
  for (const char* name : {"videoonenet_cnn", "videoonenet_bcrnn", "videoonenet_bcrnn_color"}) {
    INFO(name);
    const GoldenNetwork golden(name);
    const VideoOneNet<TestType> net = video_one_net<TestType>(golden.options());
    meets_golden<TestType>(net, golden);
  }
}

// Measured: results within 2.7e-6, gradients by arrays of more than one number within 1.1e-5 (with direct products
// 5e-6). (One number is a sum that nearly cancels: up to 1e-4 with either.)
TEST_CASE("a VideoOneNet that multiplies by Winograd gives results and gradients within 1e-4") {
  const Cpu ex{}, directly{.products = cpu::Products::direct};
  REQUIRE(ex.products == cpu::Products::winograd);
  const GoldenNetwork golden("videoonenet_bcrnn");  // of 8 filters, which registers of 16 multiply directly
  meets_golden<float>(video_one_net<float>(golden.options()), golden, ex);
  for (const Task* task : {&small_gray, &small_colors})
    for (std::uint64_t seed : {1, 2}) {
      INFO("kernels of " << task->options.kernel_encoder << ", seed " << seed);
      const Untrained<double> expected(Cpu{}, *task, seed);
      const Untrained<float> direct(directly, *task, seed), winograd(ex, *task, seed);
      CHECK(relative_error<float>(winograd.z.flat(), expected.z.flat()) < 1e-4);
      CHECK(relative_error<float>(winograd.gradient.span(), expected.gradient.span()) < 1e-4);
      REQUIRE_FALSE(std::ranges::equal(winograd.z.flat(), direct.z.flat()));
      std::size_t begin = 0;
      for (const Parameter& p : video_one_net<float>(task->options).parameters()) {
        const auto array = [&](const auto& network) {
          return network.gradient.span().subspan(begin, static_cast<std::size_t>(p.size()));
        };
        INFO("gradient by " << p.name);
        if (p.size() > 1) CHECK(relative_error<float>(array(winograd), array(expected)) < 1e-4);
        begin += static_cast<std::size_t>(p.size());
      }
      for (int threads : {2, 3}) {
        const Untrained<float> several(ex.with_threads(threads), *task, seed);
        REQUIRE(std::ranges::equal(several.z.flat(), winograd.z.flat()));
        REQUIRE(std::ranges::equal(several.gradient, winograd.gradient));
      }
    }
}

TEST_CASE("a VideoOneNet has a parameter for every array of SPEC 5, tied and untied") {
  const ModelOptions small{.filters = 2, .kernel_decoder = 3, .iterations = 2};
  const auto names = [](const ModelOptions& o) {
    std::vector<std::string> all;
    for (const Parameter& p : video_one_net<float>(o).parameters()) all.push_back(p.name);
    return all;
  };
  const auto tied = names(small);
  REQUIRE(tied.size() == 2 * (3 * 4 + 2 * 3 + 2));
  for (const char* name :
       {"prior.encoder.0.conv.kernel", "prior.encoder.2.norm.beta", "prior.decoder.bias", "data.encoder.1.conv.bias",
        "data.birnn.forward.recurrent_kernel", "data.birnn.backward.bias"})
    REQUIRE(std::ranges::count(tied, name) == 1);
  ModelOptions untied = small;
  untied.tied = false;
  untied.learn_rho = true;
  const auto more = names(untied);
  REQUIRE(more.size() == 2 * tied.size() + 1);
  REQUIRE(std::ranges::count(more, "iteration.1." + tied[0]) == 1);
  REQUIRE(more.back() == "log_rho");
}

TEST_CASE("a VideoOneNet without a data net is refused") {
  REQUIRE_THROWS_AS(video_one_net<float>({.data_net = DataNet::none}), InputError);
}

// Measured for six seeds: results within 1.0% to 2.7%, cosines of 0.9997 and more; in float 1e-6.
TEST_CASE("a VideoOneNet with products of bfloat16 is within 4% of double, its gradient's cosine above 0.999") {
  const Cpu ex{.products = cpu::Products::bfloat16};
  for (std::uint64_t seed : {1, 2}) {
    const Untrained<double> expected(Cpu{}, small_gray, seed);
    const Untrained<float> rounded(ex, small_gray, seed);
    const double error = relative_error<float>(rounded.z.flat(), expected.z.flat());
    CHECK(error < 0.04);
    CHECK(cosine(rounded.gradient, expected.gradient) > 0.999);
    if (simd::multiplies_bfloat16) CHECK(error > 1e-4);  // else nothing was rounded
    for (int threads : {2, 3}) {
      const Untrained<float> several(Cpu{threads, ex.products}, small_gray, seed);
      REQUIRE(std::ranges::equal(several.z.flat(), rounded.z.flat()));
      REQUIRE(std::ranges::equal(several.gradient, rounded.gradient));
    }
  }
}

}  // namespace video_one_net_test
