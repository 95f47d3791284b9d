// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

#include "support/catch.hpp"
#include "support/dense_solve.hpp"
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver.hpp"
#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/nn/channel_dense/channel_dense.hpp"
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/testing/dense_matrix.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace noise_inversion_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Mean over 3×3 pixels, then every second one.
template <class T>
StridedBlur<T> blur(const Shape& picture) {
  Tensor<T> kernel({.h = 3, .w = 3});
  fill(Cpu{}, T(1) / 9, kernel.flat());
  return {picture, std::move(kernel), 2};
}

}  // namespace

TEST_CASE("the loss of a learned inverse is zero for the inverse and two for nothing") {
  const auto a = blur<double>({.h = 8, .w = 6});
  const ChannelDense<double> net{.h = 4, .w = 3, .channels = 1};
  const Eigen::MatrixXd matrix = testing::dense_matrix(a), one = Eigen::MatrixXd::Identity(12, 12);
  const Eigen::MatrixXd inverse = support::dense_solve(matrix * matrix.transpose() + 0.2 * one, one);
  Buffer<double> weights(144), gradient(144), noise(12);
  std::copy_n(inverse.data(), 144, weights.data());
  Random(1).fill_normal(noise.span());
  NoiseInversion loss(Cpu{}, net, a, 0.2);
  REQUIRE(loss(Cpu{}, std::as_const(weights).span(), std::as_const(noise).span(), gradient.span()) < 1e-24);
  for (double g : gradient) REQUIRE(std::abs(g) < 1e-12);
  CHECK(inversion_loss(Cpu{}, net, std::as_const(weights).span(), a, 0.2) < 1e-24);
  CHECK(inversion_loss(Cpu{}, net, std::as_const(weights).span(), a, 0.3) > 0.01);  // it is another penalty's
  CHECK_THROWS_AS(inversion_loss(Cpu{}, net, std::as_const(weights).span().first(9), a, 0.2), ShapeError);
  std::ranges::fill(weights, 0.0);
  const double size = squared_norm(Cpu{}, std::as_const(noise).span()) / 12;
  REQUIRE(loss(Cpu{}, std::as_const(weights).span(), std::as_const(noise).span(), gradient.span()) == Approx(2 * size));
}

TEST_CASE("the gradient of a learned inverse's loss agrees with differences") {
  const auto a = blur<double>({.t = 2, .h = 8, .w = 6, .f = 2});
  const TiedAutoencoder<double> net{.channels = 2, .filters = {3, 4}, .kernel = 2};
  Buffer<double> weights(net.parameter_count()), gradient(weights.size()), unused(weights.size());
  Buffer<double> noise(Shape(a.range()).size());
  Random random(5);
  random.fill_normal(weights.span(), 0.4);
  random.fill_normal(noise.span());
  NoiseInversion loss(Cpu{}, net, a, 0.3);
  const auto value = [&](std::span<double> grad) {
    return loss(Cpu{}, std::as_const(weights).span(), std::as_const(noise).span(), grad);
  };
  value(gradient.span());
  for (Index i = 0; i < weights.size(); i += 7) {
    const double step = 1e-6, kept = weights[i];
    weights[i] = kept + step;
    const double above = value(unused.span());
    weights[i] = kept - step;
    const double below = value(unused.span());
    weights[i] = kept;
    CHECK(gradient[i] == Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-7));
  }
}

