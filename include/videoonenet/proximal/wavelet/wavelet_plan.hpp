// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a wavelet transform of one shape does: which axes, how many levels, with which filters.

#include <algorithm>

#include "videoonenet/core/shape.hpp"
#include "videoonenet/proximal/wavelet/wavelet_filter.hpp"

namespace videoonenet {

/// A wavelet for each axis that is transformed.
struct AxisWavelets {
  WaveletName t = WaveletName::haar;  ///< over frames
  WaveletName h = WaveletName::db4;   ///< over rows
  WaveletName w = WaveletName::db4;   ///< over columns
};

/// How often each axis is halved: numbers, `Levels{.t = 1, .h = 2, .w = 2}`, or one of two rules.
struct Levels {
  /// Where the numbers come from.
  enum class Rule {
    given,      ///< from t, h and w below
    published,  ///< one number for all three axes
    automatic,  ///< a number for each axis
  };

  Index t = 0, h = 0, w = 0;
  Rule rule = Rule::given;

  /// The levels PyWavelets' `wavedecn(level=None)` takes over (T, H, W): for every axis the least of
  /// ⌊log2(n/(L−1))⌋ over the axes (n entries, L taps). With db4 that is 0 for T < 14: the transform is the identity.
  /// (PyWavelets would count a channel axis it is given, and so find 0; channels are never transformed here.)
  static const Levels published;
  /// ⌊log2(n/(L−1))⌋ for each axis by itself, ended early where the sample that an odd length carries along (see
  /// WaveletTransform) would be filtered together with samples of another scale.
  static const Levels automatic;
};

inline constexpr Levels Levels::published{.rule = Rule::published};
inline constexpr Levels Levels::automatic{.rule = Rule::automatic};

/// Levels after which n entries are fewer than the L − 1 that a filter of L taps reaches over.
constexpr Index max_wavelet_level(Index n, WaveletName name) {
  const Index reach = wavelet_taps(name) - 1;
  Index level = 0;
  while (reach <= n >> (level + 1)) ++level;
  return level;
}

namespace detail {

/// The rule `Levels::automatic` for one axis.
constexpr Index automatic_wavelet_level(Index n, WaveletName name) {
  const Index most = max_wavelet_level(n, name);
  Index level = 0;
  for (bool carried = false; level < most && !(carried && n % 2 == 0); ++level) {
    carried = carried || n % 2 != 0;
    n = (n + 1) / 2;
  }
  return level;
}

/// Entries of the approximation after `level` halvings of n entries.
constexpr Index approximation_length(Index n, Index level) {
  for (; level > 0; --level) n = (n + 1) / 2;
  return n;
}

}  // namespace detail

/// The levels of each axis for videos of one shape; the result's rule is `given`.
/// Errors: InputError when a given level is negative or more than leaves a single entry.
inline Levels resolve_levels(const Levels& levels, const Shape& shape, const AxisWavelets& wavelets) {
  if (levels.rule == Levels::Rule::automatic)
    return {.t = detail::automatic_wavelet_level(shape.t, wavelets.t),
            .h = detail::automatic_wavelet_level(shape.h, wavelets.h),
            .w = detail::automatic_wavelet_level(shape.w, wavelets.w)};
  if (levels.rule == Levels::Rule::published) {
    const Index common = std::min({max_wavelet_level(shape.t, wavelets.t), max_wavelet_level(shape.h, wavelets.h),
                                   max_wavelet_level(shape.w, wavelets.w)});
    return {.t = common, .h = common, .w = common};
  }
  const auto require = [&](Index level, Index n, const char* axis) {
    if (level < 0 || level > 62 || (level > 0 && detail::approximation_length(n, level - 1) == 1))
      throw InputError(sentence("wavelet: ", level, " levels were given for axis ", axis, " of ", n,
                                " entries, expected at least 0 and no more than leave a single entry"));
  };
  require(levels.t, shape.t, "T");
  require(levels.h, shape.h, "H");
  require(levels.w, shape.w, "W");
  return levels;
}

/// One axis of a wavelet transform: its levels and filters in the scalar type of the data.
///
/// Analysis reads L neighbours and writes an approximation and a detail; synthesis reads L/2 of each and writes two
/// neighbours. Both are two inner products with L terms, so one kernel serves both.
template <class T>
struct WaveletAxis {
  Index levels = 0;
  int taps = 2;
  std::array<T, detail::max_wavelet_taps> low{};   ///< h_j
  std::array<T, detail::max_wavelet_taps> high{};  ///< g_j
  std::array<T, detail::max_wavelet_taps> even{};  ///< h_0, g_0, h_2, g_2, …: the first of two neighbours
  std::array<T, detail::max_wavelet_taps> odd{};   ///< h_1, g_1, h_3, g_3, …: the second

  WaveletAxis() = default;
  WaveletAxis(WaveletName name, Index levels_of_axis) : levels(levels_of_axis), taps(wavelet_taps(name)) {
    const std::span<const double> h = scaling_filter(name);
    const auto length = h.size();
    for (std::size_t j = 0; j < length; ++j) {
      low[j] = static_cast<T>(h[j]);
      high[j] = static_cast<T>(j % 2 ? -h[length - 1 - j] : h[length - 1 - j]);
    }
    for (std::size_t i = 0; 2 * i < length; ++i) {
      even[2 * i] = low[2 * i], even[2 * i + 1] = high[2 * i];
      odd[2 * i] = low[2 * i + 1], odd[2 * i + 1] = high[2 * i + 1];
    }
  }

  /// The k-th approximation begins at sample 2k + offset(), as in PyWavelets.
  Index offset() const { return 1 - taps / 2; }
};

/// A wavelet transform of videos of one shape.
template <class T>
struct WaveletPlan {
  Shape shape;
  WaveletAxis<T> t, h, w;

  Index levels() const { return std::max({t.levels, h.levels, w.levels}); }
  /// Extents of the approximation after `level` levels.
  Shape approximation(Index level) const {
    return {.n = shape.n,
            .t = detail::approximation_length(shape.t, std::min(level, t.levels)),
            .h = detail::approximation_length(shape.h, std::min(level, h.levels)),
            .w = detail::approximation_length(shape.w, std::min(level, w.levels)),
            .f = shape.f};
  }
};

}  // namespace videoonenet
