// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv2d/conv2d.hpp"

#include "nn/conv2d_checks.hpp"

namespace conv2d_test {

using namespace videoonenet;
using namespace conv2d_checks;
using layer_checks::directly;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class T>
void require_definition(const Conv2dGeometry& g, const Results<double>& expected) {
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;
  const Operands<T> operands(g);
  const Results<T> one = on_cpu<T>(directly, g, operands);
  REQUIRE(layer_checks::deviation(one.y, expected.y) < tolerance);
  REQUIRE(layer_checks::deviation(one.grad_x, expected.grad_x) < tolerance);
  REQUIRE(layer_checks::deviation(one.grad_kernel, expected.grad_kernel) < tolerance);
  REQUIRE(layer_checks::deviation(one.grad_bias, expected.grad_bias) < tolerance);
  for (int threads : {2, 3}) REQUIRE(on_cpu<T>(directly.with_threads(threads), g, operands) == one);
}

/// float and double, one thread and several, against the definition.
void require_definition(const Conv2dGeometry& g) {
  INFO(text(g));
  const Results<double> expected = by_definition(g, Operands<double>(g));
  require_definition<float>(g, expected);
  require_definition<double>(g, expected);
}

/// `layer` on frames of h × w pixels with the given parameters.
std::vector<float> output(const Conv2d<float>& layer, Index h, Index w, std::vector<float> x,
                          std::vector<float> parameters) {
  const Shape shape{.h = h, .w = w, .f = layer.in};
  testing::LayerTrial trial(layer, shape);
  REQUIRE(std::ssize(x) == trial.x.size());
  REQUIRE(std::ssize(parameters) == trial.parameters.size());
  std::ranges::copy(x, trial.x.begin());
  std::ranges::copy(parameters, trial.parameters.begin());
  trial.forward();
  return {trial.y.begin(), trial.y.end()};
}

}  // namespace

TEMPLATE_TEST_CASE("convolution has its golden values for odd and even kernels", "", float, double) {
  for (Index k : {3, 4, 5})
    layer_checks::require_golden(Conv2d<TestType>{.in = 3, .out = 5, .kernel = k}, {.n = 2, .h = 7, .w = 6, .f = 3},
                                 "conv2d_k" + std::to_string(k), {"kernel", "bias"});
}

TEST_CASE("convolution of 3 x 3 pixels by hand") {
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9};
  // the pixel to the left plus ten times the pixel below plus a hundred
  const std::vector<float> kernel{0, 0, 0, 1, 0, 0, 0, 10, 0};
  std::vector<float> parameters = kernel;
  parameters.push_back(100);
  REQUIRE(output({.kernel = 3}, 3, 3, x, parameters) ==
          std::vector<float>{140, 151, 162, 170, 184, 195, 100, 107, 108});
  REQUIRE(output({.kernel = 3, .bias = false}, 3, 3, x, kernel) == std::vector<float>{40, 51, 62, 70, 84, 95, 0, 7, 8});
  // an even kernel has its extra tap behind: nothing is before the first pixel
  REQUIRE(output({.kernel = 2, .bias = false}, 3, 3, x, {1, 10, 100, 1000}) ==
          std::vector<float>{5421, 6532, 603, 8754, 9865, 906, 87, 98, 9});
  // stride 2 on 4 pixels needs one zero for 3 taps, which is behind as well
  REQUIRE(output({.kernel = 3, .stride = 2, .bias = false}, 1, 4, {1, 2, 3, 4}, {0, 0, 0, 1, 10, 100, 0, 0, 0}) ==
          std::vector<float>{321, 43});
  REQUIRE(output({.kernel = 3, .stride = 2, .bias = false}, 1, 4, {1, 2, 3, 4}, {1, 10, 100, 0, 0, 0, 0, 0, 0}) ==
          std::vector<float>{0, 0});
  // two channels in, two out: channels are the last index of x and y
  REQUIRE(output({.in = 2, .out = 2, .kernel = 1, .bias = false}, 1, 2, {1, 2, 3, 4}, {1, 10, 100, 1000}) ==
          std::vector<float>{201, 2010, 403, 4030});
}

TEST_CASE("convolution kernels follow the definition for all channels, kernels and strides") {
  for_random_geometries(1, 3, [](const Conv2dGeometry& g) { require_definition(g); });
}

