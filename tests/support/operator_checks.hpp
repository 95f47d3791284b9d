// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every operator's test asks: its adjoint, its matrix, and independence of the number of threads.

#include <cstring>
#include <vector>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/testing/check_adjoint.hpp"
#include "videoonenet/testing/dense_matrix.hpp"

namespace operator_checks {

using namespace videoonenet;

/// Odd, even and degenerate single videos.
inline std::vector<Shape> shapes() {
  return {{.t = 5, .h = 13, .w = 11, .f = 3}, {.t = 9, .h = 14, .w = 14, .f = 1}, {.t = 4, .h = 8, .w = 6, .f = 2},
          {.t = 1, .h = 5, .w = 12, .f = 3},  {.t = 2, .h = 1, .w = 7, .f = 4},   {.t = 3, .h = 6, .w = 1, .f = 1},
          {.t = 1, .h = 1, .w = 1, .f = 1}};
}

/// Large enough for the kernels to split the work over threads, with odd remainders.
inline Shape large_shape(Index channels = 3) { return {.t = 5, .h = 126, .w = 84, .f = channels}; }

/// What a scalar type should agree to, relative to the largest entry.
template <class T>
constexpr double tolerance() {
  return std::is_same_v<T, float> ? 2e-6 : 1e-13;
}

template <class T>
Buffer<T> gaussian(Index size, std::uint64_t seed) {
  Buffer<T> values(size);
  Random(seed).fill_normal(values.span());
  return values;
}

template <class T>
Tensor<T> gaussian(const Shape& shape, std::uint64_t seed) {
  Tensor<T> values(shape);
  Random(seed).fill_normal(values.flat());
  return values;
}

template <class A>
Buffer<typename A::value_type> applied(const A& a, const Buffer<typename A::value_type>& x, const Cpu& ex = {}) {
  Buffer<typename A::value_type> y(Shape(a.range()).size());
  a.apply(ex, x.span(), y.span());
  return y;
}

template <class A>
Buffer<typename A::value_type> adjoint_applied(const A& a, const Buffer<typename A::value_type>& y,
                                               const Cpu& ex = {}) {
  Buffer<typename A::value_type> x(Shape(a.domain()).size());
  a.apply_adjoint(ex, y.span(), x.span());
  return x;
}

template <class T>
Eigen::VectorXd as_vector(const Buffer<T>& values) {
  Eigen::VectorXd v(values.size());
  for (Index i = 0; i < values.size(); ++i) v(i) = double(values[i]);
  return v;
}

/// A and its adjoint equal `expected`, a matrix written from the definition, and each other.
template <class A>
void require_operator(const A& a, const Eigen::MatrixXd& expected) {
  using T = typename A::value_type;
  const auto report = testing::check_adjoint(a);
  INFO(report);
  REQUIRE(report.passed);
  const Eigen::MatrixXd matrix = testing::dense_matrix(a);
  REQUIRE(matrix.rows() == expected.rows());
  REQUIRE(matrix.cols() == expected.cols());
  REQUIRE((matrix - expected).cwiseAbs().maxCoeff() <= tolerance<T>() * expected.cwiseAbs().maxCoeff());
  const auto y = gaussian<T>(expected.rows(), 77);
  const Eigen::VectorXd x = expected.transpose() * as_vector(y);
  REQUIRE((as_vector(adjoint_applied(a, y)) - x).norm() <= tolerance<T>() * expected.norm() * as_vector(y).norm());
}

/// One thread and two (and three) give the same bits, forward and adjoint.
template <class A>
void require_same_bits(const A& a) {
  using T = typename A::value_type;
  const auto x = gaussian<T>(Shape(a.domain()).size(), 5), y = gaussian<T>(Shape(a.range()).size(), 6);
  const auto ax = applied(a, x, Cpu{.threads = 1}), aty = adjoint_applied(a, y, Cpu{.threads = 1});
  for (int threads : {2, 3}) {
    const Cpu ex{.threads = threads};
    const auto other_ax = applied(a, x, ex), other_aty = adjoint_applied(a, y, ex);
    REQUIRE(std::memcmp(ax.data(), other_ax.data(), sizeof(T) * static_cast<std::size_t>(ax.size())) == 0);
    REQUIRE(std::memcmp(aty.data(), other_aty.data(), sizeof(T) * static_cast<std::size_t>(aty.size())) == 0);
  }
  const auto report = testing::check_adjoint(a, {}, Cpu{.threads = 2});
  INFO(report);
  REQUIRE(report.passed);
}

/// Wrong sizes of x and y are refused before any work.
template <class A>
void require_size_checks(const A& a) {
  using T = typename A::value_type;
  Buffer<T> x(Shape(a.domain()).size()), y(Shape(a.range()).size()), longer_x(x.size() + 1), longer_y(y.size() + 1);
  REQUIRE_THROWS_AS(a.apply(Cpu{}, longer_x.span(), y.span()), ShapeError);
  REQUIRE_THROWS_AS(a.apply(Cpu{}, x.span(), longer_y.span()), ShapeError);
  REQUIRE_THROWS_AS(a.apply_adjoint(Cpu{}, longer_y.span(), x.span()), ShapeError);
  REQUIRE_THROWS_AS(a.apply_adjoint(Cpu{}, y.span(), longer_x.span()), ShapeError);
}

/// The structure of AᵀA and AAᵀ is checked up to this extent: larger products cost more than they would find.
inline constexpr Index gram_limit = 500;

/// structure::Diagonal: AᵀA is diagonal and normal_diagonal() is its diagonal.
template <class A>
void require_diagonal(const A& a) {
  static_assert(std::is_same_v<structure_of<A>, structure::Diagonal>);
  Buffer<typename A::value_type> diagonal(a.normal_diagonal());
  REQUIRE(diagonal.size() == Shape(a.domain()).size());
  if (diagonal.size() > gram_limit) return;
  const Eigen::MatrixXd matrix = testing::dense_matrix(a), normal = matrix.transpose() * matrix;
  REQUIRE((normal - Eigen::MatrixXd(as_vector(diagonal).asDiagonal())).cwiseAbs().maxCoeff() == 0);
}

/// structure::TightFrame: AAᵀ = frame_bound() I.
template <class A>
void require_tight_frame(const A& a) {
  static_assert(std::is_same_v<structure_of<A>, structure::TightFrame>);
  if (Shape(a.range()).size() > gram_limit) return;
  const Eigen::MatrixXd matrix = testing::dense_matrix(a), gram = matrix * matrix.transpose();
  const double bound = double(a.frame_bound());
  REQUIRE((gram - bound * Eigen::MatrixXd::Identity(gram.rows(), gram.cols())).cwiseAbs().maxCoeff() <=
          tolerance<typename A::value_type>() * bound);
}

/// structure::CirculantGram: AAᵀ does not mix frames or channels of the range, is the same for every frame, and depends
/// on the difference of positions mod the range's extents only.
template <class A>
void require_circulant_gram(const A& a) {
  static_assert(std::is_same_v<structure_of<A>, structure::CirculantGram>);
  if (Shape(a.range()).size() > gram_limit) return;
  const Eigen::MatrixXd matrix = testing::dense_matrix(a), gram = matrix * matrix.transpose();
  const Shape r = a.range();
  double error = 0;
  for (Index t = 0; t < r.t; ++t)
    for (Index h = 0; h < r.h; ++h)
      for (Index w = 0; w < r.w; ++w)
        for (Index f = 0; f < r.f; ++f)
          for (Index t2 = 0; t2 < r.t; ++t2)
            for (Index h2 = 0; h2 < r.h; ++h2)
              for (Index w2 = 0; w2 < r.w; ++w2)
                for (Index f2 = 0; f2 < r.f; ++f2) {
                  const Index dh = (h2 - h + r.h) % r.h, dw = (w2 - w + r.w) % r.w;
                  const double expected =
                      t == t2 && f == f2 ? gram(r.offset(0, 0, 0, 0, f), r.offset(0, 0, dh, dw, f)) : 0;
                  error =
                      std::max(error, std::abs(gram(r.offset(0, t, h, w, f), r.offset(0, t2, h2, w2, f2)) - expected));
                }
  REQUIRE(error <= tolerance<typename A::value_type>() * gram.cwiseAbs().maxCoeff());
}

}  // namespace operator_checks