TEST_CASE("a network trained on noise alone steps like the exact solver, on a picture it has never seen") {
  const TiedAutoencoder<float, Linear> net{.channels = 1, .filters = {6, 12}, .kernel = 4};
  Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  const float rho = 0.3f;
  double first = 0;
  const double last = train_inverse(Cpu{}, net, blur<float>({.t = 4, .h = 32, .w = 32}), rho, weights.span(),
                                    {.steps = 250,
                                     .optimizer = {.learning_rate = 5e-3, .beta1 = 0.9, .beta2 = 0.999},
                                     .callback = [&](int step, double loss) {
                                       if (step == 1) first = loss;
                                       return true;
                                     }});
  CAPTURE(first, last);
  CHECK(last < 0.03 * first);

  const Shape picture{.h = 48, .w = 40};
  const auto a = blur<float>(picture);
  Tensor<float> x(picture), exact(picture), learned(picture);
  Random random(6);
  for (Index i = 0; i < picture.h; ++i)
    for (Index j = 0; j < picture.w; ++j)
      x(0, 0, i, j, 0) = (i / 9 + j / 7) % 2 == 0 ? 0.8f : 0.3f + 0.1f * static_cast<float>(random.normal());
  Buffer<float> y(Shape(a.range()).size());
  a.apply(Cpu{}, std::as_const(x).flat(), y.span());
  for (float& entry : x.flat()) entry += 0.2f * static_cast<float>(random.normal());
  const auto step = [&](const auto& policy, Tensor<float>& z) {
    Tensor<float> u(picture);
    auto bound = policy.bind(Cpu{}, a, std::as_const(y).span());
    bound.step(Cpu{}, rho, std::as_const(x).view(), z.view(), u.view());
  };
  step(LeastSquares{}, exact);
  step(LearnedInverse<TiedAutoencoder<float, Linear>>{net, weights.span(), rho}, learned);
  const double error = squared_distance(Cpu{}, std::as_const(exact).flat(), std::as_const(learned).flat());
  const double change = squared_distance(Cpu{}, std::as_const(exact).flat(), std::as_const(x).flat());
  CAPTURE(std::sqrt(error / change));  // 0.07
  CHECK(error < 0.02 * change);
}

TEST_CASE("the training of an inverse depends on its seed and not on the threads, and can be stopped") {
  const auto a = blur<float>({.t = 2, .h = 16, .w = 16, .f = 3});
  const TiedAutoencoder<float> net{.filters = {4, 8}};
  const auto trained = [&](int threads, std::uint64_t seed, int steps, int stop) {
    Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
    train_inverse(Cpu{.threads = threads}, net, a, 0.3f, weights.span(),
                  {.steps = steps, .seed = seed, .callback = [&](int step, double) { return step < stop; }});
    return weights;
  };
  const auto same = [](const auto& x, const auto& y) { return std::ranges::equal(x, y); };
  REQUIRE(same(trained(1, 1, 4, 9), trained(2, 1, 4, 9)));
  REQUIRE_FALSE(same(trained(1, 1, 4, 9), trained(1, 2, 4, 9)));
  REQUIRE_FALSE(same(trained(1, 1, 4, 9), trained(1, 1, 4, 2)));
}

TEST_CASE("the training of an inverse refuses what does not fit and stops at what is no number") {
  const auto a = blur<float>({.h = 16, .w = 16, .f = 3});
  const TiedAutoencoder<float> net{.filters = {4}};
  Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  const auto run = [&](float rho, const InverseTraining& options) {
    train_inverse(Cpu{}, net, a, rho, weights.span(), options);
  };
  REQUIRE_THROWS_WITH(run(0, {}), ContainsSubstring("rho is 0"));
  REQUIRE_THROWS_WITH(run(1, {.steps = -1}), ContainsSubstring("-1 steps"));
  REQUIRE_THROWS_WITH(run(1, {.optimizer = {.learning_rate = 0}}), ContainsSubstring("learning rate"));
  REQUIRE_THROWS_AS(train_inverse(Cpu{}, net, a, 1.f, weights.span().first(3)), ShapeError);
  REQUIRE_THROWS_AS(train_inverse(Cpu{}, net, blur<float>({.h = 16, .w = 16}), 1.f, weights.span()), ShapeError);
  weights[5] = std::numeric_limits<float>::infinity();
  const Buffer<float> before = weights;
  REQUIRE_THROWS_WITH(run(1, {}), ContainsSubstring("in step 1"));
  REQUIRE(std::ranges::equal(weights, before));
}

}  // namespace noise_inversion_test
