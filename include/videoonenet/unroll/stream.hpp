// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Videos of any length, restored window by window in fixed memory and with bounded delay.

#include <optional>
#include <vector>

#include "videoonenet/core/memory.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/unroll/admm_solver.hpp"

namespace videoonenet {

/// What a window takes over from the one before it, instead of beginning anew.
struct WarmStart {
  bool z = false;          ///< z of the frames both have; the new frames begin at the data step's z⁰
  bool u = false;          ///< u of the frames both have; the new frames begin at 0
  bool recurrent = false;  ///< for forward recurrent cells, their state at the frame before this window

  bool operator==(const WarmStart&) const = default;
};

/// The warm start of a Stream that is not given one. Networks begin anew, as they were trained to: for them it was
/// measured to cost up to a decibel (docs/how-to-stream.md). Classical ADMM goes on from where it was.
template <class Net>
inline constexpr WarmStart usual_warm_start{};
template <class Prior, class Data>
inline constexpr WarmStart usual_warm_start<AdmmSolver<Prior, Data>>{.z = true, .u = true};

/// What becomes of a frame that several windows have restored.
enum class Overlap {
  blend,   ///< their mean, in which each window counts more the closer the frame is to its middle
  newest,  ///< the last one's
};

/// How the windows of a Stream follow each other.
struct StreamOptions {
  Index hop = 1;                    ///< frames from one window to the next, 1 to all of a window
  std::optional<WarmStart> warm{};  ///< usual_warm_start of the network unless it is set
  Overlap overlap = Overlap::blend;
};

/// The windows that cover a video: they begin at 0, hop, 2·hop, …, the last one so that it ends with the video.
struct StreamWindows {
  Index frames = 1, size = 1, hop = 1;

  /// How many there are.  Errors: InputError for a hop or a video that does not fit.
  Index count() const {
    if (hop < 1 || hop > size || size > frames)
      throw InputError(sentence("StreamWindows: windows of ", size, " frames with a hop of ", hop, " for a video of ",
                                frames, ", expected 1 <= hop <= window <= video"));
    return 1 + (frames - size + hop - 1) / hop;
  }
  Index begin(Index i) const { return std::min(i * hop, frames - size); }
  /// Frames by which window i begins after the one before; the first one is said to have moved by a hop.
  Index moved(Index i) const { return i == 0 ? hop : begin(i) - begin(i - 1); }
};

namespace detail {

template <class Net, class Ex>
concept Streamable = requires(const Net& net, Memory<Ex>& memory, const Shape& window) {
  typename Net::value_type;
  { net.parameter_count() } -> std::convertible_to<Index>;
  Net::state(std::declval<decltype(net.make_cache(memory, window))&>());
};

}  // namespace detail

/// Restores a video of any length by windows of T frames: an unrolled network, a Model, or classical ADMM.
///
/// Math: for every window z, u ← start; the frames of the window before take over its z and u where WarmStart says so;
/// then the iterations. With Overlap::blend a frame is Σ_w r(p_w) z_w / Σ_w r(p_w), p_w its position in window w and
/// r(p) = min(p + 1, T − p).
/// Every window brings its own problem, bound by `net.bind(ex, a, y)`: any operator on T frames. It suits when it is
/// the part of the whole measurement that depends on these frames alone: operators that work frame by frame (masks,
/// frame selections, sub-sampling, blur within frames, colour loss). One that mixes frames, such as a temporal blur,
/// suits only if no measurement mixes frames inside and outside of a window.
/// Delay: a frame is finished when at most T − 1 frames after it are known.
/// Shapes: `window` is 1×T×H×W×F.
/// Errors: ShapeError for a batch; InputError for a hop that is no part of the window, or recurrent states of a network
/// that has none. Cost: T/hop times that of the network for every frame; one video of memory beside it, all of it
/// planned: nothing is allocated after the construction.
template <class Net, Executor Ex = Cpu>
class Stream {
  static_assert(detail::Streamable<Net, Ex>,
                "videoonenet: a Stream runs an unrolled network, a Model or an AdmmSolver: it needs `make_cache`, "
                "`start`, `iterate`, `state` and `parameter_count`. Read docs/how-to-stream.md");

 public:
  using T = typename Net::value_type;

  /// `parameters` must outlive it.
  Stream(const Ex& ex, const Net& net, std::span<const T> parameters, const Shape& window,
         const StreamOptions& options = {})
      : ex_(ex),
        net_(net),
        parameters_(parameters),
        options_(checked(window, options)),
        warm_(options.warm.value_or(usual_warm_start<Net>)),
        planned_(plan(
            ex,
            [&](auto& memory) {
              return Cache{net.make_cache(memory, window), memory.kept.template take<T>(window)};
            },
            Purpose::inference, warm_.recurrent ? options.hop : 0)),
        weights_(static_cast<std::size_t>(window.t)) {
    require_size(std::ssize(parameters), net.parameter_count(), "Stream", "the list of parameters");
    if (warm_.recurrent && planned_.memory.carried.peak_bytes() == 0)
      throw InputError("Stream: recurrent states are to be carried on, but the network has none that goes forward");
  }

