// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The input gradient of a convolution from few channels to many, of small frames: a decoder's forward pass.

#include "videoonenet/nn/conv2d/conv2d_few_window_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// grad_x[i, j, c] += or = Σ_{r, s} product[pixel (i + before − r, j + before − s), (r, s, c)], where product[pixel,
/// (r, s, c)] = Σ_k grad_y[pixel, k] · kernel[r, s, c, k].
///
/// Block (f, y) takes frame f, of at most `rows` pixels, and `group` channels of x, whose products it keeps in shared
/// memory. The operands go through the same memory before, `chunk` channels k at a time, the next ones on their way
/// while these are multiplied.
template <Precision P, int columns_>
struct FewInputGradient {
  using Unit = MatrixUnit<P>;
  using Slots = TermSlots<Unit>;
  static constexpr int rows = 256, columns = columns_, chunk = 16;
  static constexpr int threads = P == Precision::float32 ? 256 : 4 * columns, shares = threads / 256;
  static constexpr int warps_n = 2, warps_m = threads / 32 / warps_n;
  static constexpr int tiles_m = rows / warps_m / Unit::rows, tiles_n = columns / warps_n / Unit::columns;
  // The lanes of a warp find their parts in different banks: the operands', and those of the products that they write
  // (9 mod 32: two at a bank) and that they read, of neighbouring pixels.
  static constexpr int row = chunk + 4, products_row = columns + 9;
  static constexpr int stage = (rows + columns) * row;

  const float *grad_y, *kernel;
  float* grad_x;
  bool aligned;  ///< whether the kernel's entries are read four at once
  Divisor pixels, width;
  int height, before, taps;  ///< `taps` along one direction
  int in, out, group;
  int frames;
  bool add;

  VIDEOONENET_HOST_DEVICE int products_size() const { return pixels.value() * products_row; }
  Grid grid() const {
    return {.blocks = {frames, static_cast<int>(ceil_div(in, group)), 1},
            .threads = threads,
            .shared_bytes = std::max(products_size() + shares * group * pixels.value(), 2 * stage) * 4};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const auto operands = t.template shared<float>(0, 2 * stage);
    typename Unit::Parts sums[tiles_m][tiles_n]{};
    const float* frame = grad_y + Index(t.block(0)) * pixels.value() * out;
    Lines<rows> grads(t, true, [&](int n) { return n < pixels.value() ? frame + n * out : nullptr; });
    Lines<columns> weights(t, aligned, [&](int n) { return kernel_line(n, t.block(1) * group); });
    const auto load = [&](int k) {
      grads.load(k);
      weights.load(k);
    };
    load(0);
    VIDEOONENET_ROLLED
    for (int k = 0, at = 0; k < out; k += chunk, at = stage - at) {
      grads.store(t, operands, at);
      weights.store(t, operands, at + rows * row);
      t.sync();  // also: nobody reads the stage that is overwritten next
      if (k + chunk < out) load(k + chunk);
      multiply(t, operands, at, sums);
    }
    t.sync();  // nobody reads operands any more
    const auto products = t.template shared<float>(0, products_size());
    write(t, products, sums);
    t.sync();
    gather(t, products);
  }

 private:
  /// A thread's part of the next channels of some lines of an operand; zero where there is no line.
  template <int lines>
  struct Lines {
    static constexpr int across = chunk / 4, step = threads / across, pieces = lines / step;
    static_assert(lines % step == 0);
    Pack<float, 4> piece[pieces];
    const float* from[pieces];
    bool aligned;

