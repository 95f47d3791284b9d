// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The lane sums of many registers at once: a tree that halves the number of registers at every level.

#include <algorithm>
#include <utility>

#include "videoonenet/core/simd.hpp"

namespace videoonenet::simd {

namespace detail {

/// a and b are made of runs of 2·Half lanes; the result of their sums down to Half lanes a run, a's before b's.
template <class T, Index Half, Index... I>
VIDEOONENET_ALWAYS_INLINE inline Vector<T> merge(std::type_identity_t<Vector<T>> a, std::type_identity_t<Vector<T>> b,
                                                 std::integer_sequence<Index, I...>) {
  return shuffle<T, (I / Half * 2 * Half + I % Half)...>(a, b) +
         shuffle<T, (I / Half * 2 * Half + I % Half + Half)...>(a, b);
}

/// Each of the first Count of the lanes/Run registers at v, summed down to Run lanes, one after the other; the other
/// registers count as zero.
template <class T, Index Run, Index Count>
VIDEOONENET_ALWAYS_INLINE inline Vector<T> merged(const Vector<T>* v) {
  if constexpr (Count <= 0) {
    return Vector<T>{};
  } else if constexpr (Run == lanes<T>) {
    return *v;
  } else {
    constexpr Index half = lanes<T> / Run / 2;
    return merge<T, Run>(merged<T, 2 * Run, std::min(Count, half)>(v), merged<T, 2 * Run, Count - half>(v + half),
                         std::make_integer_sequence<Index, lanes<T>>{});
  }
}

}  // namespace detail

/// totals[i] = the sum of the lanes of v[i], for Count registers; `totals` has room for a multiple of lanes<T>, zero
/// where there is no register.
/// Cost: about three operations a register.
template <class T, Index Count>
VIDEOONENET_ALWAYS_INLINE inline void sums(const Vector<T>* v, T* totals) {
  if constexpr (Count > 0) {
    store(totals, detail::merged<T, 1, std::min(Count, lanes<T>)>(v));
    sums<T, Count - lanes<T>>(v + lanes<T>, totals + lanes<T>);
  }
}

}  // namespace videoonenet::simd
