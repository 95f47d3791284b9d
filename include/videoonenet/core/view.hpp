// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Non-owning views: a pointer with a video-batch shape, and the flat spans kernels work on.

#include <span>
#include <type_traits>

#include "videoonenet/core/shape.hpp"

namespace videoonenet {

/// Flat read-only argument of a kernel; not deduced, so a mutable span converts.
template <class T>
using Input = std::span<const std::type_identity_t<T>>;

/// Flat written argument of a kernel; deduces the scalar type T.
template <class T>
using Output = std::span<T>;

/// Whether a kernel replaces its output or adds to it.
enum class Accumulate {
  overwrite,
  add,
};

/// A contiguous batch of videos that somebody else owns. `T` may be const.
template <class T, class S = Shape>
struct View {
  T* data = nullptr;
  S shape{};

  VIDEOONENET_HOST_DEVICE constexpr Index size() const { return shape.size(); }
  VIDEOONENET_HOST_DEVICE constexpr T& operator()(Index n, Index t, Index h, Index w, Index f) const {
    return data[shape.offset(n, t, h, w, f)];
  }
  /// All entries, row-major over (N, T, H, W, F).
  constexpr std::span<T> flat() const { return {data, static_cast<std::size_t>(size())}; }
  /// The n-th video as a batch of one.
  constexpr View<T> sample(Index n) const { return {data + n * shape.sample_size(), Shape(shape.sample())}; }

  constexpr operator View<const T, S>() const
    requires(!std::is_const_v<T>)
  {
    return {data, shape};
  }
};

/// Views `values` as a batch of the given shape.
/// Errors: ShapeError when the sizes differ.
template <class T>
View<T> view(std::span<T> values, const Shape& shape) {
  require_size(std::ssize(values), shape.size(), "view", "the array");
  return {values.data(), shape};
}

/// Checks that a view has the expected shape.
/// Errors: ShapeError naming `where` and `what`.
inline void require_shape(const Shape& given, const Shape& expected, const char* where, const char* what) {
  if (!(given == expected))
    throw ShapeError(sentence(where, ": ", what, " has shape (N,T,H,W,F) = ", given, ", expected ", expected));
}

}  // namespace videoonenet
