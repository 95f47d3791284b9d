// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Transposes as many registers as a register has lanes.

#include <utility>

#include "videoonenet/core/simd.hpp"

namespace videoonenet::simd {

namespace detail {

/// a and b are made of runs of 2·Run lanes: of every run the half number Half, a's and b's in turn.
template <class T, Index Run, Index Half, Index... I>
VIDEOONENET_ALWAYS_INLINE inline Vector<T> take_halves(std::type_identity_t<Vector<T>> a,
                                                       std::type_identity_t<Vector<T>> b,
                                                       std::integer_sequence<Index, I...>) {
  return shuffle<T, (I / Run % 2 * lanes<T> + I / (2 * Run) * 2 * Run + Half * Run + I % Run)...>(a, b);
}

/// Exchanges the two Run × Run blocks beside the diagonal of all 2·Run × 2·Run blocks on it.
template <class T, Index Run, Index... I>
VIDEOONENET_ALWAYS_INLINE inline void exchange_blocks(Vector<T>* rows, std::integer_sequence<Index, I...> all) {
  const auto exchange = [&](Vector<T>& upper, Vector<T>& lower) VIDEOONENET_ALWAYS_INLINE {
    const Vector<T> a = upper, b = lower;
    upper = take_halves<T, Run, 0>(a, b, all);
    lower = take_halves<T, Run, 1>(a, b, all);
  };
  ((I / Run % 2 == 0 ? exchange(rows[I], rows[I + Run]) : void()), ...);
}

}  // namespace detail

/// Lane j of rows[i] goes to lane i of rows[j], for lanes<T> rows; a lane keeps its bits, whatever they mean.
/// Cost: log₂ lanes operations a row.
template <class T, Index Run = lanes<T> / 2>
VIDEOONENET_ALWAYS_INLINE inline void transpose(Vector<T>* rows) {
  if constexpr (Run > 0) {
    detail::exchange_blocks<T, Run>(rows, std::make_integer_sequence<Index, lanes<T>>{});
    transpose<T, Run / 2>(rows);
  }
}

}  // namespace videoonenet::simd
