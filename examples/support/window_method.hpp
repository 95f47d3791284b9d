// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// --window: long videos, restored by windows that follow each other.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "support/program.hpp"
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
  StreamOptions stream() const {
    if (!frames && (hop || warm_start))
      throw InputError(
          sentence(hop ? "--hop" : "--warm-start", " is for restoring by windows, but --window is missing"));
    StreamOptions options{.hop = hop.value_or(std::max<Index>(1, frames.value_or(1) / 2))};
    if (frames && options.hop > *frames)
      throw InputError(sentence("--hop is ", options.hop, ", expected at most the --window of ", *frames, " frames"));
    if (!warm_start) return options;
    options.warm.emplace();
    std::istringstream list(*warm_start);
    for (std::string name; std::getline(list, name, ',') && *warm_start != "none";)
      if (name == "z")
        options.warm->z = true;
      else if (name == "u")
        options.warm->u = true;
      else if (name == "states")
        options.warm->recurrent = true;
      else
        throw InputError(sentence("--warm-start is \"", *warm_start, "\", expected none or a list of z, u and states"));
    return options;
  }
  /// The windows of a video, one where there are none.
  StreamWindows of(const Shape& video) const {
    const Index size = std::min<Index>(frames.value_or(video.t), video.t);
    return {.frames = video.t, .size = size, .hop = frames ? std::min(stream().hop, size) : size};
  }
};

/// Adds --window, --hop and --warm-start to a program.
inline void add_window_options(CLI::App& app, WindowOptions& o) {
  app.add_option("--window", o.frames,
                 "restore a long video by windows of this many frames, which bounds the memory and the delay; for "
                 "network, wavelet and tv, and problems that do not mix frames [the whole video at once]")
      ->type_name("T")
      ->check(whole<Index>(1));
  app.add_option("--hop", o.hop,
                 "frames from one window to the next; where windows overlap they are blended [half a window]")
      ->type_name("N")
      ->check(whole<Index>(1));
  app.add_option("--warm-start", o.warm_start,
                 "what a window takes over from the one before: none, or some of z,u,states (states of a network's "
                 "forward recurrent cells) [network none, wavelet and tv z,u]")
      ->type_name("LIST");
}

/// Restores the video measured as y = A x by windows.
///
/// `after_window(cache)` sees what the net's iterations left behind. An operator that is the same for all windows is
/// factored once.
/// Errors: InputError for an operator that mixes frames.
template <class Net, class A, class AfterWindow>
void restore_by_windows(const Cpu& ex, const Net& net, std::span<const float> weights, const A& a,
                        std::span<const float> y, View<float> x, const WindowOptions& o, AfterWindow&& after_window) {
  const StreamWindows windows = o.of(x.shape);
  StreamOptions options = o.stream();
  options.hop = windows.hop;
  Shape shape = x.shape;
  shape.t = windows.size;

  using Part = FrameWindow<A>;
  auto part = std::make_unique<Part>(frame_window(a, {0, windows.size}));
  auto bound = net.bind(ex, part->a, part->of(y));
  Stream<Net> stream(ex, net, weights, shape, options);
  float* next = x.data;
  const auto put = [&](View<const float> frames) { next = std::ranges::copy(frames.flat(), next).out; };
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
