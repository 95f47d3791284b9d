// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The names of the inverse problems and what may be chosen about each.

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// The inverse problems of SPEC §3; `to_string` gives the key as programs and files spell it.
enum class ProblemKey {
  pixel_inpaint,
  center_inpaint,
  scattered_inpaint,
  super_resolution,
  compressive_sensing,
  video_compressive_sensing,
  disk_blur,
  temporal_disk_blur,
  motion_blur,
  frame_interpolation,
  frame_prediction,
  colorization,
  strided_blur,
  gray_strided_blur,
  dense,  ///< a matrix of the user's own: it has a name in files, but cannot be drawn
};

/// Every key with its spelling.
inline constexpr std::array<std::pair<ProblemKey, std::string_view>, 15> problem_keys{{
    {ProblemKey::pixel_inpaint, "pixel_inpaint"},
    {ProblemKey::center_inpaint, "center_inpaint"},
    {ProblemKey::scattered_inpaint, "scattered_inpaint"},
    {ProblemKey::super_resolution, "super_resolution"},
    {ProblemKey::compressive_sensing, "compressive_sensing"},
    {ProblemKey::video_compressive_sensing, "video_compressive_sensing"},
    {ProblemKey::disk_blur, "disk_blur"},
    {ProblemKey::temporal_disk_blur, "temporal_disk_blur"},
    {ProblemKey::motion_blur, "motion_blur"},
    {ProblemKey::frame_interpolation, "frame_interpolation"},
    {ProblemKey::frame_prediction, "frame_prediction"},
    {ProblemKey::colorization, "colorization"},
    {ProblemKey::strided_blur, "strided_blur"},
    {ProblemKey::gray_strided_blur, "gray_strided_blur"},
    {ProblemKey::dense, "dense"},
}};

/// The spelling of a key, e.g. "pixel_inpaint".
constexpr std::string_view to_string(ProblemKey key) {
  for (const auto& [candidate, name] : problem_keys)
    if (candidate == key) return name;
  return "unknown";
}

/// The key of a spelling.
/// Errors: InputError listing the known keys.
inline ProblemKey parse_problem_key(std::string_view text) {
  std::string known;
  for (const auto& [key, name] : problem_keys) {
    if (name == text) return key;
    known.append(known.empty() ? "" : ", ").append(name);
  }
  throw InputError(sentence("there is no problem named \"", text, "\"; the known ones are ", known));
}

/// The kernel of `motion_blur`.
enum class MotionKernel {
  published,  ///< the public code's 3×3 kernel, as Table 1 was measured; empty for no angle
  line,       ///< a true line of kernel_size pixels through the centre, as the paper describes it (7×7)
};

/// The low-pass filter of `strided_blur` and `gray_strided_blur`.
enum class LowPass {
  gaussian,  ///< standard deviation kernel_size / 6: for 3×3, where the papers give none, the customary 0.5 pixels
  flat,      ///< equal taps
};

/// One inverse problem: its key and, where they differ from the papers', its parameters.
///
/// `ratio` means, by key: pixel_inpaint the probability that an entry is kept (default 0.5); center_inpaint and
/// scattered_inpaint the side of a box over the height (0.4, 0.2); super_resolution, strided_blur and
/// gray_strided_blur one over the subsampling factor (0.5, 0.25, 0.5); both compressive sensings measurements over
/// entries (0.1); frame_interpolation the frames kept over all frames, one over an integer (0.5); frame_prediction the
/// frames dropped over all frames (0.5). Every other problem has none.
/// Units: noise_sigma in video values.  Source: SPEC §3.
struct ProblemSpec {
  ProblemKey key = ProblemKey::pixel_inpaint;
  std::optional<double> ratio{};                ///< see above; unset: the default
  std::optional<double> noise_sigma{};          ///< unset: 0.1 for pixel_inpaint, 0 for every other problem
  std::optional<MotionKernel> motion_kernel{};  ///< motion_blur only; unset: published
  std::optional<LowPass> low_pass{};            ///< strided_blur and gray_strided_blur only; unset: gaussian
  /// Side of the line (unset: 7) or of the low-pass filter (unset: 3).
  std::optional<Index> kernel_size{};

  friend bool operator==(const ProblemSpec&, const ProblemSpec&) = default;
};

