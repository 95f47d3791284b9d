// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/conv2d/conv2d.hpp"

namespace conv2d_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device convolutions of every kind of channels, kernel and stride equal the host's") {
  const auto shape = [](Index channels) { return Shape{.n = 2, .t = 1, .h = 5, .w = 7, .f = channels}; };
  SECTION("channels by fours") { check_layer_on_gpu(Conv2d<float>{.in = 4, .out = 8}, shape(4), {1, 3, 64}); }
  SECTION("odd channels") { check_layer_on_gpu(Conv2d<float>{.in = 3, .out = 5}, shape(3)); }
  SECTION("few inputs, an even kernel") {
    check_layer_on_gpu(Conv2d<float>{.in = 1, .out = 12, .kernel = 4}, shape(1));
  }
  SECTION("more inputs than are gathered") {
    check_layer_on_gpu(Conv2d<float>{.in = 12, .out = 4, .bias = false}, shape(12));
  }
  SECTION("strides") {
    check_layer_on_gpu(Conv2d<float>{.in = 4, .out = 8, .kernel = 4, .stride = 2}, shape(4));
    check_layer_on_gpu(Conv2d<float>{.in = 10, .out = 4, .kernel = 3, .stride = 3}, shape(10));
  }
  SECTION("a kernel wider than the frame") {
    check_layer_on_gpu(Conv2d<float>{.in = 1, .out = 4, .kernel = 11}, shape(1));
  }
  SECTION("a kernel of one pixel") { check_layer_on_gpu(Conv2d<float>{.in = 4, .out = 4, .kernel = 1}, shape(4)); }
  SECTION("a kernel gradient that is summed in parts") {
    check_layer_on_gpu(Conv2d<float>{.in = 4, .out = 8, .kernel = 1}, Shape{.n = 2, .t = 1, .h = 13, .w = 17, .f = 4});
  }
}

TEST_CASE("device convolutions with tall tiles equal the host's") {
  const Shape shape{.n = 1, .t = 1, .h = 12, .w = 12, .f = 8};
  const Conv2d<float> layer{.in = 8, .out = 72, .kernel = 1};
  const LayerResults expected = layer_results(Cpu{}, layer, shape);
  const LayerResults got = layer_results(test_gpu(cuda::Precision::tf32, 1), layer, shape);
  CHECK(relative_error(got.y, expected.y) < 2e-3);
  CHECK(relative_error(got.grad_x, expected.grad_x) < 2e-3);
  CHECK(relative_error(got.grad_parameters, expected.grad_parameters) < 2e-3);
}

TEST_CASE("device convolutions of many channels, by products of warpgroups, equal the host's") {
  const auto check = [](const Conv2d<float>& layer, Index frames, std::initializer_list<int> multiprocessors,
                        Index h = 5, Index w = 7) {
    const Shape shape{.n = frames, .t = 1, .h = h, .w = w, .f = layer.in};
    const LayerResults expected = layer_results(Cpu{.products = cpu::Products::direct}, layer, shape);
    for (const PrecisionBudget& budget : precision_budgets)
      for (const int count : multiprocessors) {
        if (budget.precision == cuda::Precision::float32) continue;  // has no such products
        CAPTURE(static_cast<int>(budget.precision), count);
        const LayerResults got = layer_results(test_gpu(budget.precision, count), layer, shape);
        CHECK(relative_error(got.y, expected.y) < budget.error);
        CHECK(relative_error(got.grad_x, expected.grad_x) < budget.error);
        CHECK(relative_error(got.grad_parameters, expected.grad_parameters) < budget.error);
      }
  };
  SECTION("a tile a block, and weights that stay on chip from tile to tile") {
    check({.in = 64, .out = 64}, 4, {1, 64});
  }
  SECTION("different numbers of tiles for teams and blocks") { check({.in = 64, .out = 64}, 11, {1, 2}); }
  SECTION("weights that do not stay on chip, and teams with fewer tiles than others") {
    check({.in = 128, .out = 64}, 7, {1, 2});
  }
  SECTION("wide frames, of which two teams have no room beside the weights") {
    check({.in = 64, .out = 64, .bias = false}, 1, {1}, 1, 95);
  }
  SECTION("several tiles of channels") { check({.in = 16, .out = 128, .bias = false}, 1, {1}); }
  SECTION("a wide kernel, whose weights do not fit on chip") {
    check({.in = 32, .out = 128, .kernel = 5}, 1, {1});
    check({.in = 128, .out = 16, .kernel = 5}, 1, {1});
  }
  SECTION("the kernel gradient of a wide kernel") { check({.in = 64, .out = 64, .kernel = 5}, 1, {1}); }
}

