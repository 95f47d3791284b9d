// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The problems of a command line, drawn one after the other for one video.

#include <optional>
#include <string>
#include <vector>

#include "videoonenet/core/tensor.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/problem_spec/problem_spec.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace program {

using namespace videoonenet;

/// What a measurement was made by: a single problem, which keeps its structure and with it its exact data step, or
/// several in a chain.
using AnyOperator = OperatorVariant<ShippedOperator<float>, Chain<ShippedOperator<float>>>;

/// The composition of at least one operator, the first applied first.
AnyOperator compose(std::vector<ShippedOperator<float>> operators);

/// Operators applied one after the other, the first first, and the noise that is added at the end.
struct ProblemChain {
  /// What is known about one of them.
  struct Link {
    ProblemSpec spec;
    std::optional<double> angle_degrees{};
  };

  std::vector<Link> links;
  AnyOperator a;
  std::optional<double> noise_sigma;  ///< unset: unknown, as for a measurement of the user's own
  std::optional<std::uint64_t> seed;  ///< the problems were drawn from; unset: unknown

  /// The i-th operator.
  const ShippedOperator<float>& at(std::size_t i) const;
  /// Keys joined by commas.
  std::string key() const;
};

/// The keys that can be drawn, joined for a help text.
std::string known_problems();

/// What --problem, --ratio, --noise and --kernel say.
struct ProblemOptions {
  std::vector<std::string> problems{"pixel_inpaint"};
  std::optional<double> ratio;
  std::optional<double> noise;
  std::string kernel;  ///< .npy file; empty: the problem's own
};

/// Draws the problems for a video: each takes what the one before it returns.
/// Errors: InputError for unknown keys, a ratio or a kernel that no problem takes; ShapeError where they do not fit.
ProblemChain draw_chain(const Cpu& ex, const ProblemOptions& options, const Shape& video, std::uint64_t seed);

/// Measures y = A x + ξ with the chain's noise.
Buffer<float> measure_chain(const Cpu& ex, const ProblemChain& chain, std::span<const float> x, std::uint64_t seed);

/// ‖A x − y‖ / ‖y‖, or ‖A x‖ where y is zero.
double data_residual(const Cpu& ex, const AnyOperator& a, std::span<const float> x, std::span<const float> y);

/// What was measured, as something to look at: the measurement itself where it is one picture a frame, else its
/// back-projection Aᵀy, scaled down to at most 1.
Tensor<float> measurement_picture(const Cpu& ex, const AnyOperator& a, std::span<const float> y);

}  // namespace program
