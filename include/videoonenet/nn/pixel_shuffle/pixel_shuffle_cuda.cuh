// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the pixel shuffle: one thread an entry of what is written; factor · channels entries lie next to
/// each other on both sides.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_geometry.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Where an entry of blocks × rows × columns × run lies in blocks × columns × rows × run.
class TransposedRuns {
 public:
  TransposedRuns(Index rows, Index columns, Index run)
      : rows_(as_int(rows, "pixel shuffle")),
        columns_(as_int(columns, "pixel shuffle")),
        run_(as_int(run, "pixel shuffle")) {}

  VIDEOONENET_DEVICE int operator()(Index entry) const {
    const int i = static_cast<int>(entry), q = run_.divide(i), p = columns_.divide(q), block = rows_.divide(p);
    const int column = q - p * columns_.value(), row = p - block * rows_.value();
    return ((block * columns_.value() + column) * rows_.value() + row) * run_.value() + (i - q * run_.value());
  }

 private:
  Divisor rows_, columns_, run_;
};

/// A row of blocks is w blocks of `factor` runs in the coarse frame, and `factor` rows of w runs in the fine one.
inline TransposedRuns fine_of_coarse(const PixelShuffleGeometry& g) { return {g.w, g.factor, g.factor * g.channels}; }
inline TransposedRuns coarse_of_fine(const PixelShuffleGeometry& g) { return {g.factor, g.w, g.factor * g.channels}; }

/// to[i] = from[index(i)], or += it.
template <bool add, Gpu Ex, class T>
void gather_runs(const Ex& ex, const TransposedRuns& index, std::span<const T> from, std::span<T> to) {
  const T* in = from.data();
  T* out = to.data();
  for_each(ex, as_int(std::ssize(to), "pixel shuffle"), [=] VIDEOONENET_DEVICE(Index i) {
    const T value = in[index(i)];
    out[i] = add ? out[i] + value : value;
  });
}

}  // namespace detail

/// The pixels of a block become channels.
template <Gpu Ex, class T>
void pixel_shuffle_to_channels(const Ex& ex, const PixelShuffleGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::gather_runs<false>(ex, detail::fine_of_coarse(g), fine, coarse);
}
/// fine += the coarse entries that its entries became.
template <Gpu Ex, class T>
void pixel_shuffle_to_channels_adjoint(const Ex& ex, const PixelShuffleGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::gather_runs<true>(ex, detail::coarse_of_fine(g), coarse, fine);
}
/// Channels become the pixels of a block.
template <Gpu Ex, class T>
void pixel_shuffle_to_space(const Ex& ex, const PixelShuffleGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::gather_runs<false>(ex, detail::coarse_of_fine(g), coarse, fine);
}
/// coarse += the fine entries that its entries became.
template <Gpu Ex, class T>
void pixel_shuffle_to_space_adjoint(const Ex& ex, const PixelShuffleGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::gather_runs<true>(ex, detail::fine_of_coarse(g), fine, coarse);
}

}  // namespace videoonenet::cuda