TEST_CASE("convolution cuts large frames into tiles, and many channels into groups") {
  require_definition({.frames = 2, .h = 131, .w = 90, .in = 16, .out = 2, .kernel = 5});
  require_definition({.frames = 1, .h = 90, .w = 170, .in = 9, .out = 4, .kernel = 4, .stride = 2});
  require_definition({.frames = 1, .h = 13, .w = 9, .in = 2, .out = 150, .kernel = 3});
  require_definition({.frames = 1, .h = 9, .w = 17, .in = 300, .out = 17, .kernel = 5});
  require_definition({.frames = 3, .h = 6, .w = 9, .in = 7, .out = 256, .kernel = 3});
}

TEST_CASE("convolution of a frame does not depend on the other frames") {
  const Conv2dGeometry g{.frames = 3, .h = 9, .w = 10, .in = 7, .out = 5, .kernel = 5};
  Operands<float> o(g);
  Buffer<float> scratch(cpu::conv2d_scratch_size<float>(directly, g)), together(g.y_size()), alone(g.y_size());
  const auto run = [&](const Conv2dGeometry& part, Index x, Index y, Buffer<float>& to) {
    conv2d_forward(directly, part, o.x.span().subspan(static_cast<std::size_t>(x)), o.kernel.span(), {},
                   Accumulate::overwrite, to.span().subspan(static_cast<std::size_t>(y)), scratch.span());
  };
  std::ranges::fill(together, std::numeric_limits<float>::quiet_NaN());
  run(g, 0, 0, together);
  for (Index f = 0; f < 3; ++f) run(g.with_frames(1), f * g.x_size() / 3, f * g.y_size() / 3, alone);
  REQUIRE(std::ranges::equal(together, alone));

  std::fill_n(o.x.data(), g.x_size() / 3, std::numeric_limits<float>::quiet_NaN());
  run(g, 0, 0, together);
  for (Index i = 0; i < g.y_size(); ++i) REQUIRE((i < g.y_size() / 3) == (together[i] != together[i]));
}

TEST_CASE("a prepared kernel gives the same bits for any frames and threads, and scratch that is too small is refused") {
  using cpu::Products;
  for (const Products products : {Products::direct, Products::winograd, Products::bfloat16})
    for (const Conv2dGeometry& g : {Conv2dGeometry{.frames = 3, .h = 7, .w = 6, .in = 16, .out = 17},
                                    {.frames = 3, .h = 7, .w = 6, .in = 3, .out = 5, .kernel = 4, .stride = 2},
                                    {.frames = 3, .h = 3, .w = 4, .in = 40, .out = 72, .kernel = 5}}) {
      INFO(text(g) << ", products " << int(products));
      const Cpu ex{.products = products};
      const Operands<float> o(g);
      const Results<float> expected = on_cpu(ex, g, o);
      Results<float> r = o.start;
      Buffer<float> kernel(cpu::conv2d_prepared_size<float>(ex, g)), scratch(cpu::conv2d_working_size<float>(ex, g));
      std::ranges::fill(kernel, std::numeric_limits<float>::quiet_NaN());
      std::ranges::fill(scratch, std::numeric_limits<float>::quiet_NaN());
      const Input<float> prepared = kernel.span();
      const Conv2dGeometry one = g.with_frames(1);
      const auto frame = [](auto& buffer, Index f, Index size) {
        return buffer.span().subspan(static_cast<std::size_t>(f * size), static_cast<std::size_t>(size));
      };
      conv2d_prepare_forward(ex.with_threads(3), g, o.kernel.span(), kernel.span());
      for (Index f = 0; f < g.frames; ++f)
        conv2d_forward_prepared(ex, one, frame(o.x, f, one.x_size()), prepared, o.bias.span(), Accumulate::add,
                                frame(r.y, f, one.y_size()), scratch.span());
      REQUIRE(std::ranges::equal(r.y, expected.y));
      conv2d_prepare_input_gradient(ex.with_threads(2), g, o.kernel.span(), kernel.span());
      for (Index f = 0; f < g.frames; ++f)
        conv2d_input_gradient_prepared(ex, one, frame(o.grad_y, f, one.y_size()), prepared,
                                       frame(r.grad_x, f, one.x_size()), scratch.span());
      REQUIRE(std::ranges::equal(r.grad_x, expected.grad_x));

      REQUIRE_THROWS_AS(conv2d_prepare_forward(ex, g, o.kernel.span(), kernel.span().first(1)), ShapeError);
      REQUIRE_THROWS_AS(conv2d_prepare_input_gradient(ex, g, o.kernel.span(), kernel.span().first(1)), ShapeError);
      REQUIRE_THROWS_AS(
          conv2d_input_gradient(ex, g, o.grad_y.span(), o.kernel.span(), r.grad_x.span(), scratch.span().first(1)),
          ShapeError);
      const Cpu more = ex.with_threads(100);  // than scratch was planned for
      REQUIRE_THROWS_WITH(
          conv2d_forward(more, g, o.x.span(), o.kernel.span(), {}, Accumulate::add, r.y.span(), scratch.span()),
          ContainsSubstring("planned for another"));
      REQUIRE_THROWS_AS(
          conv2d_forward_prepared(more, g, o.x.span(), prepared, {}, Accumulate::add, r.y.span(), scratch.span()),
          ShapeError);
      REQUIRE_THROWS_AS(
          conv2d_kernel_gradient(more, g, o.x.span(), o.grad_y.span(), r.grad_kernel.span(), scratch.span()),
          ShapeError);
    }
}

