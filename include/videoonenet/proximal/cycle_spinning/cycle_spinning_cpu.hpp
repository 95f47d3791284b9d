// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of cycle spinning: circular shifts of videos.

#include <algorithm>

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

/// What happens to the written entry.
enum class ShiftMode { replace, add };

/// y(t, h, w) = x(t + a, h + b, w + c), indices modulo the extents, for every video and channel; y may not overlap x.
///
/// With `ShiftMode::add` it is y(t + a, h + b, w + c) += x(t, h, w): the adjoint, which shifts back.
template <ShiftMode M, class T>
void circular_shift(const Executor& ex, const Shape& s, const Shape& shift, Input<T> x, Output<T> y) {
  const Index stride = s.w * s.f, split = shift.w % s.w * s.f, rest = stride - split;
  parallel_for(ex, s.n * s.t, [&](Index i) {
    const Index frame = (i - i % s.t + (i + shift.t) % s.t);
    for (Index h = 0; h < s.h; ++h) {
      const Index moved = (frame * s.h + (h + shift.h) % s.h) * stride, here = (i * s.h + h) * stride;
      if constexpr (M == ShiftMode::replace) {
        std::copy_n(x.data() + moved + split, rest, y.data() + here);
        std::copy_n(x.data() + moved, split, y.data() + here + rest);
      } else {
        T* to = y.data() + moved;
        const T* from = x.data() + here;
#pragma omp simd
        for (Index j = 0; j < rest; ++j) to[split + j] += from[j];
#pragma omp simd
        for (Index j = 0; j < split; ++j) to[j] += from[rest + j];
      }
    }
  });
}

/// y = x shifted forwards; see circular_shift.
template <class T>
void shift_forward(const Executor& ex, const Shape& shape, const Shape& shift, Input<T> x, Output<T> y) {
  circular_shift<ShiftMode::replace>(ex, shape, shift, x, y);
}

/// y += x shifted back; see circular_shift.
template <class T>
void add_shifted_back(const Executor& ex, const Shape& shape, const Shape& shift, Input<T> x, Output<T> y) {
  circular_shift<ShiftMode::add>(ex, shape, shift, x, y);
}

}  // namespace videoonenet::cpu
