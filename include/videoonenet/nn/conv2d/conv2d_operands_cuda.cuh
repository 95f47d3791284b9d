// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A convolution's operands as a MatrixProduct reads them: where the entry at (row, term) lies.
///
/// Width 4 needs numbers of channels that are multiples of 4; width 1 serves all.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/grid.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::cuda::convolution {

/// Whether copies of `width` floats from p are aligned.
inline bool is_aligned(const float* p, int width) {
  return reinterpret_cast<std::uintptr_t>(p) % (sizeof(float) * static_cast<std::size_t>(width)) == 0;
}

/// Where the frames of a batch lie: frame f is number f mod per_group of group ⌊f / per_group⌋.
struct FrameMap {
  Divisor per_group{};
  int group_stride = 0, frame_stride = 0;  ///< in entries

  /// All frames one behind the other, `size` entries each.
  static FrameMap contiguous(Index frames, Index size) {
    FrameMap map{.per_group = Divisor(as_int(frames, "a convolution")), .frame_stride = as_int(size, "a convolution")};
    as_int(frames * size, "a convolution");
    return map;
  }
  VIDEOONENET_HOST_DEVICE int offset(int frame) const {
    const int group = per_group.divide(frame);
    return group * group_stride + (frame - group * per_group.value()) * frame_stride;
  }
};

/// Frames of pixels, and how an output pixel (i, j) and a kernel entry (r, s) meet in them: at row (i·up + turn·r +
/// shift) / down, where that is whole and inside; columns likewise.
struct Frames {
  const float* data = nullptr;
  FrameMap map{};
  Divisor out_pixels{}, out_w{};  ///< of the other side
  int h = 1, w = 1, channels = 1;
  int up = 1, down = 1, turn = 1, shift_h = 0, shift_w = 0;

  /// x of a convolution, whose outputs are the other side.
  static Frames input(const Conv2dGeometry& g, const float* x) {
    Frames f{.data = x, .map = FrameMap::contiguous(g.frames, g.h * g.w * g.in)};
    f.out_pixels = Divisor(as_int(g.out_h() * g.out_w(), "a convolution")),
    f.out_w = Divisor(as_int(g.out_w(), "a convolution"));
    f.h = as_int(g.h, "a convolution"), f.w = as_int(g.w, "a convolution"), f.channels = as_int(g.in, "a convolution");
    f.up = as_int(g.stride, "a convolution");
    f.shift_h = -static_cast<int>(g.before(g.h)), f.shift_w = -static_cast<int>(g.before(g.w));
    return f;
  }
  /// grad_y of a convolution, whose inputs are the other side.
  static Frames output(const Conv2dGeometry& g, const float* grad_y) {
    Frames f{.data = grad_y, .map = FrameMap::contiguous(g.frames, g.out_h() * g.out_w() * g.out)};
    f.out_pixels = Divisor(as_int(g.h * g.w, "a convolution")), f.out_w = Divisor(as_int(g.w, "a convolution"));
    f.h = as_int(g.out_h(), "a convolution"), f.w = as_int(g.out_w(), "a convolution"),
    f.channels = as_int(g.out, "a convolution");
    f.down = as_int(g.stride, "a convolution"), f.turn = -1;
    f.shift_h = static_cast<int>(g.before(g.h)), f.shift_w = static_cast<int>(g.before(g.w));
    return f;
  }

  /// A pixel of the other side.
  struct Pixel {
    int frame, i, j;
  };
  VIDEOONENET_HOST_DEVICE Pixel pixel(int number) const {
    const int frame = out_pixels.divide(number), rest = number - frame * out_pixels.value(), i = out_w.divide(rest);
    return {frame, i, rest - i * out_w.value()};
  }
  /// The pixel that (i, j) = (row, column) · up + shift and (r, s) meet at, channel 0; null outside.
  VIDEOONENET_HOST_DEVICE const float* meet(int frame_offset, int row, int column, int r, int s) const {
    int y = row + turn * r, x = column + turn * s;
    if (y < 0 || x < 0) return nullptr;
    if (down > 1) {
      if (y % down != 0 || x % down != 0) return nullptr;
      y /= down, x /= down;
    }
    return y < h && x < w ? data + frame_offset + (y * w + x) * channels : nullptr;
  }
};

/// Row m is the window of pixel m of the other side, term k = (r, s, c) its entries.
template <int width_>
struct Windows {
  static constexpr int width = width_;
  static constexpr bool along_terms = width > 1;

  Frames frames;
  Divisor kernel, channels;
  int rows;
  bool aligned;

  Windows(const Frames& f, Index kernel_width, Index row_count)
      : frames(f),
        kernel(as_int(kernel_width, "a convolution")),
        channels(f.channels),
        rows(as_int(row_count, "a convolution")),
        aligned(is_aligned(f.data, width)) {}

