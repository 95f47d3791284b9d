// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/data_term.hpp"

#include <numeric>

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/proximal/quadratic/quadratic.hpp"
#include "videoonenet/unroll/primal_dual_hybrid_gradient.hpp"

namespace data_term_test {

using namespace problems;
using Eigen::VectorXd;

TEMPLATE_TEST_CASE("dual steps are what Moreau's identity makes of the data terms", "", float, double) {
  using T = TestType;
  const std::array<T, 6> y{T(0.5), T(-1), T(0), T(2), T(0.3), T(7)}, p{T(0.2), T(-0.4), T(1), T(0), T(-1), T(0.5)},
      az{T(0.4), T(1.5), T(0), T(1.75), T(-3), T(7)};
  std::array<T, 6> error, next;
  for (std::size_t i = 0; i < 6; ++i) error[i] = az[i] - y[i];
  for (const T sigma : {T(0.1), T(1), T(8)})
    for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error}) {
      detail::data_term_dual_step<Cpu, T>(Cpu{}, data_term, sigma, p, error, next);
      for (std::size_t i = 0; i < 6; ++i) {
        // prox_{σf*}(q) = q − σ prox_{f/σ}(q/σ), where the prox of f goes towards y
        const T q = p[i] + sigma * az[i], v = q / sigma;
        const T away = v - y[i], shrunk = std::max(std::abs(away) - 1 / sigma, T(0));
        const T x = data_term == DataTerm::squared_error ? (y[i] + sigma * v) / (1 + sigma)
                                                         : y[i] + std::copysign(shrunk, away);
        CAPTURE(sigma, i, static_cast<int>(data_term));
        CHECK(std::abs(next[i] - (q - sigma * x)) <= 100 * std::numeric_limits<T>::epsilon() * (1 + std::abs(q)));
      }
    }
}

TEST_CASE("the absolute error does not follow an outlier, the squared error does") {
  using T = float;  // whose rounding is seen
  // |z − y| + λ/2 (z − c)² an entry: y, but no further than 1/λ from c, and c where y is missing
  Inpainting<T> problem;
  const T lambda = 2, centre = T(0.4);
  const auto minimum = [&](DataTerm data_term, T y, bool seen) {
    if (!seen) return centre;
    if (data_term == DataTerm::squared_error) return (y + lambda * centre) / (1 + lambda);
    return centre + std::clamp(y - centre, -1 / lambda, 1 / lambda);
  };
  const Buffer<T> seen = Inpainting<T>::half(problem.shape.size());
  for (Index i = 0; i < problem.y.size(); i += 7) problem.y[i] = -5;
  Buffer<T> c(problem.shape.size());
  std::ranges::fill(c, centre);
  const Quadratic<T> prior{.lambda = lambda, .centre = c};
  for (const DataTerm data_term : {DataTerm::absolute_error, DataTerm::squared_error})
    for (const T tolerance : {T(5e-7), T(0)}) {  // zero: rounding is all that moves most of the time, and stays small
      Tensor<T> z(problem.shape);
      const auto report =
          primal_dual_hybrid_gradient(Cpu{}, prior, problem.a, problem.y.span(), z.view(),
                                      {.data_term = data_term, .iterations = 500, .tolerance = tolerance});
      CAPTURE(static_cast<int>(data_term), tolerance, report.iterations());
      REQUIRE(report.converged == (tolerance > 0));
      REQUIRE(std::max(report.history.back().primal, report.history.back().dual) < 1e-6);
      for (Index i = 0; i < z.size(); ++i)
        REQUIRE(std::abs(z[i] - minimum(data_term, problem.y[i], seen[i] > 0)) <= T(2e-5));
    }
}

TEST_CASE("what was measured five times becomes its median under the absolute error, its mean under the squared") {
  MatrixOperator a{{.h = 3, .w = 4}, Eigen::MatrixXd::Zero(60, 12)};
  Buffer<double> y(60);
  VectorXd median(12), mean(12);
  Random random(5);
  for (Index i = 0; i < 12; ++i) {
    std::array<double, 5> values;
    for (Index k = 0; k < 5; ++k) {
      a.matrix(12 * k + i, i) = 1;
      values[static_cast<std::size_t>(k)] = y[12 * k + i] = k < 2 ? 1000 * random.normal() : random.uniform();
    }
    std::ranges::sort(values);
    median[i] = values[2];
    mean[i] = std::accumulate(values.begin(), values.end(), 0.0) / 5;
  }
  const auto solve = [&](DataTerm data_term) {
    Tensor<double> z(a.video);
    REQUIRE(primal_dual_hybrid_gradient(Cpu{}, Ridge{.lambda = 0}, a, y.span(), z.view(),
                                        {.data_term = data_term, .iterations = 20000, .tolerance = 1e-12})
                .converged);
    return VectorXd(as_vector(z.flat()));
  };
  CHECK((solve(DataTerm::absolute_error) - median).lpNorm<Eigen::Infinity>() < 1e-8);
  CHECK((solve(DataTerm::squared_error) - mean).norm() < 1e-8 * mean.norm());
}

}  // namespace data_term_test
