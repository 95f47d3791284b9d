// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What was measured, as something to look at.

#include <algorithm>

#include "videoonenet/concepts/linear_operator.hpp"

namespace program {

using namespace videoonenet;

/// The measurement itself where it is one picture a frame, else its back-projection Aᵀy, scaled down to at most 1.
template <class A>
Tensor<float> measurement_picture(const Cpu& ex, const A& a, std::span<const float> y) {
  const Shape domain = a.domain(), range = a.range();
  if (range.t == domain.t && range.h > 1 && range.w > 1 && (range.f == 1 || range.f == domain.f))
    return Tensor<float>(range, y);
  Tensor<float> back(domain);
  a.apply_adjoint(ex, y, back.flat());
  const float peak = std::max(1.f, *std::ranges::max_element(back.flat()));
  for (float& v : back.flat()) v /= peak;
  return back;
}

}  // namespace program
