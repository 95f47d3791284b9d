// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/conv2d/conv2d_reference.hpp"

namespace conv_transpose2d_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// `layer` on one frame of h × w pixels with the given parameters.
std::vector<float> output(const ConvTranspose2d<float>& layer, Index h, Index w, std::vector<float> x,
                          std::vector<float> parameters) {
  testing::LayerTrial trial(layer, {.h = h, .w = w, .f = layer.in});
  REQUIRE(std::ssize(x) == trial.x.size());
  REQUIRE(std::ssize(parameters) == trial.parameters.size());
  std::ranges::copy(x, trial.x.begin());
  std::ranges::copy(parameters, trial.parameters.begin());
  trial.forward();
  return {trial.y.begin(), trial.y.end()};
}

/// Both passes against the definition of the convolution whose adjoint the layer is.
template <class T>
void require_definition(const ConvTranspose2d<T>& layer, const Shape& shape) {
  testing::LayerTrial trial(layer, shape);
  Random random(3);
  trial.draw(random);
  trial.forward();
  trial.adjoint();
  const auto in_double = [](const Buffer<T>& from) {
    Buffer<double> to(from.size());
    std::ranges::copy(from, to.begin());
    return to;
  };
  const auto x = in_double(trial.x), theta = in_double(trial.parameters), grad_y = in_double(trial.grad_y);
  const auto kernel = theta.span().first(theta.span().size() - static_cast<std::size_t>(layer.out));
  const auto bias = theta.span().last(static_cast<std::size_t>(layer.out));
  const Conv2dGeometry g = layer.transposed_geometry(shape);
  Buffer<double> y(trial.y.size()), grad_x(x.size()), grad_theta(theta.size());
  for (Index i = 0; i < y.size(); ++i) {
    y[i] = bias[static_cast<std::size_t>(i % layer.out)];
    grad_theta[std::ssize(kernel) + i % layer.out] += grad_y[i];
  }
  reference::conv2d_input_gradient(g, x.span(), kernel, y.span());
  reference::conv2d_forward(g, grad_y.span(), kernel, {}, Accumulate::add, grad_x.span());
  reference::conv2d_kernel_gradient(g, grad_y.span(), x.span(), grad_theta.span().first(kernel.size()));
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;
  REQUIRE(layer_checks::deviation(trial.y, y) < tolerance);
  REQUIRE(layer_checks::deviation(trial.grad_x, grad_x) < tolerance);
  REQUIRE(layer_checks::deviation(trial.grad_parameters, grad_theta) < tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("transposed convolution has its golden values for odd and even kernels", "", float, double) {
  for (Index k : {3, 4, 5})
    layer_checks::require_golden(ConvTranspose2d<TestType>{.in = 5, .out = 3, .kernel = k},
                                 {.n = 2, .h = 7, .w = 6, .f = 5}, "conv_transpose2d_k" + std::to_string(k),
                                 {"kernel", "bias"});
}

TEST_CASE("transposed convolution by hand") {
  // each pixel lays the kernel around itself
  REQUIRE(output({.kernel = 3, .bias = false}, 3, 3, {0, 0, 0, 0, 1, 0, 0, 0, 0}, {1, 2, 3, 4, 5, 6, 7, 8, 9}) ==
          std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  REQUIRE(output({.kernel = 3}, 1, 3, {1, 10, 100}, {0, 0, 0, 1, 2, 3, 0, 0, 0, 5000}) ==
          std::vector<float>{5012, 5123, 5230});
  // stride 2 with 2 taps: pixels do not overlap
  REQUIRE(output({.kernel = 2, .stride = 2, .bias = false}, 1, 2, {1, 10}, {1, 2, 3, 4}) ==
          std::vector<float>{1, 2, 10, 20, 3, 4, 30, 40});
  // the kernel is (row, column, out, in)
  REQUIRE(output({.in = 2, .out = 3, .kernel = 1, .bias = false}, 1, 1, {1, 10}, {1, 2, 3, 4, 5, 6}) ==
          std::vector<float>{21, 43, 65});
}

TEMPLATE_TEST_CASE("transposed convolution follows the definition, wide kernels and strides too", "", float, double) {
  using T = TestType;
  for (Index out : {1, 2, 3}) {
    require_definition(ConvTranspose2d<T>{.in = 32, .out = out, .kernel = 11}, {.t = 2, .h = 14, .w = 14, .f = 32});
    require_definition(ConvTranspose2d<T>{.in = 17, .out = out, .kernel = 7}, {.n = 2, .h = 5, .w = 9, .f = 17});
  }
  require_definition(ConvTranspose2d<T>{.in = 6, .out = 16, .kernel = 4, .stride = 2},
                     {.t = 3, .h = 7, .w = 6, .f = 6});
  require_definition(ConvTranspose2d<T>{.in = 3, .out = 2, .kernel = 2, .stride = 3}, {.t = 3, .h = 3, .w = 5, .f = 3});
}

TEMPLATE_TEST_CASE("transposed convolution is the adjoint of the convolution with the same kernel", "", float, double) {
  using T = TestType;
  const Index stride = GENERATE(1, 2);
  const Shape small{.n = 2, .h = 5, .w = 7, .f = 4};
  const ConvTranspose2d<T> transposed{.in = 4, .out = 3, .kernel = 5, .stride = stride, .bias = false};
  const Shape large = transposed.output_shape(small);
  const Conv2d<T> convolution{.in = 3, .out = 4, .kernel = 5, .stride = stride, .bias = false};
  REQUIRE(convolution.output_shape(large) == small);
  testing::LayerTrial forward(convolution, large);
  testing::LayerTrial backward(transposed, small);
  Random random(2);
  forward.draw(random);
  backward.draw(random);
  std::ranges::copy(forward.parameters, backward.parameters.begin());
  forward.forward();
  backward.forward();
  const double one = dot<T>(Cpu{}, forward.y.span(), backward.x.span());
  const double other = dot<T>(Cpu{}, forward.x.span(), backward.y.span());
  REQUIRE(one == Approx(other).epsilon(sizeof(T) == 4 ? 1e-4 : 1e-12));
}

TEMPLATE_TEST_CASE("transposed convolution gives the same bits on several threads", "", float, double) {
  layer_checks::require_same_for_all_threads(ConvTranspose2d<TestType>{.in = 17, .out = 2, .kernel = 5},
                                             {.n = 2, .t = 3, .h = 9, .w = 8, .f = 17});
  layer_checks::require_same_for_all_threads(ConvTranspose2d<TestType>{.in = 2, .out = 3, .kernel = 3},
                                             {.h = 200, .w = 120, .f = 2});
}

TEST_CASE("transposed convolution's adjoint agrees with differences") {
  layer_checks::require_gradient(ConvTranspose2d<double>{.in = 3, .out = 2}, {.t = 2, .h = 5, .w = 4, .f = 3});
  layer_checks::require_gradient(ConvTranspose2d<double>{.in = 2, .out = 3, .kernel = 4, .stride = 2, .bias = false},
                                 {.n = 2, .h = 3, .w = 5, .f = 2});
}

TEST_CASE("transposed convolution names its parameters and refuses what does not fit") {
  STATIC_REQUIRE(Layer<ConvTranspose2d<float>>);
  STATIC_REQUIRE(Layer<ConvTranspose2d<double>>);
  const ConvTranspose2d<float> layer{.in = 32, .out = 2, .kernel = 11, .stride = 2};
  const auto parameters = layer.parameters();
  REQUIRE(parameters.size() == 2);
  REQUIRE((parameters[0].name == "kernel" && parameters[0].initial == Initial::glorot_uniform));
  REQUIRE(parameters[0].extents == std::vector<Index>{11, 11, 2, 32});
  REQUIRE((parameters[1].name == "bias" && parameters[1].extents == std::vector<Index>{2}));
  REQUIRE(layer.parameter_count() == 11 * 11 * 2 * 32 + 2);
  const Shape shape{.n = 2, .t = 3, .h = 5, .w = 6, .f = 32};
  REQUIRE(layer.output_shape(shape) == Shape{.n = 2, .t = 3, .h = 10, .w = 12, .f = 2});
  REQUIRE_THROWS_WITH(layer.output_shape({.h = 4, .w = 4, .f = 2}),
                      "ConvTranspose2d: the input (N,T,H,W,F) = 1x1x4x4x2 has 2 channels, expected in = 32");
  REQUIRE_THROWS_WITH((ConvTranspose2d<float>{.stride = 0}.output_shape({.h = 4, .w = 4})),
                      ContainsSubstring("stride = 0"));
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, shape); });
  Buffer<float> theta(layer.parameter_count());
  Tensor<float> x(shape), y(layer.output_shape(shape)), other({.h = 3, .w = 4});
  REQUIRE_THROWS_AS(layer.forward(Cpu{}, theta.span(), x.view(), other.view(), planned.cache), ShapeError);
  REQUIRE_THROWS_AS(layer.forward(Cpu{}, theta.span().first(7), x.view(), y.view(), planned.cache), ShapeError);
}

}  // namespace conv_transpose2d_test
