// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every data step's test asks: dense algebra where it is affordable, certificates where it is not.

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/certificate.hpp"
#include "videoonenet/testing/check_data_step.hpp"

namespace videoonenet::support {

/// A small shape with odd extents, small enough for dense algebra under sanitizers.
inline constexpr Shape small_shape{.t = 3, .h = 5, .w = 4, .f = 3};
/// The shapes the data steps are certified at.
inline constexpr Shape large_shapes[] = {{.t = 5, .h = 13, .w = 11, .f = 3}, {.t = 9, .h = 14, .w = 14, .f = 1}};

/// Independent normal numbers.
template <class T>
Buffer<T> gaussian(Index size, std::uint64_t seed, double standard_deviation = 1) {
  Buffer<T> values(size);
  Random(seed).fill_normal(values.span(), standard_deviation);
  return values;
}

/// The same numbers in another scalar type.
template <class T, class S>
Buffer<T> cast(const Buffer<S>& values) {
  Buffer<T> converted(values.size());
  for (Index i = 0; i < values.size(); ++i) converted[i] = static_cast<T>(values[i]);
  return converted;
}

/// ‖x − y‖ / ‖y‖.
template <class T, class S>
double relative_error(const Buffer<T>& x, const Buffer<S>& y) {
  const Buffer<double> a = cast<double>(x), b = cast<double>(y);
  return std::sqrt(squared_distance(Cpu{}, a.span(), b.span()) / squared_norm(Cpu{}, b.span()));
}

/// Requires that check_data_step passes.
template <class A>
void require_data_step(const A& a, const testing::DataStepOptions& options = {}) {
  const testing::Report report = testing::check_data_step(a, options);
  INFO(report);
  CHECK(report.passed);
}

/// Requires, at any size, that the residual r of the double solver bounds its error, ‖r‖/ρ, below 1e-10 ‖z‖, and that
/// the float solver agrees with it. `narrow` and `wide` are the same operator; b is exactly float.
template <class Narrow, class Wide>
void require_certified(const Narrow& narrow, const Wide& wide) {
  const Index n = Shape(wide.domain()).size();
  const Buffer<float> b = gaussian<float>(n, 5);
  const Buffer<double> wide_b = cast<double>(b);
  NormalSolver<Narrow> float_solver(Cpu{}, narrow);
  NormalSolver<Wide> double_solver(Cpu{}, wide);
  for (float rho : {1e-3f, 0.3f, 10.0f}) {
    Buffer<float> z(n);
    Buffer<double> wide_z(n);
    float_solver.solve(Cpu{}, rho, b.span(), z.span());
    double_solver.solve(Cpu{}, double(rho), wide_b.span(), wide_z.span());
    const double residual = certificate(Cpu{}, wide, double(rho), wide_b.span(), wide_z.span()).residual;
    const double b_norm = std::sqrt(squared_norm(Cpu{}, std::span<const double>(wide_b.span())));
    const double z_norm = std::sqrt(squared_norm(Cpu{}, std::span<const double>(wide_z.span())));
    CHECK(residual * b_norm < 1e-10 * double(rho) * z_norm);
    CHECK(relative_error(z, wide_z) < 1e-5);
  }
}

}  // namespace videoonenet::support
