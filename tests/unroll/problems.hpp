// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Small problems with known solutions that the tests of ADMM share.

#include "support/dense_solve.hpp"
#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace problems {

using namespace videoonenet;

template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

template <class T>
Eigen::Map<const Vector<T>> as_vector(std::span<const T> x) {
  return {x.data(), std::ssize(x)};
}
template <class T>
Eigen::Map<Vector<T>> as_vector(std::span<T> x) {
  return {x.data(), std::ssize(x)};
}

/// A as an Eigen matrix: a user's operator without a structure tag.
struct MatrixOperator {
  using value_type = double;
  Shape video;
  Eigen::MatrixXd matrix;
  Shape domain() const { return video; }
  Shape range() const { return flat_shape(matrix.rows()); }
  void apply(const Cpu&, std::span<const double> x, std::span<double> y) const { as_vector(y) = matrix * as_vector(x); }
  void apply_adjoint(const Cpu&, std::span<const double> y, std::span<double> x) const {
    as_vector(x) = matrix.transpose() * as_vector(y);
  }
};

/// The exact data step of a MatrixOperator by dense algebra, a user's own.
struct MatrixStep {
  struct Bound {
    const MatrixOperator& a;
    Eigen::VectorXd aty;
    void start(const Cpu&, View<double> z, View<double> u) {
      as_vector(z.flat()).setZero();
      as_vector(u.flat()).setZero();
    }
    void step(const Cpu&, double rho, View<const double> x, View<double> z, View<double> u) {
      const Eigen::Index n = a.matrix.cols();
      const Eigen::MatrixXd normal = a.matrix.transpose() * a.matrix + rho * Eigen::MatrixXd::Identity(n, n);
      as_vector(z.flat()) = support::dense_solve(normal, aty + rho * (as_vector(x.flat()) + as_vector(u.flat())));
      as_vector(u.flat()) += as_vector(x.flat()) - as_vector(z.flat());
    }
  };
  Bound bind(const Cpu&, const MatrixOperator& a, std::span<const double> y) const {
    return {a, a.matrix.transpose() * as_vector(y)};
  }
};

/// φ(x) = λ/2 ‖x‖², so that ADMM minimises a quadratic.
struct Ridge {
  using value_type = double;
  double lambda = 0.5;
  void apply(const Cpu&, View<const double> v, double tau, View<double> x) const {
    as_vector(x.flat()) = as_vector(v.flat()) / (1 + tau * lambda);
  }
};

/// Five measurements of a video of twelve entries, and the minimum (AᵀA + λI)⁻¹Aᵀy of ½‖y − Ax‖² + λ/2 ‖x‖².
struct RidgeProblem {
  MatrixOperator a{{.t = 2, .h = 3, .w = 2}, Eigen::MatrixXd(5, 12)};
  Buffer<double> y{Buffer<double>(5)};
  Ridge prior;
  Eigen::VectorXd solution;

  RidgeProblem() {
    Random random(3);
    random.fill_normal(std::span<double>(a.matrix.data(), 60));
    random.fill_normal(y.span());
    const Eigen::MatrixXd normal = a.matrix.transpose() * a.matrix + prior.lambda * Eigen::MatrixXd::Identity(12, 12);
    solution = support::dense_solve(normal, a.matrix.transpose() * as_vector(y.span()));
  }
};

/// Entries of a random batch of videos, half of them missing; with an ℓ1 prior the minimum is soft thresholding of y.
template <class T>
struct Inpainting {
  Shape shape;
  Mask<T> a;
  Buffer<T> y;

  explicit Inpainting(const Shape& video = {.n = 3, .t = 3, .h = 5, .w = 4, .f = 3})
      : shape(video), a(shape, half(shape.size())), y(shape.size()) {
    Random random(8);
    Buffer<T> x(shape.size());
    for (T& v : x) v = static_cast<T>(random.uniform());
    a.apply(Cpu{}, x.span(), y.span());
  }
  static Buffer<T> half(Index size) {
    Random random(7);
    Buffer<T> mask(size);
    for (T& m : mask) m = random.uniform() < 0.5;
    return mask;
  }
};

}  // namespace problems