  /// Restores the window that begins `moved` frames after the one before (the first one wherever the video begins) and
  /// returns the frames that are finished by it: `moved`, of the first window `hop`. They hold until the next call.
  /// `moved` is less than the hop for the last window of a video that has no room for a whole one; recurrent states,
  /// which belong to the hop, then begin at zero.
  template <class Bound>
  View<const T> advance(Bound& bound, Index moved) {
    const Index hop = options_.hop;
    if (moved < 1 || moved > hop)
      throw InputError(sentence("Stream: a window moved by ", moved, " frames, expected 1 to the hop of ", hop));
    AdmmState<T>& s = Net::state(planned_.cache.net);
    const bool first = std::exchange(first_, false);
    if (!first) {
      move_on(moved);
      if (moved != hop) forget();
      if (warm_.z) keep(s.z, s.x, moved);  // until the iteration x and scratch are free
      if (warm_.u) keep(s.u, s.scratch, moved);
    }
    net_.start(ex_, parameters_, bound, planned_.cache.net);
    if (!first && warm_.z) take_over(s.x, s.z, moved);
    if (!first && warm_.u) take_over(s.scratch, s.u, moved);
    net_.iterate(ex_, parameters_, bound, planned_.cache.net);
    blend(s.z);
    return frames(first ? 0 : hop - moved, hop);
  }
  template <class Bound>
  View<const T> advance(Bound& bound) {
    return advance(bound, options_.hop);
  }

  /// The frames of the last window that `advance` has not returned: what is left when the video ends.
  View<const T> rest() const { return frames(options_.hop, window().t); }

  /// Begins another video.
  void restart() {
    first_ = true;
    std::ranges::fill(weights_, T(0));
    forget();
  }

  const Shape& window() const { return planned_.cache.restored.shape; }
  const StreamOptions& options() const { return options_; }
  WarmStart warm() const { return warm_; }
  /// What the iterations of the last window left behind, such as the report of an AdmmSolver.
  const auto& cache() const { return planned_.cache.net; }
  /// Bytes of its memory.
  Index bytes() const { return planned_.bytes(); }

 private:
  struct Cache {
    decltype(std::declval<const Net&>().make_cache(std::declval<Memory<Ex>&>(), Shape())) net;
    View<T> restored;  ///< the window's frames, blended over the windows so far
  };

  static StreamOptions checked(const Shape& window, const StreamOptions& options) {
    require_valid(window, "Stream");
    if (window.n != 1)
      throw ShapeError(sentence("Stream: a window (N,T,H,W,F) = ", window, " is a batch, expected one video"));
    if (options.hop < 1 || options.hop > window.t)
      throw InputError(
          sentence("Stream: a hop of ", options.hop, " frames, expected 1 to the window's ", Index(window.t)));
    return options;
  }

  View<T> frames(Index begin, Index end) const {
    View<T> part = planned_.cache.restored;
    part.data += begin * part.shape.frame_size();
    part.shape.t = end - begin;
    return part;
  }
  static std::span<T> frame(const View<T>& video, Index t) {
    const auto size = static_cast<std::size_t>(video.shape.frame_size());
    return video.flat().subspan(static_cast<std::size_t>(t) * size, size);
  }
  void keep(const View<T>& from, const View<T>& to, Index moved) const {
    for (Index t = moved; t < window().t; ++t) copy(ex_, frame(from, t), frame(to, t - moved));
  }
  void take_over(const View<T>& from, const View<T>& to, Index moved) const {
    for (Index t = 0; t < window().t - moved; ++t) copy(ex_, frame(from, t), frame(to, t));
  }
  void move_on(Index moved) {
    const View<T> restored = planned_.cache.restored;
    keep(restored, restored, moved);  // frame by frame, the first one first
    std::shift_left(weights_.begin(), weights_.end(), moved);
    std::fill(weights_.end() - moved, weights_.end(), T(0));
  }
  void forget() {
    if (const auto carried = planned_.memory.carried.template all<T>(); !carried.empty()) fill(ex_, T(0), carried);
  }
  void blend(const View<T>& z) {
    const Index size = window().t;
    for (Index t = 0; t < size; ++t) {
      const std::span<T> restored = frame(planned_.cache.restored, t);
      T& before = weights_[static_cast<std::size_t>(t)];
      const T own = static_cast<T>(std::min(t + 1, size - t));
      if (before == T(0) || options_.overlap == Overlap::newest)
        copy(ex_, frame(z, t), restored);
      else
        axpby(ex_, own / (before + own), frame(z, t), before / (before + own), restored);
      before += own;
    }
  }

  Ex ex_;
  Net net_;
  std::span<const T> parameters_;
  StreamOptions options_;
  WarmStart warm_;
  Planned<Cache, Ex> planned_;
  std::vector<T> weights_;  ///< Σ r of every frame's windows so far
  bool first_ = true;
};

}  // namespace videoonenet