TEST_CASE("convolution's adjoint agrees with differences") {
  layer_checks::require_gradient(Conv2d<double>{.in = 2, .out = 3}, {.t = 2, .h = 5, .w = 4, .f = 2});
  layer_checks::require_gradient(Conv2d<double>{.in = 3, .out = 2, .kernel = 4, .stride = 2, .bias = false},
                                 {.n = 2, .h = 7, .w = 5, .f = 3});
}

TEST_CASE("convolution names and counts its parameters") {
  STATIC_REQUIRE(Layer<Conv2d<float>>);
  STATIC_REQUIRE(Layer<Conv2d<double>>);
  const Conv2d<float> layer{.in = 3, .out = 16, .kernel = 5};
  const auto parameters = layer.parameters();
  REQUIRE(parameters.size() == 2);
  REQUIRE((parameters[0].name == "kernel" && parameters[0].initial == Initial::glorot_uniform));
  REQUIRE(parameters[0].extents == std::vector<Index>{5, 5, 3, 16});
  REQUIRE((parameters[1].name == "bias" && parameters[1].extents == std::vector<Index>{16}));
  REQUIRE(layer.parameter_count() == 5 * 5 * 3 * 16 + 16);
  const Conv2d<float> without{.in = 3, .out = 16, .kernel = 5, .bias = false};
  REQUIRE((without.parameters().size() == 1 && without.parameter_count() == 5 * 5 * 3 * 16));
  REQUIRE(Conv2d<float>{.out = 4, .stride = 3}.output_shape({.n = 2, .t = 3, .h = 7, .w = 9}) ==
          Shape{.n = 2, .t = 3, .h = 3, .w = 3, .f = 4});
}

TEST_CASE("convolution refuses what does not fit, in a sentence") {
  const Conv2d<float> layer{.in = 3};
  REQUIRE_THROWS_AS(layer.output_shape({.h = 4, .w = 4, .f = 2}), ShapeError);
  REQUIRE_THROWS_WITH(layer.output_shape({.h = 4, .w = 4, .f = 2}),
                      "Conv2d: the input (N,T,H,W,F) = 1x1x4x4x2 has 2 channels, expected in = 3");
  REQUIRE_THROWS_WITH((Conv2d<float>{.kernel = 0}.output_shape({.h = 4, .w = 4})), ContainsSubstring("kernel = 0"));

  const Shape shape{.h = 4, .w = 4, .f = 3};
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, shape); });
  Buffer<float> parameters(layer.parameter_count());
  Tensor<float> x(shape), y(layer.output_shape(shape)), other({.h = 3, .w = 4});
  const auto forward = [&](Tensor<float>& to, std::size_t count) {
    layer.forward(Cpu{}, parameters.span().first(count), x.view(), to.view(), planned.cache);
  };
  const auto adjoint = [&](Tensor<float>& from, Tensor<float>& to) {
    layer.adjoint(Cpu{}, parameters.span(), planned.cache, from.view(), to.view(), parameters.span());
  };
  REQUIRE_THROWS_AS(forward(other, 28), ShapeError);
  REQUIRE_THROWS_AS(forward(y, 27), ShapeError);
  REQUIRE_NOTHROW(forward(y, 28));
  REQUIRE_THROWS_AS(adjoint(other, x), ShapeError);
  REQUIRE_THROWS_AS(adjoint(y, other), ShapeError);
}

}  // namespace conv2d_test
