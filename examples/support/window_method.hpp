// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// --window: long videos, restored by windows that follow each other.

#include <memory>
#include <optional>
#include <string>

#include "support/command_line.hpp"
#include "videoonenet/operators/frame_window/frame_window.hpp"
#include "videoonenet/unroll/stream.hpp"

namespace program {

using namespace videoonenet;

/// What --window and its companions say.
struct WindowOptions {
  std::optional<Index> frames;            ///< of a window; unset: the whole video at once
  std::optional<Index> hop;               ///< unset: half a window
  std::optional<std::string> warm_start;  ///< unset: the method's own

  /// Errors: InputError for companions without --window, and for what they cannot be.
  StreamOptions stream() const;
  /// The windows of a video, one where there are none.
  StreamWindows of(const Shape& video) const {
    const Index size = std::min<Index>(frames.value_or(video.t), video.t);
    return {.frames = video.t, .size = size, .hop = frames ? std::min(stream().hop, size) : size};
  }
};

/// Adds --window, --hop and --warm-start to a program.
void add_window_options(CommandLine& app, WindowOptions& o);

/// Restores the video measured as y = A x by windows; the weights, y and x are in memory of the executor.
///
/// `after_window(cache)` sees what the net's iterations left behind. An operator that is the same for all windows is
/// factored once.
/// Errors: InputError for an operator that mixes frames.
template <Executor Ex, class Net, class A, class AfterWindow>
void restore_by_windows(const Ex& ex, const Net& net, std::span<const float> weights, const A& a,
                        std::span<const float> y, View<float> x, const WindowOptions& o, AfterWindow&& after_window) {
  const StreamWindows windows = o.of(x.shape);
  StreamOptions options = o.stream();
  options.hop = windows.hop;
  Shape shape = x.shape;
  shape.t = windows.size;

  using Part = FrameWindow<A>;
  auto part = std::make_unique<Part>(frame_window(a, {0, windows.size}));
  auto bound = net.bind(ex, part->a, part->of(y));
  Stream<Net, Ex> stream(ex, net, weights, shape, options);
  std::span<float> left = x.flat();
  const auto put = [&](View<const float> frames) {
    const auto size = static_cast<std::size_t>(frames.size());
    copy(ex, frames.flat(), left.first(size));
    left = left.subspan(size);
  };
  for (Index i = 0; i < windows.count(); ++i) {
    if (i > 0) {
      auto moved = std::make_unique<Part>(frame_window(a, {windows.begin(i), windows.size}));
      if (moved->constant) {
        bound.rebind(ex, moved->of(y));
      } else {
        bound.rebind(ex, moved->a, moved->of(y));
        part = std::move(moved);
      }
    }
    put(stream.advance(bound, windows.moved(i)));
    after_window(stream.cache());
  }
  put(stream.rest());
}

}  // namespace program
