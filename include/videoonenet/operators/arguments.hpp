// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks of the arguments operators are made of.

#include <cmath>
#include <span>

#include "videoonenet/core/shape.hpp"

namespace videoonenet {

/// Checks that `shape` is one video; a batch of different operators is a BlockDiagonal.
/// Errors: ShapeError naming `where`.
inline void require_single_video(const Shape& shape, const char* where) {
  require_valid(shape, where);
  if (shape.n != 1)
    throw ShapeError(sentence(where, ": the shape (N,T,H,W,F) = ", shape,
                              " is a batch, expected one video (N = 1); use BlockDiagonal for batches"));
}

/// Checks that every entry is finite.
/// Errors: InputError naming `where` and `what`.
template <class T>
void require_finite(std::span<const T> values, const char* where, const char* what) {
  // A sum of x·0 is NaN exactly when an entry is not finite, and it vectorises.
  T sum = 0;
  for (T v : values) sum += v * T(0);
  if (sum == T(0)) return;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw InputError(sentence(where, ": entry ", i, " of ", what, " is ", values[i], ", expected a finite number"));
}

/// Checks that `shape` is that of one blur kernel a channel, 1 × 1 × kh × kw × channels.
/// Errors: ShapeError naming `where`.
inline void require_kernel(const Shape& shape, Index channels, const char* where) {
  if (shape.n != 1 || shape.t != 1 || shape.h < 1 || shape.w < 1 || shape.f != channels)
    throw ShapeError(
        sentence(where, ": the kernel has shape (N,T,H,W,F) = ", shape, ", expected 1x1xKHxKWx", channels));
}

/// Checks that a stride divides the frame.
/// Errors: InputError for a stride below one, ShapeError naming `where` otherwise.
inline void require_stride(const Shape& shape, Index stride, const char* where) {
  if (stride < 1) throw InputError(sentence(where, ": a stride of ", stride, " was given, expected at least 1"));
  if (shape.h % stride != 0 || shape.w % stride != 0)
    throw ShapeError(sentence(where, ": frames of ", Index(shape.h), "x", Index(shape.w),
                              " cannot be subsampled with a stride of ", stride, ", expected multiples of it"));
}

}  // namespace videoonenet