  struct Line {
    int frame_offset, row, column;
  };
  struct Term {
    int r, s, c;
  };
  VIDEOONENET_HOST_DEVICE Line line(int m) const {
    constexpr int outside = -(1 << 30);
    if (m >= rows) return {0, outside, outside};
    const Frames::Pixel p = frames.pixel(m);
    return {frames.map.offset(p.frame), p.i * frames.up + frames.shift_h, p.j * frames.up + frames.shift_w};
  }
  VIDEOONENET_HOST_DEVICE Term term(int k) const {
    const int at = channels.divide(k), r = kernel.divide(at);
    return {r, at - r * kernel.value(), k - at * channels.value()};
  }
  VIDEOONENET_HOST_DEVICE const float* entry(const Line& l, const Term& t) const {
    const float* p = frames.meet(l.frame_offset, l.row, l.column, t.r, t.s);
    return p ? p + t.c : nullptr;
  }
};

/// The same the other way round, for kernel gradients: row m = (r, s, c), term k is pixel k of the other side.
template <int width_>
struct WindowEntries {
  static constexpr int width = width_;
  static constexpr bool along_terms = false;

  Windows<width> windows;
  int rows;
  bool aligned;

  WindowEntries(const Frames& f, Index kernel_width, Index pixels)
      : windows(f, kernel_width, pixels),
        rows(as_int(kernel_width * kernel_width * f.channels, "a convolution")),
        aligned(windows.aligned) {}

  using Line = typename Windows<width>::Term;
  using Term = typename Windows<width>::Line;
  VIDEOONENET_HOST_DEVICE Line line(int m) const { return m < rows ? windows.term(m) : Line{0, 0, -1}; }
  VIDEOONENET_HOST_DEVICE Term term(int k) const { return windows.line(k); }
  VIDEOONENET_HOST_DEVICE const float* entry(const Line& l, const Term& t) const {
    return l.c < 0 ? nullptr : windows.entry(t, l);
  }
};

/// A matrix as it lies in memory, terms × columns: a kernel (r, s, c) × k.
template <int width_>
struct TermsByColumns {
  static constexpr int width = width_;
  static constexpr bool along_terms = false;
  const float* data;
  int columns;
  bool aligned;

  TermsByColumns(const float* entries, Index column_count)
      : data(entries), columns(as_int(column_count, "a convolution")), aligned(is_aligned(entries, width)) {}

  using Line = int;
  using Term = int;
  VIDEOONENET_HOST_DEVICE Line line(int n) const { return n; }
  VIDEOONENET_HOST_DEVICE Term term(int k) const { return k; }
  VIDEOONENET_HOST_DEVICE const float* entry(Line n, Term k) const {
    return n < columns ? data + k * columns + n : nullptr;
  }
};

/// The pixels of frames × their channels: grad_y in a kernel gradient, of convolutions and of recurrent layers.
template <int width_>
struct Pixels {
  static constexpr int width = width_;
  static constexpr bool along_terms = false;
  const float* data;
  FrameMap map;
  Divisor pixels;  ///< of a frame
  int channels;
  bool aligned;

  Pixels(const float* entries, const FrameMap& frame_map, Index frame_pixels, Index channel_count)
      : data(entries),
        map(frame_map),
        pixels(as_int(frame_pixels, "a convolution")),
        channels(as_int(channel_count, "a convolution")),
        aligned(is_aligned(entries, width)) {}

  using Line = int;
  using Term = int;
  VIDEOONENET_HOST_DEVICE Line line(int n) const { return n; }
  /// The offset of a pixel.
  VIDEOONENET_HOST_DEVICE Term term(int k) const {
    const int frame = pixels.divide(k);
    return map.offset(frame) + (k - frame * pixels.value()) * channels;
  }
  VIDEOONENET_HOST_DEVICE const float* entry(Line n, Term offset) const {
    return n < channels ? data + offset + n : nullptr;
  }
};

/// A kernel of (r, s, c) × k, transposed: column c, term (r, s, k).
template <int width_>
struct TransposedKernel {
  static constexpr int width = width_;
  static constexpr bool along_terms = width > 1;
  const float* data;
  int in;
  Divisor out;
  bool aligned;

  TransposedKernel(const float* entries, Index in_channels, Index out_channels)
      : data(entries),
        in(as_int(in_channels, "a convolution")),
        out(as_int(out_channels, "a convolution")),
        aligned(is_aligned(entries, width)) {}

  using Line = int;
  struct Term {
    int at, k;  ///< r·kernel + s
  };
  VIDEOONENET_HOST_DEVICE Line line(int c) const { return c; }
  VIDEOONENET_HOST_DEVICE Term term(int term_number) const {
    const int at = out.divide(term_number);
    return {at, term_number - at * out.value()};
  }
  VIDEOONENET_HOST_DEVICE const float* entry(Line c, const Term& t) const {
    return c < in ? data + (t.at * in + c) * out.value() + t.k : nullptr;
  }
};

}  // namespace videoonenet::cuda::convolution
