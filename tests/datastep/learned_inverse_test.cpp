// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/dense_solve.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/nn/channel_dense/channel_dense.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/testing/dense_matrix.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace learned_inverse_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Shape picture{.h = 8, .w = 6};
constexpr double rho = 0.3;

Eigen::Map<const Eigen::VectorXd> as_vector(std::span<const double> x) { return {x.data(), std::ssize(x)}; }

/// A blurred and subsampled picture, and a "network" that is the inverse itself: one dense matrix.
struct Problem {
  StridedBlur<double> a = operator_of(picture);
  ChannelDense<double> net{.h = 4, .w = 3, .channels = 1};
  Eigen::MatrixXd matrix, inverse;
  Buffer<double> weights{Buffer<double>(144)}, y{Buffer<double>(12)};
  Tensor<double> x{picture}, u{picture};

  Problem() {
    matrix = testing::dense_matrix(a);
    const Eigen::MatrixXd gram = matrix * matrix.transpose() + rho * Eigen::MatrixXd::Identity(12, 12);
    inverse = support::dense_solve(gram, Eigen::MatrixXd::Identity(12, 12));
    std::copy_n(inverse.data(), 144, weights.data());  // symmetric
    Random random(3);
    random.fill_normal(x.flat());
    random.fill_normal(u.flat());
    random.fill_normal(y.span());
  }
  static StridedBlur<double> operator_of(const Shape& shape) {
    Tensor<double> kernel({.h = 3, .w = 3});
    Random random(1);
    for (double& k : kernel.flat()) k = 0.3 * random.uniform();
    return {shape, std::move(kernel), 2};
  }
  LearnedInverse<ChannelDense<double>> learned(InverseForm form) const { return {net, weights.span(), rho, form}; }
  /// (AᵀA + ρI)⁻¹(Aᵀy + ρ v).
  Eigen::VectorXd exact(const Eigen::VectorXd& v) const {
    const Eigen::MatrixXd normal = matrix.transpose() * matrix + rho * Eigen::MatrixXd::Identity(48, 48);
    return support::dense_solve(normal, matrix.transpose() * as_vector(y.span()) + rho * v);
  }
};

}  // namespace

TEST_CASE("with the inverse for a network a learned step is the exact one, in either form") {
  for (const auto form : {InverseForm::residual, InverseForm::normal}) {
    Problem p;
    auto step = p.learned(form).bind(Cpu{}, p.a, p.y.span());
    Tensor<double> z(picture), u(picture);
    step.start(Cpu{}, z.view(), u.view());
    REQUIRE((as_vector(z.flat()) - p.exact(Eigen::VectorXd::Zero(48))).norm() < 1e-12);
    REQUIRE(squared_norm(Cpu{}, std::as_const(u).flat()) == 0);

    const Eigen::VectorXd before = as_vector(p.u.flat());
    const Eigen::VectorXd expected = p.exact(as_vector(p.x.flat()) + before);
    step.step(Cpu{}, rho, std::as_const(p.x).view(), z.view(), p.u.view());
    REQUIRE((as_vector(z.flat()) - expected).norm() < 1e-12 * expected.norm());
    REQUIRE((as_vector(p.u.flat()) - (before + as_vector(p.x.flat()) - expected)).norm() < 1e-12);
    REQUIRE((as_vector(step.adjoint_measurement()) - p.matrix.transpose() * as_vector(p.y.span())).norm() < 1e-12);
  }
}

TEST_CASE("ADMM with a learned inverse goes where it goes with the exact one") {
  const Problem p;
  const L1<double> prior{.lambda = 0.05};
  Tensor<double> exact(picture), learned(picture);
  const AdmmOptions<double> options{.rho = rho, .iterations = 5000, .tolerance = 1e-12};
  REQUIRE(admm(Cpu{}, prior, LeastSquares{}, p.a, p.y.span(), exact.view(), options).converged);
  REQUIRE(admm(Cpu{}, prior, p.learned(InverseForm::residual), p.a, p.y.span(), learned.view(), options).converged);
  REQUIRE(squared_distance(Cpu{}, std::as_const(exact).flat(), std::as_const(learned).flat()) < 1e-18);
}

TEST_CASE("the residual form leaves alone what agrees with the measurement, the paper's form does not") {
  Problem p;
  for (double& w : p.weights) w *= 1.1;  // a network that errs
  p.a.apply(Cpu{}, std::as_const(p.x).flat(), p.y.span());
  fill(Cpu{}, 0.0, p.u.flat());
  double changes[2];
  for (const auto form : {InverseForm::residual, InverseForm::normal}) {
    auto step = p.learned(form).bind(Cpu{}, p.a, p.y.span());
    Tensor<double> z(picture), u(picture);
    step.step(Cpu{}, rho, std::as_const(p.x).view(), z.view(), u.view());
    changes[static_cast<int>(form)] = squared_distance(Cpu{}, std::as_const(p.x).flat(), std::as_const(z).flat());
  }
  CHECK(changes[0] < 1e-24);
  CHECK(changes[1] > 1e-2);
}

TEST_CASE("steps of a learned inverse allocate nothing") {
  Problem p;
  auto step = p.learned(InverseForm::residual).bind(Cpu{}, p.a, p.y.span());
  Tensor<double> z(picture);
  step.step(Cpu{}, rho, std::as_const(p.x).view(), z.view(), p.u.view());
  const long before = support::allocations;
  step.step(Cpu{}, rho, std::as_const(p.x).view(), z.view(), p.u.view());
  REQUIRE(support::allocations == before);
}

TEST_CASE("a learned inverse refuses what it was not made for") {
  Problem p;
  const auto bind = [&](const auto& learned, const auto& a) { learned.bind(Cpu{}, a, p.y.span()); };
  auto learned = p.learned(InverseForm::residual);
  auto step = learned.bind(Cpu{}, p.a, p.y.span());
  REQUIRE_THROWS_WITH(step.step(Cpu{}, 0.5, std::as_const(p.x).view(), p.x.view(), p.u.view()),
                      ContainsSubstring("trained for 0.3"));
  REQUIRE_THROWS_AS(learned.bind(Cpu{}, p.a, p.y.span().first(3)), ShapeError);
  REQUIRE_THROWS_AS(bind(learned, Problem::operator_of({.h = 6, .w = 8})), ShapeError);
  learned.weights = learned.weights.first(7);
  REQUIRE_THROWS_WITH(bind(learned, p.a), ContainsSubstring("the list of weights"));
  learned = p.learned(InverseForm::residual);
  learned.rho = 0;
  REQUIRE_THROWS_WITH(bind(learned, p.a), ContainsSubstring("rho is 0"));
}

}  // namespace learned_inverse_test
