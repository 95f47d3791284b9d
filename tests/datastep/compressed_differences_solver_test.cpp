// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/compressed_differences_solver/compressed_differences_solver.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing.hpp"

namespace compressed_differences_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

template <class T>
using Sensing = VideoCompressiveSensing<T>;

template <class T>
Sensing<T> sensing(const Shape& shape, Index measurements) {
  return {shape, measurements, gaussian<T>(measurements * shape.h * shape.w, 3, 1 / std::sqrt(double(measurements)))};
}

/// Φ with integer entries whose rows repeat the first `rank`.
template <class T>
Sensing<T> deficient(const Shape& shape, Index measurements, Index rank) {
  Random random(9);
  const Index pixels = shape.h * shape.w;
  Buffer<T> phi(measurements * pixels);
  for (Index i = 0; i < measurements; ++i)
    for (Index j = 0; j < pixels; ++j)
      phi[i * pixels + j] = i < rank ? static_cast<T>(random.integer(7) - 3) : phi[(i - rank) * pixels + j];
  return {shape, measurements, std::move(phi)};
}

}  // namespace

TEMPLATE_TEST_CASE("The data step of video compressive sensing equals the dense one", "", float, double) {
  using T = TestType;
  for (Index measurements : {1, 2, 11}) require_data_step(sensing<T>(small_shape, measurements));
  require_data_step(sensing<T>({.t = 4, .h = 5, .w = 7, .f = 1}, 4));
  require_data_step(sensing<T>({.t = 2, .h = 3, .w = 3, .f = 7}, 2));
}

TEMPLATE_TEST_CASE("One frame, more measurements than pixels, a Phi without full rank, a zero Phi", "", float, double) {
  using T = TestType;
  require_data_step(sensing<T>({.t = 1, .h = 4, .w = 5, .f = 2}, 3));
  require_data_step(sensing<T>({.t = 3, .h = 2, .w = 3, .f = 2}, 17));
  require_data_step(deficient<T>(small_shape, 9, 4));
  require_data_step(Sensing<T>(small_shape, 2, Buffer<T>(2 * 20)));

  const Sensing<T> rank_four = deficient<T>(small_shape, 9, 4);
  CHECK(NormalSolver<Sensing<T>>(Cpu{}, rank_four).rank() == 4);
}

TEST_CASE("Video compressive sensing is certified at the papers' sizes") {
  for (const Shape& shape : large_shapes) {
    const Index measurements = shape.h * shape.w / 10;
    const Buffer<float> phi = gaussian<float>(measurements * shape.h * shape.w, 4, 1 / std::sqrt(double(measurements)));
    require_certified(Sensing<float>(shape, measurements, phi),
                      Sensing<double>(shape, measurements, cast<double>(phi)));
  }
}

TEMPLATE_TEST_CASE("The basis of Phi is orthonormal even where Phi is ill-conditioned", "", float, double) {
  const double smallest = std::is_same_v<TestType, float> ? 1e-4 : 1e-5;
  Eigen::MatrixXd phi = Eigen::MatrixXd::Zero(4, 9);
  const Buffer<double> numbers = gaussian<double>(4 * 9, 12);
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 9; ++j) phi(i, j) = numbers[i * 9 + j] * std::pow(smallest, double(i) / 3);
  const SensingBasis<double> basis = sensing_basis(phi, 0);
  REQUIRE(basis.vectors.rows() == 4);
  CHECK((basis.vectors * basis.vectors.transpose() - Eigen::MatrixXd::Identity(4, 4)).norm() < 1e-13);
  const Eigen::MatrixXd rebuilt = basis.vectors.transpose() * basis.eigenvalues.asDiagonal() * basis.vectors;
  CHECK((rebuilt - phi.transpose() * phi).norm() < 1e-13 * phi.squaredNorm());
  CHECK(sensing_basis(phi, 1e-2).vectors.rows() < 4);
}

TEMPLATE_TEST_CASE("A data step of video compressive sensing by hand", "", float, double) {
  using T = TestType;
  // Two frames of one pixel, Φ = 2: AᵀA + I = (6 −4; −4 5), b = (2, 1) gives z = (1, 1); y = (3, 8) gives 3 and 3 +
  // 8/2.
  const Sensing<T> a({.t = 2}, 1, {T(2)});
  NormalSolver<Sensing<T>> solver(Cpu{}, a);
  const Buffer<T> b{2, 1}, y{3, 8};
  Buffer<T> z(2);
  solver.solve(Cpu{}, T(1), b.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{1, 1}) < 1e-6);
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{3, 7}) < 1e-6);
}

}  // namespace compressed_differences_solver_test
