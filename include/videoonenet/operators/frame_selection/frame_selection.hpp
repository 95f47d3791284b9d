// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Frame interpolation and prediction: keep some frames of a video.

#include <cmath>
#include <utility>
#include <vector>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/frame_selection/frame_selection_cpu.hpp"

namespace videoonenet {

/// Frames that frame interpolation keeps: 0, q, 2q, … with q = 1/ratio, ⌊t·ratio⌋ of them.
/// Errors: InputError when 1/ratio is not a whole number or no frame would be kept.  Source: SPEC §3
/// `frame_interpolation`.
inline std::vector<Index> interpolation_frames(Index t, double ratio) {
  if (!(ratio > 0 && ratio <= 1) || std::abs(1 / ratio - std::round(1 / ratio)) > 1e-6)
    throw InputError(sentence("interpolation_frames: a ratio of ", ratio, " is not 1/q for a whole number q"));
  const auto q = static_cast<Index>(std::round(1 / ratio));
  std::vector<Index> frames(static_cast<std::size_t>(t / q));
  for (std::size_t j = 0; j < frames.size(); ++j) frames[j] = static_cast<Index>(j) * q;
  if (frames.empty())
    throw InputError(sentence("interpolation_frames: a ratio of ", ratio, " keeps none of ", t, " frames"));
  return frames;
}

/// Frames that frame prediction keeps: the first t − ⌊t·ratio⌋; `ratio` is what is dropped.
/// Errors: InputError when no frame would be kept.  Source: SPEC §3 `frame_prediction`.
inline std::vector<Index> prediction_frames(Index t, double ratio) {
  if (!(ratio >= 0 && ratio <= 1))
    throw InputError(sentence("prediction_frames: a drop ratio of ", ratio, " is not between 0 and 1"));
  // 1e-9: a product such as 100·0.29, just below a whole number in binary, means that number.
  const auto dropped = static_cast<Index>(std::floor(double(t) * ratio + 1e-9));
  std::vector<Index> frames(static_cast<std::size_t>(std::max<Index>(0, t - dropped)));
  for (std::size_t j = 0; j < frames.size(); ++j) frames[j] = static_cast<Index>(j);
  if (frames.empty()) throw InputError(sentence("prediction_frames: a drop ratio of ", ratio, " keeps no frame"));
  return frames;
}

/// Keeps the listed frames, in the order of the list.
///
/// Math: y_j = x_{frames[j]}.  Adjoint: x_{frames[j]} = y_j, the other frames zero.
/// Shapes: domain 1×T×H×W×F, range 1×frames.size()×H×W×F.
/// Errors: ShapeError, InputError for a list that is empty, leaves the video or names a frame twice.
/// Cost: one copy.  Source: SPEC §3 `frame_interpolation`, `frame_prediction`.
template <class T>
class FrameSelection {
 public:
  using value_type = T;
  using structure_tag = structure::Diagonal;

  FrameSelection(const Shape& shape, std::vector<Index> frames)
      : domain_((require_single_video(shape, "FrameSelection"), shape)), frames_(std::move(frames)) {
    Buffer<Index> position(shape.t);
    std::ranges::fill(position, Index(-1));
    Buffer<T> kept(shape.size());
    if (frames_.empty()) throw InputError("FrameSelection: the list of frames is empty, expected at least one");
    for (std::size_t j = 0; j < frames_.size(); ++j) {
      const Index t = frames_[j];
      if (t < 0 || t >= shape.t)
        throw InputError(sentence("FrameSelection: frame ", t, " is not in a video of ", Index(shape.t), " frames"));
      if (position[t] >= 0) throw InputError(sentence("FrameSelection: frame ", t, " is listed twice"));
      position[t] = static_cast<Index>(j);
      std::fill_n(kept.data() + t * shape.frame_size(), shape.frame_size(), T(1));
    }
    range_ = domain_;
    range_.t = static_cast<Index>(frames_.size());
    source_ = Buffer<Index>(std::span<const Index>(frames_));
    position_ = std::move(position);
    kept_ = std::move(kept);
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FrameSelection::apply");
    gather_frames(ex, source_.on(ex), domain_.frame_size(), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FrameSelection::apply_adjoint");
    gather_frames(ex, position_.on(ex), domain_.frame_size(), y, x);
  }

  /// The kept frames.
  const std::vector<Index>& frames() const { return frames_; }
  /// AᵀA: one on the kept frames, zero on the others.
  std::span<const T> normal_diagonal() const { return kept_.span(); }
  /// The same in memory of the executor.
  template <Executor Ex>
  std::span<const T> normal_diagonal_on(const Ex& ex) const {
    return kept_.on(ex);
  }

 private:
  Shape domain_, range_;
  std::vector<Index> frames_;
  Mirrored<Index> source_, position_;  // frames_, and where frame t lies in y, −1 for nowhere
  Mirrored<T> kept_;
};

}  // namespace videoonenet
