// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The part of an operator that acts on some of the frames: what a window of a long video is measured by.

#include <algorithm>
#include <utility>
#include <vector>

#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace videoonenet {

/// Consecutive frames of a video, or of a measurement that has frames.
struct FrameRange {
  Index begin = 0, count = 1;

  bool operator==(const FrameRange&) const = default;
};

/// An operator on a range of frames.
template <class A>
struct FrameWindow {
  A a;
  FrameRange measured;    ///< the frames of the whole measurement that `a` makes
  bool constant = false;  ///< every range of as many frames has the same operator

  /// Its part of the whole measurement y.
  template <class T>
  std::span<T> of(std::span<T> y) const {
    const Index frame = Shape(a.range()).frame_size();
    return y.subspan(static_cast<std::size_t>(measured.begin * frame),
                     static_cast<std::size_t>(measured.count * frame));
  }
};

namespace detail {

/// The shape of a range of frames.
inline Shape require_frames(Shape video, const FrameRange& frames) {
  if (video.n != 1)
    throw ShapeError(
        sentence("frame_window: the operator is for a batch (N,T,H,W,F) = ", video, ", expected one video"));
  if (frames.begin < 0 || frames.count < 1 || frames.begin > video.t - frames.count)
    throw InputError(sentence("frame_window: ", frames.count, " frames from frame ", frames.begin,
                              " on were asked for, but the video has ", Index(video.t)));
  video.t = frames.count;
  return video;
}

[[noreturn]] inline void refuse_frame_window(const char* what) {
  throw InputError(sentence("frame_window: ", what, " mixes frames, so that no measurement belongs to a window alone"));
}

}  // namespace detail

/// The part of `a` that acts on these frames, for operators that work frame by frame.
///
/// Math: A is block diagonal over the frames; this is some of its blocks. A selection of frames, or a composition of
/// operators that work frame by frame, is one of them. An operator of your own joins by an overload.
/// Errors: ShapeError for a batch; InputError for frames that the video does not have, for operators that mix frames
/// (temporal blur, both compressive sensings, dense matrices), and for a selection that keeps none of these frames.
/// Cost: a copy of what the operator holds for these frames.
template <class T>
FrameWindow<Identity<T>> frame_window(const Identity<T>& a, const FrameRange& frames) {
  return {Identity<T>(detail::require_frames(a.domain(), frames)), frames, true};
}
template <class T>
FrameWindow<Mask<T>> frame_window(const Mask<T>& a, const FrameRange& frames) {
  const Shape shape = detail::require_frames(a.domain(), frames);
  const auto part = a.mask().subspan(static_cast<std::size_t>(frames.begin * shape.frame_size()),
                                     static_cast<std::size_t>(shape.size()));
  return {Mask<T>(shape, Buffer<T>(part)), frames, false};
}
template <class T>
FrameWindow<FrameSelection<T>> frame_window(const FrameSelection<T>& a, const FrameRange& frames) {
  const Shape shape = detail::require_frames(a.domain(), frames);
  const auto inside = [&](Index t) { return t >= frames.begin && t < frames.begin + frames.count; };
  const auto first = std::ranges::find_if(a.frames(), inside);
  const auto last = std::find_if_not(first, a.frames().end(), inside);
  if (first == last)
    throw InputError(sentence("frame_window: none of the ", frames.count, " frames from frame ", frames.begin,
                              " on is kept; take a longer window"));
  if (std::find_if(last, a.frames().end(), inside) != a.frames().end())
    throw InputError("frame_window: the kept frames of a window do not follow each other in the list of kept frames");
  std::vector<Index> kept(first, last);
  for (Index& t : kept) t -= frames.begin;
  const FrameRange measured{first - a.frames().begin(), std::ssize(kept)};
  return {FrameSelection<T>(shape, std::move(kept)), measured, false};
}
template <class T>
FrameWindow<BoxDownsample<T>> frame_window(const BoxDownsample<T>& a, const FrameRange& frames) {
  return {BoxDownsample<T>(detail::require_frames(a.domain(), frames), a.factor()), frames, true};
}
template <class T>
FrameWindow<ChannelSum<T>> frame_window(const ChannelSum<T>& a, const FrameRange& frames) {
  return {ChannelSum<T>(detail::require_frames(a.domain(), frames), Buffer<T>(a.weights())), frames, true};
}
template <class T>
FrameWindow<FullBlur<T>> frame_window(const FullBlur<T>& a, const FrameRange& frames) {
  const Tensor<T> kernel(a.kernel().shape, a.kernel().flat());
  return {FullBlur<T>(detail::require_frames(a.domain(), frames), kernel), frames, true};
}
template <class T>
FrameWindow<StridedBlur<T>> frame_window(const StridedBlur<T>& a, const FrameRange& frames) {
  const Tensor<T> kernel(a.kernel().shape, a.kernel().flat());
  return {StridedBlur<T>(detail::require_frames(a.domain(), frames), kernel, a.stride()), frames, true};
}
template <class T>
FrameWindow<GrayStridedBlur<T>> frame_window(const GrayStridedBlur<T>& a, const FrameRange& frames) {
  const Tensor<T> kernels(a.kernels().shape, a.kernels().flat());
  return {GrayStridedBlur<T>(detail::require_frames(a.domain(), frames), kernels, a.stride()), frames, true};
}
template <class T>
FrameWindow<Dense<T>> frame_window(const Dense<T>&, const FrameRange&) {
  detail::refuse_frame_window("a matrix");
}
template <class T>
FrameWindow<TemporalBlur<T>> frame_window(const TemporalBlur<T>&, const FrameRange&) {
  detail::refuse_frame_window("a temporal blur");
}
template <class T>
FrameWindow<VideoCompressiveSensing<T>> frame_window(const VideoCompressiveSensing<T>&, const FrameRange&) {
  detail::refuse_frame_window("video compressive sensing");
}
template <class... As>
FrameWindow<OperatorVariant<As...>> frame_window(const OperatorVariant<As...>& a, const FrameRange& frames) {
  return std::visit(
      [&](const auto& inner) -> FrameWindow<OperatorVariant<As...>> {
        auto window = frame_window(inner, frames);
        return {std::move(window.a), window.measured, window.constant};
      },
      a.variant());
}
template <class A>
FrameWindow<Chain<A>> frame_window(const Chain<A>& a, FrameRange frames) {
  std::vector<A> operators;
  bool constant = true;
  for (Index i = 0; i < a.size(); ++i) {
    auto window = frame_window(a[i], frames);
    operators.push_back(std::move(window.a));
    frames = window.measured;
    constant = constant && window.constant;
  }
  return {Chain<A>(std::move(operators)), frames, constant};
}

}  // namespace videoonenet
