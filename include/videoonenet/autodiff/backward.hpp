// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a loop of iterations remembers for its adjoint: everything, checkpoints, nothing, or only its end.

#include <algorithm>

#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// A backward strategy, chosen when a network's cache is made; the gradients do not depend on it, to the bit, but for
/// `truncated`.
///
/// Cost, for K iterations of cost c forward and b backward that remember m bytes each, states of s bytes:
/// | strategy | time | bytes |
/// |---|---|---|
/// | store | K(c + b) | K m |
/// | checkpoint(k) | K(2c + b) − k c | k m + (K/k − 1) s |
/// | recompute | K(2c + b) − c | m + (K − 1) s |
/// | truncated(k) | K c + k b | k m |
/// Checkpoints every √K iterations make the bytes grow with √K (Griewank and Walther 2000).
struct Backward {
  int segment = 0;  ///< iterations between checkpoints; 0: no checkpoints
  int last = 0;     ///< only this many last iterations are differentiated; 0: all

  /// Remember every iteration.
  static constexpr Backward store() { return {}; }
  /// Remember the state every k iterations, and run the k iterations after it again.
  static constexpr Backward checkpoint(int k) { return checked({.segment = k}, k, "checkpoint"); }
  /// Remember the state before every iteration, and run each iteration again.
  static constexpr Backward recompute() { return {.segment = 1}; }
  /// Differentiate the last k iterations only; what comes before them counts as a constant.
  static constexpr Backward truncated(int k) { return checked({.last = k}, k, "truncated"); }

  /// Iterations before this one are not differentiated.
  constexpr int first(int iterations) const { return last == 0 ? 0 : std::max(0, iterations - last); }
  /// Iterations whose caches are held at once.
  constexpr int held(int iterations) const {
    const int differentiated = iterations - first(iterations);
    return segment == 0 ? differentiated : std::min(segment, differentiated);
  }
  /// Runs of `held` iterations, the last of which may be shorter.
  constexpr int segments(int iterations) const {
    const int differentiated = iterations - first(iterations);
    return (differentiated + held(iterations) - 1) / held(iterations);
  }

 private:
  static constexpr Backward checked(Backward b, int k, const char* name) {
    if (k < 1) throw InputError(sentence("Backward::", name, ": ", k, " iterations were given, expected one or more"));
    return b;
  }
};

}  // namespace videoonenet
