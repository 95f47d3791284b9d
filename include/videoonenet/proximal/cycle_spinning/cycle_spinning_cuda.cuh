// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of cycle spinning: circular shifts of videos.

#include "videoonenet/core/cuda/entry_positions.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Where circular shifts take entry i from: (t + a, h + b, w + c), indices modulo the extents.
struct CircularShift {
  EntryPositions positions;
  int t, h, column;

  /// Shifts by less than an extent, back when `back` is set.
  CircularShift(const Shape& s, const Shape& shift, bool back) : positions(s, "CycleSpinning") {
    const auto distance = [&](Index by, Index extent) {
      return static_cast<int>(back ? (extent - by % extent) % extent : by % extent);
    };
    t = distance(shift.t, s.t), h = distance(shift.h, s.h), column = distance(shift.w, s.w) * static_cast<int>(s.f);
  }
  VIDEOONENET_DEVICE int operator()(int i) const {
    const EntryPosition at = positions(i);
    const auto moved = [](int from, int by, int extent) { return from + by < extent ? from + by : from + by - extent; };
    const int row = (at.n * positions.frames() + moved(at.t, t, positions.frames())) * positions.rows() +
                    moved(at.h, h, positions.rows());
    return row * positions.row() + moved(at.column, column, positions.row());
  }
};

}  // namespace detail

/// y(t, h, w) = x(t + a, h + b, w + c), indices modulo the extents, for every video and channel; y may not overlap x.
template <Gpu Ex, class T>
void shift_forward(const Ex& ex, const Shape& shape, const Shape& shift, Input<T> x, Output<T> y) {
  const detail::CircularShift source(shape, shift, false);
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = px[source(static_cast<int>(i))]; });
}

/// y(t + a, h + b, w + c) += x(t, h, w): the adjoint, which shifts back.
template <Gpu Ex, class T>
void add_shifted_back(const Ex& ex, const Shape& shape, const Shape& shift, Input<T> x, Output<T> y) {
  const detail::CircularShift source(shape, shift, true);
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] += px[source(static_cast<int>(i))]; });
}

}  // namespace videoonenet::cuda
