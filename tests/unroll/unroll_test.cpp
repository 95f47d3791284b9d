// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/unroll.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

using namespace videoonenet;

namespace {

template <class T>
struct Inpainting {
  Shape shape{.n = 2, .t = 3, .h = 5, .w = 4, .f = 3};
  Mask<T> a = [this] {
    Random random(7);
    Buffer<T> mask(shape.size());
    for (T& m : mask) m = random.uniform() < 0.5;
    return Mask<T>(shape, std::move(mask));
  }();
  Buffer<T> y = [this] {
    Random random(8);
    Buffer<T> x(shape.size()), measured(shape.size());
    for (T& v : x) v = static_cast<T>(random.uniform());
    a.apply(Cpu{}, x.span(), measured.span());
    return measured;
  }();
};

}  // namespace

TEMPLATE_TEST_CASE("unroll<K> equals K iterations of admm bit for bit", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const L1<T> prior{.lambda = T(0.05)};
  for (T relaxation : {T(1), T(1.6)}) {
    Tensor<T> classical(problem.shape), unrolled(problem.shape);
    admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y, classical.view(),
         {.rho = T(0.3), .iterations = 7, .tolerance = 0, .relaxation = relaxation});
    const auto net = unroll<7>(prior, LeastSquares{}, {.rho = T(0.3), .relaxation = relaxation});
    net(Cpu{}, problem.a, problem.y.span(), unrolled.view());
    for (Index i = 0; i < classical.size(); ++i) REQUIRE(classical[i] == unrolled[i]);
  }
}
