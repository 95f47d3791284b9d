// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// --input, unless it takes OpenCV to read it.

#include "support/video_input.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "support/pictures.hpp"
#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/io/npy.hpp"

namespace program {

namespace {

/// The height and width of --size; nothing for an empty text.
/// Errors: InputError.
std::optional<std::array<Index, 2>> parse_size(const std::string& text) {
  if (text.empty()) return std::nullopt;
  long height = 0, width = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%ldx%ld%n", &height, &width, &read) != 2 ||
      static_cast<std::size_t>(read) != text.size() || height < 1 || width < 1)
    throw InputError(sentence("--size is \"", text, "\", expected HxW, for example 240x320"));
  return std::array<Index, 2>{height, width};
}

/// Frames [start, start + count) of an array.
Tensor<float> take_frames(const Tensor<float>& video, const InputOptions& o) {
  const Shape s = video.shape();
  const Index count = o.frames.value_or(s.t - o.start);
  if (s.n != 1) throw ShapeError(sentence(o.path, ": holds a batch, (N,T,H,W,F) = ", s, ", expected one video"));
  if (count < 1 || o.start + count > s.t)
    throw InputError(sentence(o.path, ": has ", Index(s.t), " frames, but ", std::max<Index>(count, 1), " from frame ",
                              o.start, " on were asked for"));
  const Shape taken{.t = count, .h = Index(s.h), .w = Index(s.w), .f = Index(s.f)};
  return Tensor<float>(taken, video.flat().subspan(std::size_t(o.start * s.frame_size()), std::size_t(taken.size())));
}

/// Errors: InputError when a value lies outside [0, 1] by more than rounding, as in arrays of 0 to 255.
void require_unit_range(const Tensor<float>& video, const std::string& path) {
  const auto [least, most] = std::ranges::minmax(video.flat());
  if (least < -1e-3f || most > 1 + 1e-3f)
    throw InputError(sentence(path, ": has values from ", least, " to ", most, ", expected values in [0, 1]"));
}

}  // namespace

VideoInput read_input(const Cpu& ex, const InputOptions& o, std::uint64_t seed) {
  const auto size = parse_size(o.size);
  constexpr std::string_view synthetic = "synthetic";
  if (o.path == synthetic || o.path.starts_with("synthetic:")) {
    const auto kind =
        o.path == synthetic ? SyntheticKind::texture : parse_synthetic_kind(o.path.substr(synthetic.size() + 1));
    Random random(seed, 0x73796e7468ull);
    const auto [height, width] = size.value_or(std::array<Index, 2>{96, 128});
    const Index frames = o.frames.value_or(16);
    const Tensor<float> video =
        synthetic_video<float>(ex, kind, {.t = o.start + frames, .h = height, .w = width, .f = o.gray ? 1 : 3}, random);
    return {take_frames(video, o)};
  }
  if (std::filesystem::path(o.path).extension() == ".npy") {
    if (size || o.gray) throw InputError("--size and --gray do not apply to a .npy input, which is taken as it is");
    VideoInput input{take_frames(read_npy<float>(o.path), o)};
    require_unit_range(input.video, o.path);
    return input;
  }
  return pictures().read_clip(o, size);
}

}  // namespace program
