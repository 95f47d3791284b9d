// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/loss/logistic_loss.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace logistic_loss_test {

using namespace videoonenet;

namespace {

const Shape four{.n = 4, .h = 1, .w = 1};

double loss_of(std::initializer_list<double> logits, double label) {
  const Tensor<double> l({.n = std::ssize(logits), .h = 1, .w = 1}, Buffer<double>(logits).span());
  return LogisticLoss{}.value(Cpu{}, l.view(), label);
}

}  // namespace

TEMPLATE_TEST_CASE("the logistic loss of four logits and its gradient", "", float, double) {
  using T = TestType;
  const double log3 = std::log(3.0);  // σ(log 3) = 3/4, σ(−log 3) = 1/4
  const Tensor<T> l(four, Buffer<T>{0, T(log3), T(-log3), 0}.span());
  Tensor<T> grad(four);
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  // −log ½, −log ¾, −log ¼, −log ½ where all are true
  CHECK(LogisticLoss{}.value(Cpu{}, l.view(), 1) == Approx(std::log(2 * 4 / 3.0 * 4 * 2) / 4).epsilon(tolerance));
  CHECK(LogisticLoss{}.value(Cpu{}, l.view(), 0.5) ==
        Approx((2 * std::log(2.0) + 2 * std::log(4 / std::sqrt(3.0))) / 4).epsilon(tolerance));
  LogisticLoss{}.gradient(Cpu{}, l.view(), 0.25, 8, grad.view());  // (σ − ¼) · 8/4
  const std::array expected{0.5, 1.0, 0.0, 0.5};
  for (Index i = 0; i < 4; ++i) CHECK(double(grad[i]) == Approx(expected[std::size_t(i)]).margin(tolerance));
}

TEST_CASE("the logistic loss and its gradient are right for logits of any size") {
  CHECK(loss_of({1000}, 0.99) == Approx(10));
  CHECK(loss_of({-1000}, 0.99) == Approx(990));
  CHECK(loss_of({1e300}, 0) == 1e300);
  CHECK(loss_of({-1e300}, 0) == 0);
  CHECK(loss_of({1e300}, 1) == 0);
  CHECK(loss_of({-40}, 0) == Approx(std::exp(-40)).epsilon(1e-12));
  const Tensor<double> l(four, Buffer<double>{-1e300, -750, 750, 1e300}.span());
  Tensor<double> grad(four);
  LogisticLoss{}.gradient(Cpu{}, l.view(), 0.01, 4, grad.view());
  const std::array expected{-0.01, -0.01, 0.99, 0.99};
  for (Index i = 0; i < 4; ++i) CHECK(grad[i] == Approx(expected[std::size_t(i)]).epsilon(1e-14));
  const Tensor<float> extreme(four, Buffer<float>{-1e38f, -100, 100, 1e38f}.span());
  CHECK(LogisticLoss{}.value(Cpu{}, extreme.view(), 0.01) == Approx((0.01 * 1e38 + 0.99 * 1e38) / 4).epsilon(1e-6));
}

TEST_CASE("the logistic loss's gradient is its derivative, and smallest where the logit is the label's") {
  const Shape shape{.n = 3, .t = 2, .h = 1, .w = 1};
  Random random(7);
  Tensor<double> l(shape), grad(shape);
  random.fill_normal(l.flat(), 4);
  for (const double label : {0.01, 0.85, 0.99}) {
    LogisticLoss{}.gradient(Cpu{}, l.view(), label, 1, grad.view());
    for (Index i = 0; i < l.size(); ++i) {
      constexpr double h = 1e-5;
      Tensor<double> ahead = l, behind = l;
      ahead[i] += h, behind[i] -= h;
      const double rise =
          LogisticLoss{}.value(Cpu{}, ahead.view(), label) - LogisticLoss{}.value(Cpu{}, behind.view(), label);
      CHECK(grad[i] == Approx(rise / (2 * h)).margin(1e-10));
    }
    const double best = std::log(label / (1 - label));
    CHECK(loss_of({best}, label) == Approx(-label * std::log(label) - (1 - label) * std::log(1 - label)));
    CHECK(loss_of({best}, label) < std::min(loss_of({best + 0.1}, label), loss_of({best - 0.1}, label)));
  }
  Tensor<double> other(Shape{.n = 2, .h = 1, .w = 1});
  CHECK_THROWS_AS(LogisticLoss{}.gradient(Cpu{}, l.view(), 1, 1, other.view()), ShapeError);
}

}  // namespace logistic_loss_test