TEST_CASE("device gradients of the parameters of many channels equal the host's") {
  const auto check = [](Conv2dGeometry g, int multiprocessors) {
    CAPTURE(g.frames, g.w, g.in, g.out, multiprocessors);
    Random random(11);
    const auto x = random_values(random, g.x_size()), grad_y = random_values(random, g.y_size());
    const auto kernel = random_values(random, g.kernel_size()), bias = random_values(random, g.out);
    auto expected_kernel = kernel, expected_bias = bias;
    const Cpu cpu{.products = cpu::Products::direct};
    std::vector<float> host_scratch(static_cast<std::size_t>(conv2d_scratch_size<float>(cpu, g)));
    conv2d_parameter_gradients(cpu, g, Input<float>(x), Input<float>(grad_y), std::span(expected_kernel),
                               std::span(expected_bias), std::span(host_scratch));
    for (const PrecisionBudget& budget : precision_budgets) {
      if (budget.precision == cuda::Precision::float32) continue;
      CAPTURE(static_cast<int>(budget.precision));
      const TestGpu gpu = test_gpu(budget.precision, multiprocessors);
      const auto device_x = to_executor(gpu, x), device_y = to_executor(gpu, grad_y);
      auto got_kernel = to_executor(gpu, kernel), got_bias = to_executor(gpu, bias);
      auto scratch = gpu.allocate<float>(conv2d_scratch_size<float>(gpu, g));
      conv2d_parameter_gradients(gpu, g, Input<float>(device_x.span()), Input<float>(device_y.span()),
                                 got_kernel.span(), got_bias.span(), scratch.span());
      CHECK(relative_error(from_executor(gpu, got_kernel), expected_kernel) < budget.error);
      CHECK(relative_error(from_executor(gpu, got_bias), expected_bias) < 1e-6);
    }
  };
  const Conv2dGeometry g{.frames = 17, .h = 5, .w = 7, .in = 64, .out = 64};
  SECTION("one part and several") {
    check(g, 1);
    check(g, 64);
  }
  SECTION("rows as long as they may be") { check({.frames = 2, .h = 3, .w = 31, .in = 64, .out = 64}, 1); }
  SECTION("rows of which not three lie in two chunks") {
    check({.frames = 1, .h = 3, .w = 40, .in = 64, .out = 64}, 2);
  }
  SECTION("several blocks of channels") { check({.frames = 3, .h = 4, .w = 4, .in = 128, .out = 128}, 2); }
}

TEST_CASE("teams of warpgroups have room beside the weights, and few weights on chip where all do not fit") {
  using namespace cuda::convolution;
  const auto plan = [](Index w, Index channels, int multiprocessors) {
    const Conv2dGeometry g{.frames = 5, .h = 63, .w = w, .in = channels, .out = 64};
    const auto p = WarpgroupConvolution<false, 3, false, StorePairs>::make(g, Frames::input(g, nullptr).map, nullptr,
                                                                           nullptr, StorePairs{});
    CHECK(p.fits());
    const cuda::Grid grid = p.grid(multiprocessors);
    return std::array{p.team_count, p.weight_stages, p.tiles, grid.blocks[0], grid.threads};
  };
  CHECK(plan(63, 64, 1000) == std::array{2, 4, 160, 160, 512});
  CHECK(plan(63, 64, 132) == std::array{2, 4, 160, 80, 512});  // two tiles a block, one a team
  CHECK(plan(63, 64, 60) == std::array{2, 4, 160, 54, 512});   // three tiles, or less in the last ones
  CHECK(plan(63, 128, 132) == std::array{2, 2, 160, 80, 512});
  CHECK(plan(127, 64, 132) == std::array{1, 4, 320, 107, 256});
  CHECK(plan(255, 64, 640) == std::array{1, 2, 640, 640, 256});
}

