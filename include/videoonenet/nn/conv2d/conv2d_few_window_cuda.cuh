// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The side of few channels of a convolution of stride one, as a block keeps it in shared memory: frames with the zeros
/// around them, where entry (r, s, c) of the window of a pixel lies at byte corner(pixel) + offset(r, s, c).

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/grid.hpp"
#include "videoonenet/core/cuda/matrix_unit.cuh"
#include "videoonenet/core/cuda/pack.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::cuda::convolution {

/// The terms of a sum in the order in which the lanes of a warp hold them: slot q of a lane is term lane mod 4 + 4 q of
/// each `depth`. Neighbouring lanes hold neighbouring terms in every precision, and the terms of a sum may be taken in
/// any order that both operands agree on.
template <class Unit>
struct TermSlots {
  static constexpr int count = Unit::depth / 4;
  /// The slot of a part of a; part q of b is slot q.
  VIDEOONENET_HOST_DEVICE static constexpr int of_a(int part) {
    const int term = Unit::a_term(0, part);
    return count == 2 ? term / 4 : term / 8 * 2 + term % 2;
  }
  /// Whether a part of a belongs to the lower eight rows.
  VIDEOONENET_HOST_DEVICE static constexpr int half_of_a(int part) { return Unit::a_row(0, part) / 8; }
};

/// Frames one below the other. Neighbours share the zeros between them: ⌊kernel / 2⌋ lines between frames, as many
/// columns between the end of a line and the beginning of the next one.
struct FewWindow {
  const float* x = nullptr;
  Divisor frame_pixels{}, width{}, line{}, frame_lines{}, channels{}, kernel{};
  int frames = 1, height = 1, before = 0;
  int pixel_size = 1;  ///< entries from a pixel to the next one
  static constexpr int bytes = static_cast<int>(sizeof(float));

  static FewWindow make(const Conv2dGeometry& g, const float* x) {
    const auto number = [](Index value) { return as_int(value, "a convolution"); };
    const auto in = static_cast<int>(g.in);
    number(g.frames * (g.h + g.kernel));
    FewWindow f{.x = x};
    f.frame_pixels = Divisor(number(g.h * g.w)), f.width = Divisor(number(g.w));
    f.line = Divisor(number(g.w + g.kernel / 2)), f.frame_lines = Divisor(number(g.h + g.kernel / 2));
    f.channels = Divisor(in), f.kernel = Divisor(number(g.kernel));
    f.frames = number(g.frames), f.height = number(g.h), f.before = static_cast<int>(g.before(g.h));
    // 4 mod 8 from three channels on: the entries that the lanes of a warp read then lie in different banks.
    f.pixel_size = in < 3 ? in : (in + 3) / 8 * 8 + 4;
    return f;
  }

  /// Entries that hold the windows of any `band` pixels that follow each other.
  Index size(Index band) const {
    const Index rows = (band + width.value() - 2) / width.value() + 1;
    const Index gaps = ceil_div(rows - 1, height), gap = frame_lines.value() - height;
    return ((rows + gaps * gap + kernel.value() - 1) * line.value() + before) * pixel_size;
  }

  /// The line on which a pixel's window begins; frames are whole lines.
  VIDEOONENET_HOST_DEVICE int first_line(int pixel) const {
    const int frame = frame_pixels.divide(pixel);
    return frame * frame_lines.value() + width.divide(pixel - frame * frame_pixels.value());
  }
  /// Where a pixel's window begins in shared memory that begins with line `first`.
  VIDEOONENET_HOST_DEVICE int corner(int pixel, int first) const {
    return ((first_line(pixel) - first) * line.value() + width.remainder(pixel)) * pixel_size * bytes;
  }
  /// Where term (r, s, c) lies from the corner.
  VIDEOONENET_HOST_DEVICE int offset(int term) const {
    const int at = channels.divide(term), r = kernel.divide(at), s = at - r * kernel.value();
    return ((r * line.value() + s) * pixel_size + term - at * channels.value()) * bytes;
  }

  /// Copies the windows of pixels [begin, end), rounded; the caller waits before and after.
  template <class Unit, class Thread, class Shared>
  VIDEOONENET_DEVICE void fill(const Thread& t, const Shared& window, int begin, int end) const {
    const int first = first_line(begin), lines = first_line(end - 1) - first + kernel.value();
    const int entries = (lines * line.value() + before) * channels.value();
    for (int entry = t.thread(); entry < entries; entry += t.threads()) {
      const int place = channels.divide(entry), c = entry - place * channels.value();
      const int below = line.divide(place), j = place - below * line.value() - before;
      const int frame = frame_lines.divide(first + below), i = first + below - frame * frame_lines.value() - before;
      const bool inside = i >= 0 && i < height && j >= 0 && j < width.value() && frame < frames;
      const float value = inside ? x[((frame * height + i) * width.value() + j) * channels.value() + c] : 0.0f;
      window[place * pixel_size + c] = Unit::rounded(t, value);
    }
  }
};

/// Bytes of shared memory that a block can have.
inline constexpr Index block_memory = Index(227) << 10;

/// Whether a convolution is one that the kernels for few channels are made for.
inline bool few_channels(const Conv2dGeometry& g) {
  return g.stride == 1 && g.kernel > 1 && g.in <= 24 && g.out % 64 == 0;
}

}  // namespace videoonenet::cuda::convolution
