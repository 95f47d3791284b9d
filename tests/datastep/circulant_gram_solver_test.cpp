// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver.hpp"

#include "support/catch.hpp"
#include "support/dense_solve.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/testing/dense_matrix.hpp"

namespace circulant_gram_solver_test {

using namespace videoonenet;

namespace {

template <class T>
constexpr double required = std::is_same_v<T, float> ? 1e-5 : 1e-10;

template <class T>
Tensor<T> random_kernels(Index k, Index channels) {
  Tensor<T> kernels(Shape{.h = k, .w = k, .f = channels});
  Random random(11);
  for (Index i = 0; i < kernels.size(); ++i) kernels[i] = static_cast<T>(random.uniform());
  return kernels;
}

template <class T>
Eigen::VectorXd as_vector(const Buffer<T>& values) {
  Eigen::VectorXd v(values.size());
  for (Index i = 0; i < values.size(); ++i) v[i] = double(values[i]);
  return v;
}

template <class T>
Buffer<T> random_buffer(Index size, std::uint64_t seed) {
  Buffer<T> values(size);
  Random random(seed);
  random.fill_normal(values.span());
  return values;
}

/// The data step and the pseudo-inverse against the dense ones.
template <class A>
void check_against_dense(const A& a) {
  using T = typename A::value_type;
  const Index n = Shape(a.domain()).size(), d = Shape(a.range()).size();
  const Eigen::MatrixXd m = testing::dense_matrix(a);
  const Buffer<T> b = random_buffer<T>(n, 1), y = random_buffer<T>(d, 2);
  NormalSolver<A> solver(Cpu{.threads = 2}, a);
  Buffer<T> z(n);
  for (T rho : {T(1e-3), T(0.3), T(10)}) {
    solver.solve(Cpu{.threads = 2}, rho, b.span(), z.span());
    const Eigen::VectorXd expected = support::dense_normal_solve(m, double(rho), as_vector(b));
    CHECK((as_vector(z) - expected).norm() < required<T> * expected.norm());
  }
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  const Eigen::VectorXd expected = support::dense_pseudo_inverse(m, as_vector(y));
  CHECK((as_vector(z) - expected).norm() < required<T> * expected.norm());
  CHECK(solver.memory_bytes() < 10'000'000);
}

/// A stride-1 "blur" whose frames or channels leak into the next.
struct Leaking {
  using value_type = double;
  using structure_tag = structure::CirculantGram;
  Shape shape{.t = 2, .h = 2, .w = 2, .f = 2};
  Index step;
  Shape domain() const { return shape; }
  Shape range() const { return shape; }
  template <class Ex>
  void apply(const Ex&, std::span<const double> x, std::span<double> y) const {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] + 0.5 * x[(i + static_cast<std::size_t>(step)) % x.size()];
  }
  template <class Ex>
  void apply_adjoint(const Ex&, std::span<const double> y, std::span<double> x) const {
    const std::size_t n = y.size(), s = static_cast<std::size_t>(step);
    for (std::size_t i = 0; i < n; ++i) x[i] = y[i] + 0.5 * y[(i + n - s) % n];
  }
};

/// Circulant gram per frame, each channel with its own gain, and rows that are not shifts of one another: signs
/// alternate over the pixels of the domain, which AAᵀ does not see.
template <class T>
struct SignedGains {
  using value_type = T;
  using structure_tag = structure::CirculantGram;
  Shape shape{.t = 3, .h = 3, .w = 4, .f = 2};
  Shape domain() const { return shape; }
  Shape range() const { return shape; }
  template <class Ex>
  void apply(const Ex&, std::span<const T> x, std::span<T> y) const {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t pixel = i / 2 % 12, next = i - 2 * (pixel % 4) + 2 * ((pixel + 1) % 4);
      y[i] = gain(i) * (sign(i) * x[i] + T(0.5) * sign(next) * x[next]);
    }
  }
  template <class Ex>
  void apply_adjoint(const Ex&, std::span<const T> y, std::span<T> x) const {
    std::ranges::fill(x, T(0));
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t pixel = i / 2 % 12, next = i - 2 * (pixel % 4) + 2 * ((pixel + 1) % 4);
      x[i] += gain(i) * sign(i) * y[i];
      x[next] += gain(i) * T(0.5) * sign(next) * y[i];
    }
  }
  static T gain(std::size_t i) { return i % 2 == 0 ? T(1) : T(0.25); }
  static T sign(std::size_t i) { return i / 2 % 3 == 0 ? T(-1) : T(1); }
};

}  // namespace