TEST_CASE("device convolutions from few channels to many equal the host's") {
  const auto check = [](Index in, Index out, Index kernel, Shape shape, std::initializer_list<int> multiprocessors) {
    CAPTURE(in, out, kernel);
    shape.f = in;
    check_layer_on_gpu(Conv2d<float>{.in = in, .out = out, .kernel = kernel}, shape, multiprocessors);
  };
  const Shape several{.n = 2, .t = 2, .h = 5, .w = 7}, one{.n = 1, .t = 1, .h = 6, .w = 5};
  SECTION("first layers") {
    check(2, 64, 3, several, {1, 5});
    check(7, 64, 3, one, {5});
    check(6, 64, 5, one, {1});
    check(21, 64, 3, one, {1});
  }
  SECTION("decoders") {
    check(1, 128, 11, several, {1});
    check(2, 64, 11, several, {2});
    check(3, 64, 7, one, {1});
  }
  SECTION("even kernels") { check(3, 64, 4, several, {1}); }
  SECTION("windows that are filled several times") {
    check(1, 64, 3, Shape{.n = 1, .t = 2, .h = 29, .w = 18}, {1});
    check(8, 64, 2, Shape{.n = 1, .t = 1, .h = 2, .w = 530}, {2});
  }
  SECTION("windows that do not fit into shared memory") {
    check(5, 64, 5, Shape{.n = 1, .t = 1, .h = 1, .w = 530}, {1});
  }
}

TEST_CASE("device convolutions from few channels to many take arrays that begin anywhere") {
  const TestGpu gpu = test_gpu(cuda::Precision::float32);
  const Conv2dGeometry g{.frames = 2, .h = 4, .w = 5, .in = 2, .out = 64};
  Random random(7);
  const auto x = to_executor(gpu, random_values(random, g.x_size()));
  const auto weights = random_values(random, g.kernel_size());
  auto scratch = gpu.allocate<float>(conv2d_scratch_size<float>(gpu, g));
  std::vector<std::vector<float>> y, grad_x, grad_kernel;
  for (const std::size_t shift : {std::size_t(0), std::size_t(1)}) {
    std::vector<float> shifted(weights.size() + shift);
    std::ranges::copy(weights, shifted.begin() + static_cast<std::ptrdiff_t>(shift));
    const auto memory_of_kernel = to_executor(gpu, shifted);
    const auto kernel = memory_of_kernel.span().subspan(shift);
    auto memory = gpu.allocate<float>(g.y_size() + 1);
    const auto size = static_cast<std::size_t>(g.y_size());
    const auto at = memory.span().subspan(shift, size);
    conv2d_forward(gpu, g, x.span(), kernel, {}, Accumulate::overwrite, at, scratch.span());
    y.push_back(from_executor(gpu, std::span<const float>(at)));
    auto gradient = gpu.allocate<float>(g.kernel_size());
    conv2d_kernel_gradient(gpu, g, x.span(), at, gradient.span(), scratch.span());
    grad_kernel.push_back(from_executor(gpu, gradient));
    for (const bool aligned : {true, false}) {
      const auto grad_y = to_executor(gpu, y.front());
      auto to = gpu.allocate<float>(g.x_size());
      conv2d_input_gradient(gpu, g, aligned ? grad_y.span() : std::span<const float>(at), kernel, to.span(),
                            scratch.span());
      grad_x.push_back(from_executor(gpu, to));
    }
  }
  for (const auto& other : grad_x) CHECK(relative_error(other, grad_x[0]) < 1e-5);
  CHECK(relative_error(y[1], y[0]) < 1e-5);
  CHECK(relative_error(grad_kernel[1], grad_kernel[0]) < 1e-5);
}

