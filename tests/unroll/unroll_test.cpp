// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/unroll.hpp"

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

namespace unroll_test {

using namespace problems;

TEMPLATE_TEST_CASE("unroll<K> equals K iterations of admm bit for bit", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const L1<T> prior{.lambda = T(0.05)};
  for (T relaxation : {T(1), T(1.6)}) {
    Tensor<T> classical(problem.shape), unrolled(problem.shape);
    admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(), classical.view(),
         {.rho = T(0.3), .iterations = 7, .tolerance = 0, .relaxation = relaxation});
    const auto net = unroll<7>(prior, LeastSquares{}, {.rho = T(0.3), .relaxation = relaxation});
    net(Cpu{}, problem.a, problem.y.span(), unrolled.view());
    for (Index i = 0; i < classical.size(); ++i) REQUIRE(classical[i] == unrolled[i]);
  }
}

TEST_CASE("an unrolled network keeps its parts and their options") {
  const auto net = unroll<3>(L1<float>{.lambda = 0.2f}, LeastSquares{}, {.rho = 0.7f, .relaxation = 1.2f});
  STATIC_REQUIRE(net.iterations() == 3);
  REQUIRE(net.prior().lambda == 0.2f);
  REQUIRE(net.data_step().start == LeastSquares::Start::pseudo_inverse);
  REQUIRE((net.parameters().rho == 0.7f && net.parameters().relaxation == 1.2f));
}

TEST_CASE("the result of an unrolled network may be the memory of the measurement") {
  const Inpainting<float> problem;
  const auto net = unroll<4>(L1<float>{}, LeastSquares{});
  Tensor<float> apart(problem.shape), both(problem.shape, problem.y.span());
  net(Cpu{}, problem.a, problem.y.span(), apart.view());
  net(Cpu{}, problem.a, both.flat(), both.view());
  for (Index i = 0; i < both.size(); ++i) REQUIRE(both[i] == apart[i]);
}

TEST_CASE("one network solves problems of any shape, one after the other") {
  const auto net = unroll<2>(L1<double>{.lambda = 0}, LeastSquares{});
  for (Index w : {1, 7}) {
    const Shape shape{.h = 2, .w = w};
    Buffer<double> ones(shape.size()), y(shape.size());
    std::ranges::fill(ones, 1);
    std::ranges::fill(y, 0.25);
    Tensor<double> z(shape);
    net(Cpu{}, Mask<double>(shape, ones), y.span(), z.view());
    for (Index i = 0; i < z.size(); ++i) REQUIRE(z[i] == Approx(0.25));
  }
}

TEST_CASE("unusable parameters and shapes are refused") {
  const Inpainting<double> problem;
  REQUIRE_THROWS_WITH(unroll<2>(L1<double>{}, LeastSquares{}, {.rho = 0}),
                      "unroll: rho is 0, expected a positive number");
  REQUIRE_THROWS_AS(unroll<2>(L1<double>{}, LeastSquares{}, {.relaxation = 2}), InputError);
  const auto net = unroll<2>(L1<double>{}, LeastSquares{});
  Tensor<double> z(problem.shape), flat(flat_shape(problem.shape.size()));
  REQUIRE_THROWS_AS(net(Cpu{}, problem.a, problem.y.span(), flat.view()), ShapeError);
  REQUIRE_THROWS_AS(net(Cpu{}, problem.a, problem.y.span().first(3), z.view()), ShapeError);
}

}  // namespace unroll_test