TEMPLATE_TEST_CASE("the strided blur's data step equals the dense solve and pseudo-inverse", "", float, double) {
  using T = TestType;
  check_against_dense(StridedBlur<T>({.t = 2, .h = 12, .w = 15, .f = 1}, gaussian_kernel<T>(3, 1.0), 3));
  check_against_dense(StridedBlur<T>({.t = 3, .h = 6, .w = 10, .f = 3}, line_kernel<T>(5, 30), 2));
  check_against_dense(StridedBlur<T>({.t = 1, .h = 8, .w = 12, .f = 1}, gaussian_kernel<T>(3, 0.6), 4));
  check_against_dense(StridedBlur<T>({.t = 1, .h = 5, .w = 7, .f = 1}, gaussian_kernel<T>(3, 0.6), 1));
  check_against_dense(StridedBlur<T>({.t = 2, .h = 3, .w = 3, .f = 1}, gaussian_kernel<T>(5, 1.0), 3));
}

TEMPLATE_TEST_CASE("the grey strided blur's data step equals the dense solve and pseudo-inverse", "", float, double) {
  using T = TestType;
  check_against_dense(GrayStridedBlur<T>({.t = 5, .h = 10, .w = 6, .f = 3}, random_kernels<T>(3, 3), 2));
  check_against_dense(GrayStridedBlur<T>({.t = 17, .h = 4, .w = 4, .f = 2}, random_kernels<T>(2, 2), 2));
}

TEMPLATE_TEST_CASE("channels may have eigenvalues of their own, and rows need not be shifts of each other", "", float,
                   double) {
  check_against_dense(SignedGains<TestType>{});
}

TEMPLATE_TEST_CASE("the pseudo-inverse is zero where the response vanishes", "", float, double) {
  using T = TestType;
  // A 2×2 mean at stride 1 on even sizes: the response vanishes at the highest frequencies.
  check_against_dense(StridedBlur<T>({.t = 2, .h = 4, .w = 6, .f = 1}, flat_kernel<T>(2), 1));
  // Nothing is measured at all.
  const StridedBlur<T> nothing({.t = 1, .h = 4, .w = 4, .f = 1}, Tensor<T>(Shape{.h = 3, .w = 3}), 2);
  NormalSolver<StridedBlur<T>> solver(Cpu{}, nothing);
  const Buffer<T> y = random_buffer<T>(4, 3), b = random_buffer<T>(16, 4);
  Buffer<T> z(16);
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  for (T v : z) CHECK(v == T(0));
  solver.solve(Cpu{}, T(0.5), b.span(), z.span());
  for (Index i = 0; i < 16; ++i) CHECK(z[i] == 2 * b[i]);
}

TEMPLATE_TEST_CASE("strided: threads do not change a bit, frames do not influence each other, zero stays zero", "",
                   float, double) {
  using T = TestType;
  const StridedBlur<T> a({.t = 7, .h = 8, .w = 12, .f = 3}, gaussian_kernel<T>(3, 1.0), 2);
  const Index n = a.domain().size(), frame = a.domain().frame_size(), still = 4;
  NormalSolver<StridedBlur<T>> solver(Cpu{.threads = 2}, a);
  Buffer<T> b = random_buffer<T>(n, 1), one(n), two(n);
  std::fill_n(b.data() + still * frame, frame, T(0));
  solver.solve(Cpu{.threads = 1}, T(0.3), b.span(), one.span());
  solver.solve(Cpu{.threads = 2}, T(0.3), b.span(), two.span());
  CHECK(std::ranges::equal(one, two));
  for (Index i = 0; i < frame; ++i) REQUIRE(one[still * frame + i] == T(0));
  for (Index i = 0; i < frame; ++i) b[i] *= T(1000);
  solver.solve(Cpu{}, T(0.3), b.span(), two.span());
  CHECK(std::equal(one.begin() + frame, one.end(), two.begin() + frame));
  CHECK_FALSE(std::equal(one.begin(), one.begin() + frame, two.begin()));
}

TEST_CASE("an operator whose gram couples frames or channels is refused in a sentence") {
  CHECK_THROWS_AS(NormalSolver<Leaking>(Cpu{}, Leaking{.step = 8}), InputError);
  CHECK_THROWS_AS(NormalSolver<Leaking>(Cpu{}, Leaking{.step = 1}), InputError);
}

TEST_CASE("circulant arguments that do not fit are refused in a sentence") {
  const StridedBlur<float> a({.t = 1, .h = 4, .w = 4, .f = 1}, gaussian_kernel<float>(3, 1.0), 2);
  NormalSolver<StridedBlur<float>> solver(Cpu{}, a);
  Buffer<float> z(16), small(3);
  CHECK_THROWS_AS(solver.solve(Cpu{}, 0.3f, small.span(), z.span()), ShapeError);
  CHECK_THROWS_AS(solver.solve(Cpu{}, -1.f, z.span(), small.span()), ShapeError);
  Buffer<float> b(16);
  CHECK_THROWS_AS(solver.solve(Cpu{}, -1.f, b.span(), z.span()), InputError);
  CHECK_THROWS_AS(solver.pseudo_inverse(Cpu{}, b.span(), z.span()), ShapeError);
}

}  // namespace circulant_gram_solver_test
