// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of resizing by a whole factor: one thread an entry of what is written, neighbouring threads on
/// neighbouring channels.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/resize/resize_geometry.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Which coarse entry a fine one lies in, and which fine one is the first inside of a coarse one.
class ResizeIndex {
 public:
  explicit ResizeIndex(const ResizeGeometry& g)
      : channels_(as_int(g.channels, "resize")),
        factor_(as_int(g.factor, "resize")),
        coarse_h_(as_int(g.coarse_h, "resize")),
        coarse_w_(as_int(g.coarse_w, "resize")),
        fine_h_(as_int(g.fine_h, "resize")),
        fine_w_(as_int(g.fine_w, "resize")) {
    as_int(g.frames * g.fine_h * g.fine_w * g.channels, "resize");
  }

  /// −1 for a fine entry that lies in no coarse one.
  VIDEOONENET_DEVICE int coarse_of(Index fine) const {
    const Entry e = entry(static_cast<int>(fine), fine_h_, fine_w_);
    const int i = factor_.divide(e.row), j = factor_.divide(e.column);
    if (i >= coarse_h_.value() || j >= coarse_w_.value()) return -1;
    return ((e.frame * coarse_h_.value() + i) * coarse_w_.value() + j) * channels_.value() + e.channel;
  }
  VIDEOONENET_DEVICE int first_fine_of(Index coarse) const {
    const Entry e = entry(static_cast<int>(coarse), coarse_h_, coarse_w_);
    const int row = e.frame * fine_h_.value() + e.row * factor_.value();
    return (row * fine_w_.value() + e.column * factor_.value()) * channels_.value() + e.channel;
  }
  /// What is between two fine rows, and between two fine pixels.
  VIDEOONENET_DEVICE int row_stride() const { return fine_w_.value() * channels_.value(); }
  VIDEOONENET_DEVICE int pixel_stride() const { return channels_.value(); }

 private:
  struct Entry {
    int frame, row, column, channel;
  };
  VIDEOONENET_DEVICE Entry entry(int i, const Divisor& height, const Divisor& width) const {
    const int pixel = channels_.divide(i), line = width.divide(pixel), frame = height.divide(line);
    return {frame, line - frame * height.value(), pixel - line * width.value(), i - pixel * channels_.value()};
  }

  Divisor channels_, factor_, coarse_h_, coarse_w_, fine_h_, fine_w_;
};

}  // namespace detail

/// Every fine pixel is the coarse one it lies in.
template <Gpu Ex, class T>
void resize_up(const Ex& ex, const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  const detail::ResizeIndex index(g);
  const T* from = coarse.data();
  T* to = fine.data();
  for_each(ex, std::ssize(fine), [=] VIDEOONENET_DEVICE(Index i) {
    const int k = index.coarse_of(i);
    if (k >= 0) to[i] = from[k];
  });
}
/// coarse += the sum of the fine pixels inside.
template <Gpu Ex, class T>
void resize_up_adjoint(const Ex& ex, const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  const detail::ResizeIndex index(g);
  const int factor = static_cast<int>(g.factor);
  const T* from = fine.data();
  T* to = coarse.data();
  for_each(ex, std::ssize(coarse), [=] VIDEOONENET_DEVICE(Index k) {
    const T* first = from + index.first_fine_of(k);
    T sum = to[k];
    for (int a = 0; a < factor; ++a)
      for (int b = 0; b < factor; ++b) sum += first[a * index.row_stride() + b * index.pixel_stride()];
    to[k] = sum;
  });
}
/// Every coarse pixel is the first fine one inside.
template <Gpu Ex, class T>
void resize_down(const Ex& ex, const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  const detail::ResizeIndex index(g);
  const T* from = fine.data();
  T* to = coarse.data();
  for_each(ex, std::ssize(coarse), [=] VIDEOONENET_DEVICE(Index k) { to[k] = from[index.first_fine_of(k)]; });
}
/// The first fine pixel inside += the coarse one. Every other fine pixel stays as it is, so that the threads are those
/// of the coarse ones.
template <Gpu Ex, class T>
void resize_down_adjoint(const Ex& ex, const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  const detail::ResizeIndex index(g);
  const T* from = coarse.data();
  T* to = fine.data();
  for_each(ex, std::ssize(coarse), [=] VIDEOONENET_DEVICE(Index k) { to[index.first_fine_of(k)] += from[k]; });
}

}  // namespace videoonenet::cuda
