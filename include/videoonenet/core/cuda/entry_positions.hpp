// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Where an entry of a batch lies in its video, for kernels that are given its flat index.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/grid.hpp"
#include "videoonenet/core/shape.hpp"

namespace videoonenet::cuda {

/// Video n, frame t, row h and entry w·F + f of the row.
struct EntryPosition {
  int n, t, h, column;
};

/// The position of every entry of a batch of one shape.
class EntryPositions {
 public:
  /// Errors: ShapeError naming `where` when a kernel cannot index that many entries.
  EntryPositions(const Shape& s, const char* where)
      : size_(as_int(s.size(), where)),
        row_(static_cast<int>(s.w * s.f)),
        rows_(static_cast<int>(s.h)),
        frames_(static_cast<int>(s.t)) {}

  Index size() const { return size_; }
  VIDEOONENET_HOST_DEVICE int row() const { return row_.value(); }        ///< entries of a row
  VIDEOONENET_HOST_DEVICE int rows() const { return rows_.value(); }      ///< rows of a frame
  VIDEOONENET_HOST_DEVICE int frames() const { return frames_.value(); }  ///< frames of a video
  VIDEOONENET_HOST_DEVICE int frame() const { return row() * rows(); }    ///< entries of a frame

  VIDEOONENET_HOST_DEVICE EntryPosition operator()(int i) const {
    const int row = row_.divide(i), frame = rows_.divide(row), n = frames_.divide(frame);
    return {n, frame - n * frames_.value(), row - frame * rows_.value(), i - row * row_.value()};
  }

 private:
  int size_;
  Divisor row_, rows_, frames_;
};

}  // namespace videoonenet::cuda
