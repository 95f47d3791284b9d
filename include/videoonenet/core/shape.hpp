// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The shape of a video batch, N × T × H × W × F, each extent known at compile time or at run time.

#include <ostream>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// Says that an extent is only known at run time.
inline constexpr Index dynamic = -1;

/// One extent: the compile-time constant E, or a run-time value when E is `dynamic`.
template <Index E>
class Extent {
 public:
  /// Errors: ShapeError when `value` differs from the compile-time extent.
  constexpr Extent(Index value = E) {
    if (value != E) throw ShapeError(sentence("an extent fixed at ", E, " at compile time was given ", value));
  }
  VIDEOONENET_HOST_DEVICE constexpr operator Index() const { return E; }
};

/// An extent known at run time only.
template <>
class Extent<dynamic> {
 public:
  VIDEOONENET_HOST_DEVICE constexpr Extent(Index value = 1) : value_(value) {}
  VIDEOONENET_HOST_DEVICE constexpr operator Index() const { return value_; }

 private:
  Index value_;
};

/// Extents of a batch of N videos of T frames, H rows, W columns and F channels, channels last, row-major.
///
/// An image has T = 1, a single video N = 1; both are the defaults, so `Shape{.h = 32, .w = 32}` is a grey image.
template <Index N = dynamic, Index T = dynamic, Index H = dynamic, Index W = dynamic, Index F = dynamic>
struct BasicShape {
  [[no_unique_address]] Extent<N> n{};
  [[no_unique_address]] Extent<T> t{};
  [[no_unique_address]] Extent<H> h{};
  [[no_unique_address]] Extent<W> w{};
  [[no_unique_address]] Extent<F> f{};

  /// Entries of the whole batch, N·T·H·W·F.
  VIDEOONENET_HOST_DEVICE constexpr Index size() const { return n * sample_size(); }
  /// Entries of one video, T·H·W·F (the n of SPEC's `A`, d × n).
  VIDEOONENET_HOST_DEVICE constexpr Index sample_size() const { return t * frame_size(); }
  /// Entries of one frame, H·W·F.
  VIDEOONENET_HOST_DEVICE constexpr Index frame_size() const { return h * w * f; }
  /// Position of entry (n, t, h, w, f) in the row-major batch.
  VIDEOONENET_HOST_DEVICE constexpr Index offset(Index in, Index it, Index ih, Index iw, Index jf) const {
    return (((in * t + it) * h + ih) * w + iw) * f + jf;
  }
  /// The same shape with N = 1.
  constexpr BasicShape<1, T, H, W, F> sample() const { return {.n = 1, .t = t, .h = h, .w = w, .f = f}; }

  /// Forgets what is known at compile time.
  constexpr operator BasicShape<>() const
    requires(N != dynamic || T != dynamic || H != dynamic || W != dynamic || F != dynamic)
  {
    return {.n = Index(n), .t = Index(t), .h = Index(h), .w = Index(w), .f = Index(f)};
  }
};

/// A shape known at run time.
using Shape = BasicShape<>;

/// A flat vector of `d` entries, the shape of an unstructured measurement.
constexpr Shape flat_shape(Index d) { return {.w = d}; }

/// Whether all five extents are equal, however they are known.
template <Index... E, Index... G>
constexpr bool operator==(const BasicShape<E...>& a, const BasicShape<G...>& b) {
  return Index(a.n) == Index(b.n) && Index(a.t) == Index(b.t) && Index(a.h) == Index(b.h) &&
         Index(a.w) == Index(b.w) && Index(a.f) == Index(b.f);
}

/// Prints N×T×H×W×F.
template <Index... E>
std::ostream& operator<<(std::ostream& out, const BasicShape<E...>& s) {
  return out << Index(s.n) << "x" << Index(s.t) << "x" << Index(s.h) << "x" << Index(s.w) << "x" << Index(s.f);
}

/// Checks that every extent is positive and that the batch can be addressed.
/// Errors: ShapeError naming `where`.
inline void require_valid(const Shape& s, const char* where) {
  constexpr Index limit = Index(1) << 48;
  Index size = 1;
  for (Index extent : {Index(s.n), Index(s.t), Index(s.h), Index(s.w), Index(s.f)}) {
    if (extent <= 0 || extent > limit / size)
      throw ShapeError(sentence(where, ": the shape (N,T,H,W,F) = ", s, " has an extent that is not positive or is absurdly large"));
    size *= extent;
  }
}

/// Checks that a flat array has the expected number of entries.
/// Errors: ShapeError naming `where` and `what`.
inline void require_size(Index given, Index expected, const char* where, const char* what) {
  if (given != expected)
    throw ShapeError(sentence(where, ": ", what, " has ", given, " entries, expected ", expected));
}

}  // namespace videoonenet