/// The ratio a problem has unless told otherwise; none for problems without one.
constexpr std::optional<double> default_ratio(ProblemKey key) {
  switch (key) {
    case ProblemKey::pixel_inpaint:
    case ProblemKey::super_resolution:
    case ProblemKey::frame_interpolation:
    case ProblemKey::frame_prediction:
    case ProblemKey::gray_strided_blur:
      return 0.5;
    case ProblemKey::center_inpaint:
      return 0.4;
    case ProblemKey::scattered_inpaint:
      return 0.2;
    case ProblemKey::compressive_sensing:
    case ProblemKey::video_compressive_sensing:
      return 0.1;
    case ProblemKey::strided_blur:
      return 0.25;
    default:
      return std::nullopt;
  }
}

/// The ratio in effect: the one given, else the default, none for problems without one.
constexpr std::optional<double> effective_ratio(const ProblemSpec& spec) {
  return spec.ratio ? spec.ratio : default_ratio(spec.key);
}

/// The standard deviation of the measurement noise in effect.
constexpr double effective_noise_sigma(const ProblemSpec& spec) {
  return spec.noise_sigma.value_or(spec.key == ProblemKey::pixel_inpaint ? 0.1 : 0.0);
}

/// Checks that every parameter is in range and belongs to the problem, so that none is silently without effect.
/// Errors: InputError.
inline void require_valid(const ProblemSpec& spec) {
  const auto name = to_string(spec.key);
  const auto refuse_unless = [&](bool allowed, const char* what) {
    if (!allowed) throw InputError(sentence("the problem ", name, " has no ", what, ", but one was given"));
  };
  if (spec.ratio) {
    refuse_unless(default_ratio(spec.key).has_value(), "ratio");
    if (!(*spec.ratio > 0 && *spec.ratio <= 1))
      throw InputError(sentence("the problem ", name, " was given the ratio ", *spec.ratio,
                                ", expected a number above 0 and at most 1"));
  }
  if (spec.noise_sigma && !(*spec.noise_sigma >= 0 && std::isfinite(*spec.noise_sigma)))
    throw InputError(sentence("the problem ", name, " was given noise of standard deviation ", *spec.noise_sigma,
                              ", expected a finite number from 0"));
  const bool strided = spec.key == ProblemKey::strided_blur || spec.key == ProblemKey::gray_strided_blur;
  const bool line = spec.key == ProblemKey::motion_blur && spec.motion_kernel == MotionKernel::line;
  if (spec.motion_kernel) refuse_unless(spec.key == ProblemKey::motion_blur, "motion kernel");
  if (spec.low_pass) refuse_unless(strided, "low-pass filter");
  if (spec.kernel_size) {
    refuse_unless(strided || line, "kernel of a size to choose");
    if (*spec.kernel_size < 1)
      throw InputError(
          sentence("the problem ", name, " was given a kernel of side ", *spec.kernel_size, ", expected at least 1"));
  }
}

namespace detail {

/// The number that follows a mark in the text of a problem.
/// Errors: InputError.
inline double problem_number(std::string_view number, std::string_view problem, const char* what) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size())
    throw InputError(sentence("the problem \"", problem, "\" has the ", what, " \"", number, "\", expected a number"));
  return value;
}

}  // namespace detail

/// A problem as a command line spells it: a key, its ratio after a colon, the standard deviation of its noise after an
/// at sign, the last two where they differ from the key's own: `super_resolution:0.25@0.01`.
/// Errors: InputError.
inline ProblemSpec parse_problem_spec(std::string_view text) {
  const auto at = text.find('@');
  const std::string_view head = text.substr(0, at);
  const auto colon = head.find(':');
  ProblemSpec spec{.key = parse_problem_key(head.substr(0, colon))};
  if (colon != std::string_view::npos) spec.ratio = detail::problem_number(head.substr(colon + 1), text, "ratio");
  if (at != std::string_view::npos) spec.noise_sigma = detail::problem_number(text.substr(at + 1), text, "noise");
  require_valid(spec);
  return spec;
}

/// The inverse of parse_problem_spec; parameters other than the ratio and the noise are not spelled.
inline std::string to_string(const ProblemSpec& spec) {
  std::string text(to_string(spec.key));
  if (spec.ratio) text += sentence(":", *spec.ratio);
  if (spec.noise_sigma) text += sentence("@", *spec.noise_sigma);
  return text;
}

}  // namespace videoonenet
