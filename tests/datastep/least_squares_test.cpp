// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/least_squares/least_squares.hpp"

#include "support/catch.hpp"
#include "support/dense_solve.hpp"
#include "support/small_matrix.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/operators/dense/dense.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace least_squares_test {

using namespace videoonenet;

namespace {

constexpr Shape shape{.t = 2, .h = 3, .w = 2, .f = 2};
constexpr Index n = shape.size(), d = 7;

template <class T>
Tensor<T> gaussian(const Shape& s, std::uint64_t seed) {
  Tensor<T> values(s);
  Random(seed).fill_normal(values.flat());
  return values;
}
template <class T>
Eigen::VectorXd wide(std::span<const T> v) {
  Eigen::VectorXd w(std::ssize(v));
  for (Index i = 0; i < w.size(); ++i) w(i) = double(v[static_cast<std::size_t>(i)]);
  return w;
}

template <class T>
struct Problem {
  Problem() : matrix(gaussian<T>(flat_shape(d * n), 1)), a(shape, d, Buffer<T>(std::as_const(matrix).flat())) {
    m = testing::dense_matrix(a);
  }
  std::span<const T> measurement() const { return y.flat(); }
  Tensor<T> matrix, y = gaussian<T>(flat_shape(d), 2);
  Dense<T> a;
  Eigen::MatrixXd m;
};

/// Counts constructions of its solver by way of the accessor that every construction reads.
template <class T>
struct Counted : Dense<T> {
  using Dense<T>::Dense;
  std::span<const T> matrix() const {
    ++factored;
    return Dense<T>::matrix();
  }
  mutable int factored = 0;
};

}  // namespace

TEMPLATE_TEST_CASE("The data step starts from the pseudo-inverse, or from the adjoint when asked to", "", float,
                   double) {
  using T = TestType;
  const Problem<T> p;
  Tensor<T> z(shape), u = gaussian<T>(shape, 9);
  auto paper = LeastSquares{}.bind(Cpu{}, p.a, p.measurement());
  paper.start(Cpu{}, z.view(), u.view());
  const Eigen::VectorXd y = wide(p.measurement());
  const Eigen::VectorXd expected = p.m.transpose() * support::dense_solve(p.m * p.m.transpose(), y);
  CHECK((wide<T>(z.flat()) - expected).norm() < 1e-6 * expected.norm());
  for (Index i = 0; i < n; ++i) CHECK(u[i] == T(0));

  auto code = LeastSquares{.start = LeastSquares::Start::adjoint}.bind(Cpu{}, p.a, p.measurement());
  code.start(Cpu{}, z.view(), u.view());
  CHECK((wide<T>(z.flat()) - p.m.transpose() * y).norm() < 1e-6 * z.size());
  CHECK(std::ranges::equal(z.flat(), code.adjoint_measurement()));
}

TEMPLATE_TEST_CASE("A step is the paper's: least squares, then u + x - z", "", float, double) {
  using T = TestType;
  const Problem<T> p;
  auto bound = LeastSquares{}.bind(Cpu{}, p.a, p.measurement());
  for (T rho : {T(1e-3), T(0.3), T(10)}) {
    const Tensor<T> x = gaussian<T>(shape, 3);
    Tensor<T> z(shape), u = gaussian<T>(shape, 4);
    const Eigen::VectorXd wx = wide<T>(x.flat()), wu = wide<T>(u.flat());
    bound.step(Cpu{}, rho, x.view(), z.view(), u.view());
    const Eigen::VectorXd expected = support::dense_normal_solve(
        p.m, double(rho), p.m.transpose() * wide(p.measurement()) + double(rho) * (wx + wu));
    // b itself is rounded to T, which the solve amplifies by at most its condition.
    const double tolerance = 4 * double(std::numeric_limits<T>::epsilon()) * (1 + p.m.squaredNorm() / double(rho));
    CHECK((wide<T>(z.flat()) - expected).norm() < tolerance * expected.norm());
    CHECK((wide<T>(u.flat()) - (wu + wx - wide<T>(z.flat()))).norm() < 1e-5);
    CHECK(bound.certificate(Cpu{}, rho, z.view()).residual < tolerance);
  }
}