    /// `begin(n)` is where line n begins, or null.
    template <class Thread, class Begin>
    VIDEOONENET_DEVICE Lines(const Thread& t, bool by_fours, const Begin& begin) : aligned(by_fours) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < pieces; ++i) {
        const float* line = begin(t.thread() / across + i * step);
        from[i] = line ? line + t.thread() % across * 4 : nullptr;
      }
    }
    VIDEOONENET_DEVICE void load(int k) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < pieces; ++i) {
        const float* p = from[i] + k;
        if (!from[i])
          piece[i] = {};
        else if (aligned)
          piece[i] = load_pack<4>(p);
        else
          piece[i] = {{p[0], p[1], p[2], p[3]}};
      }
    }
    template <class Thread, class Shared>
    VIDEOONENET_DEVICE void store(const Thread& t, const Shared& operands, int at) const {
      VIDEOONENET_UNROLL
      for (int i = 0; i < pieces; ++i) {
        Pack<float, 4> rounded = piece[i];
        for (float& v : rounded.entry) v = Unit::rounded(t, v);
        store_pack(operands.at(at + (t.thread() / across + i * step) * row + t.thread() % across * 4, 4), rounded);
      }
    }
  };

  /// Where the line of the kernel for a column begins: column tap · group + c is (tap, first channel of the block + c).
  VIDEOONENET_DEVICE const float* kernel_line(int column, int first_channel) const {
    const int tap = column / group, c = first_channel + column - tap * group;
    return tap < taps * taps && c < in ? kernel + (tap * in + c) * out : nullptr;
  }

  VIDEOONENET_DEVICE static int first_column(int warp) { return warp / warps_m * (columns / warps_n); }
  /// The warps of a column take its tiles of pixels in turn: the last ones may have none.
  VIDEOONENET_DEVICE static int first_row(int warp, int i) { return (warp % warps_m + i * warps_m) * Unit::rows; }

  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Shared& operands, int at,
                                   typename Unit::Parts (&sums)[tiles_m][tiles_n]) const {
    const int place = at + t.lane() / 4 * row + t.lane() % 4, b_place = place + (rows + first_column(t.warp())) * row;
    VIDEOONENET_UNROLL
    for (int k = 0; k < chunk; k += Unit::depth) {
      decltype(Unit::prepare_rounded(t, typename Unit::B{})) b[tiles_n];
      VIDEOONENET_UNROLL
      for (int j = 0; j < tiles_n; ++j) {
        typename Unit::B read;
        VIDEOONENET_UNROLL
        for (int q = 0; q < Slots::count; ++q)
          read[static_cast<std::size_t>(q)] = operands[b_place + j * Unit::columns * row + k + 4 * q];
        b[j] = Unit::prepare_rounded(t, read);
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) {
        if (first_row(t.warp(), i) >= pixels.value()) break;
        const int a_place = place + first_row(t.warp(), i) * row + k;
        typename Unit::A read;
        VIDEOONENET_UNROLL
        for (int p = 0; p < static_cast<int>(read.size()); ++p)
          read[static_cast<std::size_t>(p)] = operands[a_place + Slots::half_of_a(p) * 8 * row + Slots::of_a(p) * 4];
        const auto a = Unit::prepare_rounded(t, read);
        VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j) Unit::multiply_add(t, sums[i][j], a, b[j]);
      }
    }
  }

  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void write(const Thread& t, const Shared& products,
                                const typename Unit::Parts (&sums)[tiles_m][tiles_n]) const {
    VIDEOONENET_UNROLL
    for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
    for (int p = 0; p < Unit::parts; ++p) {
      const int pixel = first_row(t.warp(), i) + Unit::row(t.lane(), p);
      if (pixel >= pixels.value()) continue;
      VIDEOONENET_UNROLL
      for (int j = 0; j < tiles_n; ++j)
        products[pixel * products_row + first_column(t.warp()) + j * Unit::columns + Unit::column(t.lane(), p)] =
            sums[i][j][static_cast<std::size_t>(p)];
    }
  }

  /// Adds the products that meet an entry of grad_x: `shares` threads take every `shares`-th row of taps.
  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void gather(const Thread& t, const Shared& products) const {
    const int first = t.block(1) * group, channels = first + group < in ? group : in - first, w = width.value();
    const int entries = channels * pixels.value(), share = t.thread() / 256;
    const auto sums = t.template shared<float>(products_size() * 4, shares * entries);
    VIDEOONENET_ROLLED
    for (int entry = t.thread() % 256; entry < entries; entry += 256) {
      const int c = pixels.divide(entry), pixel = entry - c * pixels.value();
      const int i = width.divide(pixel) + before, j = width.remainder(pixel) + before;
      const int first_r = i < height ? 0 : i - height + 1, last_r = i < taps ? i : taps - 1;
      const int first_s = j < w ? 0 : j - w + 1, last_s = j < taps ? j : taps - 1;
      float sum = 0;
      for (int r = first_r + share; r <= last_r; r += shares)
        for (int s = first_s; s <= last_s; ++s)
          sum += products[((i - r) * w + j - s) * products_row + (r * taps + s) * group + c];
      sums[share * entries + entry] = sum;
    }
    t.sync();
    for (int entry = t.thread(); entry < entries; entry += threads) {
      const int c = pixels.divide(entry), pixel = entry - c * pixels.value();
      float sum = sums[entry];
      VIDEOONENET_UNROLL
      for (int s = 1; s < shares; ++s) sum += sums[s * entries + entry];
      float& to = grad_x[(t.block(0) * pixels.value() + pixel) * in + first + c];
      to = add ? to + sum : sum;
    }
  }
};

/// grad_x += or = Kᵀ ∗ grad_y, where frames and kernel are small enough and grad_y is aligned. Returns whether it did.
template <Gpu Ex>
bool few_input_gradient(const Ex& ex, const Conv2dGeometry& g, const float* grad_y, const float* kernel, bool add,
                        float* grad_x) {
  const Index taps = g.kernel * g.kernel, widest = 128;
  if (g.h * g.w > 256 || taps > widest || !is_aligned(grad_y, 4)) return false;
  const auto number = [](Index value) { return as_int(value, "conv2d_input_gradient"); };
  const Index groups = ceil_div(g.in, widest / taps), group = ceil_div(g.in, groups);
  const auto launch = [&]<Precision P, int columns>() {
    const FewInputGradient<P, columns> gradient{grad_y,
                                                kernel,
                                                grad_x,
                                                is_aligned(kernel, 4),
                                                Divisor(number(g.h * g.w)),
                                                Divisor(number(g.w)),
                                                number(g.h),
                                                number(g.before(g.h)),
                                                number(g.kernel),
                                                number(g.in),
                                                number(g.out),
                                                number(group),
                                                number(g.frames),
                                                add};
    ex.launch(gradient.grid(), gradient);
  };
  const auto with_precision = [&]<Precision P>() {
    if (taps * group <= 64) return launch.template operator()<P, 64>();
    launch.template operator()<P, 128>();
  };
  if (ex.precision == Precision::tf32)
    with_precision.template operator()<Precision::tf32>();
  else if (ex.precision == Precision::bfloat16)
    with_precision.template operator()<Precision::bfloat16>();
  else
    with_precision.template operator()<Precision::float32>();
  return true;
}

}  // namespace videoonenet::cuda::convolution
