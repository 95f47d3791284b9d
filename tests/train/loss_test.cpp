// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/loss/loss.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace loss_test {

using namespace videoonenet;

static_assert(Loss<MeanSquaredError, float> && Loss<MeanSquaredError, double>);
static_assert(Loss<MeanAbsoluteError, float> && Loss<MeanAbsoluteError, double>);
static_assert(Loss<NegativePsnr, float> && Loss<NegativePsnr, double>);
static_assert(!Loss<Cpu, float>);

TEMPLATE_TEST_CASE("losses and their gradients on a video of four entries", "", float, double) {
  using T = TestType;
  const Shape shape{.h = 2, .w = 2};
  const Tensor<T> truth(shape, Buffer<T>{0, 1, T(0.5), 0}.span()), z(shape, Buffer<T>{2, 1, 0, -1}.span());
  Tensor<T> grad(shape);
  CHECK(MeanSquaredError{}.value(Cpu{}, z.view(), truth.view()) == (4 + 0 + 0.25 + 1) / 4);
  MeanSquaredError{}.gradient(Cpu{}, z.view(), truth.view(), T(10), grad.view());
  CHECK(std::vector<T>(grad.flat().begin(), grad.flat().end()) == std::vector<T>{10, 0, T(-2.5), -5});

  CHECK(MeanAbsoluteError{}.value(Cpu{}, z.view(), truth.view()) == (2 + 0 + 0.5 + 1) / 4);
  MeanAbsoluteError{}.gradient(Cpu{}, z.view(), truth.view(), T(4), grad.view());
  CHECK(std::vector<T>(grad.flat().begin(), grad.flat().end()) == std::vector<T>{1, 0, -1, -1});

  const Tensor<T> other(Shape{.h = 4});
  CHECK_THROWS_AS(MeanSquaredError{}.value(Cpu{}, other.view(), truth.view()), ShapeError);
  CHECK_THROWS_AS(MeanAbsoluteError{}.value(Cpu{}, other.view(), truth.view()), ShapeError);
  CHECK_THROWS_AS(NegativePsnr{}.value(Cpu{}, other.view(), truth.view()), ShapeError);
}

TEST_CASE("minus the PSNR is finite where nothing differs, and every video's own") {
  const Shape two{.n = 2, .w = 4};
  const Tensor<double> truth(two), same(two), z(two, Buffer<double>{0, 0, 0, 0, 0.1, 0.1, -0.1, 0.1}.span());
  CHECK(NegativePsnr{}.value(Cpu{}, same.view(), truth.view()) == Approx(-60));
  CHECK(NegativePsnr{.floor = 1e-12}.value(Cpu{}, z.view(), truth.view()) == Approx((-120 - 20) / 2));
  Tensor<double> grad(two);
  NegativePsnr{.floor = 0.01}.gradient(Cpu{}, z.view(), truth.view(), 1.0, grad.view());
  const double expected = 20 / std::log(10.0) * 0.1 / (4 * (0.01 + 0.01)) / 2;
  for (Index i = 0; i < 4; ++i) CHECK(grad.flat()[i] == 0);
  for (Index i = 4; i < 8; ++i) CHECK(grad.flat()[i] == Approx(i == 6 ? -expected : expected));
}

TEMPLATE_TEST_CASE("a loss's gradient is its derivative, and the loss of a batch the mean over its videos", "",
                   MeanSquaredError, MeanAbsoluteError, NegativePsnr) {
  const TestType loss;
  const Shape shape{.n = 3, .t = 2, .h = 5, .w = 3, .f = 2};
  Random random(7);
  Tensor<double> truth(shape), z(shape), direction(shape), grad(shape);
  for (auto* video : {&truth, &z, &direction}) random.fill_normal(video->flat());
  loss.gradient(Cpu{}, z.view(), truth.view(), 1.0, grad.view());
  const double slope = cpu::dot(Cpu{}, std::span<const double>(grad.flat()), direction.flat());
  constexpr double h = 1e-6;
  Tensor<double> ahead = z, behind = z;
  cpu::axpby(Cpu{}, h, direction.flat(), 1.0, ahead.flat());
  cpu::axpby(Cpu{}, -h, direction.flat(), 1.0, behind.flat());
  CHECK(
      slope ==
      Approx((loss.value(Cpu{}, ahead.view(), truth.view()) - loss.value(Cpu{}, behind.view(), truth.view())) / (2 * h))
          .epsilon(1e-7));

  double mean = 0;
  for (Index n = 0; n < 3; ++n) mean += loss.value(Cpu{}, z.view().sample(n), truth.view().sample(n)) / 3;
  CHECK(loss.value(Cpu{}, z.view(), truth.view()) == Approx(mean).epsilon(1e-14));
}

}  // namespace loss_test