TEMPLATE_TEST_CASE("A bound step takes another measurement without another factor, or another problem", "", float,
                   double) {
  using T = TestType;
  const Problem<T> p;
  const Counted<T> first(shape, d, Buffer<T>(p.matrix.flat())),
      second(shape, d, Buffer<T>(gaussian<T>(flat_shape(d * n), 7).flat()));
  const Tensor<T> y = gaussian<T>(flat_shape(d), 8), x = gaussian<T>(shape, 3);
  const auto stepped = [&](auto& bound) {
    Tensor<T> z(shape), u(shape);
    bound.start(Cpu{}, z.view(), u.view());
    const Tensor<T> start = z;
    bound.step(Cpu{}, T(0.3), x.view(), z.view(), u.view());
    return std::pair(start, z);
  };
  const auto require_as_bound_anew = [&](auto& bound, const Dense<T>& a) {
    auto anew = LeastSquares{}.bind(Cpu{}, a, y.flat());
    const auto [start, z] = stepped(bound);
    const auto [expected_start, expected_z] = stepped(anew);
    CHECK(std::ranges::equal(start.flat(), expected_start.flat()));
    CHECK(std::ranges::equal(z.flat(), expected_z.flat()));
    CHECK(std::ranges::equal(bound.adjoint_measurement(), anew.adjoint_measurement()));
  };
  auto bound = LeastSquares{}.bind(Cpu{}, first, p.measurement());
  stepped(bound);
  const int factored = first.factored;
  bound.rebind(Cpu{}, y.flat());
  CHECK(first.factored == factored);
  require_as_bound_anew(bound, first);
  bound.rebind(Cpu{}, second, y.flat());
  CHECK(second.factored > 0);
  require_as_bound_anew(bound, second);

  // what is refused changes nothing
  CHECK_THROWS_AS(bound.rebind(Cpu{}, y.flat().first(d - 1)), ShapeError);
  CHECK_THROWS_AS(bound.rebind(Cpu{}, first, y.flat().first(d - 1)), ShapeError);
  CHECK_THROWS_AS(bound.rebind(Cpu{}, Counted<T>(flat_shape(n), d, Buffer<T>(d * n)), y.flat()), ShapeError);
  require_as_bound_anew(bound, second);
}

TEMPLATE_TEST_CASE("An iterative solver's options and report are reached through the policy", "", float, double) {
  using T = TestType;
  const support::SmallMatrix<T> a(shape, flat_shape(d), 3);
  const Tensor<T> y = gaussian<T>(flat_shape(d), 2), x = gaussian<T>(shape, 3);
  auto free = LeastSquares{.solver = {.tolerance = 1e-5}}.bind(Cpu{}, a, y.flat());
  auto capped = LeastSquares{.solver = {.max_iterations = 1}}.bind(Cpu{}, a, y.flat());
  Tensor<T> z(shape), u(shape);
  free.step(Cpu{}, T(10), x.view(), z.view(), u.view());
  CHECK(free.report().converged);
  CHECK(free.certificate(Cpu{}, T(10), z.view()).residual < 1.1e-5);
  Tensor<T> w(shape), v(shape);
  capped.step(Cpu{}, T(10), x.view(), w.view(), v.view());
  CHECK(capped.report().iterations == 1);
  CHECK_FALSE(capped.report().converged);
}

TEMPLATE_TEST_CASE("Wrong shapes are refused before any work", "", float, double) {
  using T = TestType;
  const Problem<T> p;
  const Counted<T> counted(shape, d, Buffer<T>(p.matrix.flat()));
  CHECK_THROWS_AS((LeastSquares{}.bind(Cpu{}, counted, p.measurement().first(d - 1))), ShapeError);
  CHECK(counted.factored == 0);

  auto bound = LeastSquares{}.bind(Cpu{}, counted, p.measurement());
  CHECK(counted.factored > 0);
  Tensor<T> fits(shape), other(flat_shape(n));
  CHECK_THROWS_AS(bound.start(Cpu{}, other.view(), fits.view()), ShapeError);
  CHECK_THROWS_AS(bound.start(Cpu{}, fits.view(), other.view()), ShapeError);
  CHECK_THROWS_AS(bound.step(Cpu{}, T(1), other.view(), fits.view(), fits.view()), ShapeError);
  CHECK_THROWS_AS(bound.step(Cpu{}, T(1), fits.view(), other.view(), fits.view()), ShapeError);
  CHECK_THROWS_AS(bound.step(Cpu{}, T(1), fits.view(), fits.view(), other.view()), ShapeError);
}

TEMPLATE_TEST_CASE("The result may be the memory the measurement lies in", "", float, double) {
  using T = TestType;
  const Tensor<T> matrix = gaussian<T>(flat_shape(n * n), 5), y = gaussian<T>(shape, 6);
  const Dense<T> a(shape, n, Buffer<T>(matrix.flat()));  // square, so that z fits where y lies
  Tensor<T> apart(shape), shared = y;
  const AdmmOptions<T> options{.iterations = 5, .tolerance = 0};
  admm(Cpu{}, L1<T>{}, LeastSquares{}, a, y.flat(), apart.view(), options);
  admm(Cpu{}, L1<T>{}, LeastSquares{}, a, std::as_const(shared).flat(), shared.view(), options);
  CHECK(std::ranges::equal(apart.flat(), shared.flat()));
}

}  // namespace least_squares_test