TEST_CASE("device convolutions read weights that begin anywhere") {
  const Index channels = GENERATE(4, 64);
  const TestGpu gpu = test_gpu(channels == 4 ? cuda::Precision::float32 : cuda::Precision::tf32);
  const Conv2dGeometry g{.frames = 1, .h = 3, .w = 3, .in = channels, .out = channels};
  Random random(3);
  const auto x = to_executor(gpu, random_values(random, g.x_size()));
  const auto values = random_values(random, g.kernel_size());
  std::vector<float> y[2], gradient[2];
  for (std::size_t shift : {std::size_t(0), std::size_t(1)}) {
    std::vector<float> shifted(values.size() + shift);
    std::ranges::copy(values, shifted.begin() + static_cast<std::ptrdiff_t>(shift));
    const auto memory = to_executor(gpu, shifted);
    const Input<float> kernel = memory.span().subspan(shift);
    auto scratch = gpu.allocate<float>(conv2d_scratch_size<float>(gpu, g));
    auto results = gpu.allocate<float>(g.y_size());
    conv2d_forward(gpu, g, x.span(), kernel, {}, Accumulate::overwrite, results.span(), scratch.span());
    y[shift] = from_executor(gpu, results);
    auto gradients = gpu.allocate<float>(g.x_size());
    conv2d_input_gradient(gpu, g, x.span(), kernel, gradients.span(), scratch.span());
    gradient[shift] = from_executor(gpu, gradients);
  }
  CHECK(y[0] == y[1]);
  CHECK(gradient[0] == gradient[1]);
}

TEST_CASE("device convolutions refuse sizes that kernels cannot index, and too little scratch") {
  const TestGpu gpu = test_gpu();
  const Conv2dGeometry large{.frames = Index(1) << 20, .h = 64, .w = 64, .in = 4, .out = 4};
  CHECK_THROWS_AS(conv2d_forward(gpu, large, {}, {}, {}, Accumulate::overwrite, std::span<float>{}, std::span<float>{}),
                  ShapeError);
  const Conv2dGeometry large_output{.frames = Index(1) << 13, .h = 64, .w = 64, .in = 1, .out = 128};
  CHECK_THROWS_AS(conv2d_kernel_gradient(gpu, large_output, {}, {}, std::span<float>{}, std::span<float>{}),
                  ShapeError);
  const Conv2dGeometry g{.frames = 1, .h = 64, .w = 64, .in = 4, .out = 4};
  CHECK_THROWS_AS(conv2d_kernel_gradient(gpu, g, {}, {}, std::span<float>{}, std::span<float>{}), ShapeError);
}

TEST_CASE("the device gradient of a bias adds any number of channels") {
  for (const Index channels : {1, 3, 64, 300}) {
    const TestGpu gpu = test_gpu();
    const Conv2dGeometry g{.frames = 2, .h = 9, .w = 5, .out = channels};
    Random random(5);
    const auto grad_y = random_values(random, g.y_size());
    auto expected = random_values(random, channels);
    auto got = to_executor(gpu, expected);
    conv2d_bias_gradient(Cpu{}, g, grad_y, std::span(expected));
    const auto on_gpu = to_executor(gpu, grad_y);
    conv2d_bias_gradient(gpu, g, on_gpu.span(), got.span());
    CHECK(relative_error(from_executor(gpu, got), expected) < 1e-6);
  }
}

TEST_CASE("both gradients of a device convolution have scratch of their own") {
  // few inputs, whose gradient is gathered from scratch, and pixels enough for kernel gradients in parts
  check_layer_on_gpu(Conv2d<float>{.in = 2, .out = 4}, Shape{.n = 2, .t = 2, .h = 9, .w = 10, .f = 2});
}

}  // namespace conv2d_cuda_test
