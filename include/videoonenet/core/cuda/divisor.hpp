// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Division by a number that is known before a kernel runs: one multiplication instead of some twenty instructions.

#include <cstdint>

#include "videoonenet/core/config.hpp"

namespace videoonenet::cuda {

/// Divides 0 ≤ n < 2³¹ by a fixed d ≥ 1.
///
/// Math: ⌊n/d⌋ = ⌊n m / 2^(32 + s)⌋ with s = ⌈log₂ d⌉ − 1 and m = ⌈2^(32 + s) / d⌉, exact for all n < 2³¹, because
/// m d − 2^(32 + s) < d ≤ 2^(s + 1).  Source: Granlund and Montgomery, Division by invariant integers (1994).
class Divisor {
 public:
  Divisor() = default;
  /// `d` lies between 1 and 2³¹ − 1.
  explicit Divisor(int d) : d_(d) {
    if (d == 1) return;
    while ((std::int64_t(1) << (shift_ + 1)) < d) ++shift_;
    const std::uint64_t power = std::uint64_t(1) << (32 + shift_);
    multiplier_ =
        static_cast<std::uint32_t>((power + static_cast<std::uint64_t>(d) - 1) / static_cast<std::uint64_t>(d));
  }

  VIDEOONENET_HOST_DEVICE int value() const { return d_; }
  VIDEOONENET_HOST_DEVICE int divide(int n) const {
    if (d_ == 1) return n;
    return static_cast<int>((static_cast<std::uint64_t>(static_cast<std::uint32_t>(n)) * multiplier_ >> 32) >> shift_);
  }
  VIDEOONENET_HOST_DEVICE int remainder(int n) const { return n - divide(n) * d_; }

 private:
  int d_ = 1, shift_ = 0;
  std::uint32_t multiplier_ = 0;
};

}  // namespace videoonenet::cuda
