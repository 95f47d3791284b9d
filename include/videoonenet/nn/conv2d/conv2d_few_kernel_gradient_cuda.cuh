// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The kernel gradient of a convolution from few channels to many, and the bias' with it.

#include <algorithm>

#include "videoonenet/nn/conv2d/conv2d_add_parts_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_few_window_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// parts[p, m, n] = Σ x[window of pixel, term m] · grad_y[pixel, n] over the pixels of part p, and behind the last
/// term, where it is asked for, Σ grad_y[pixel, n].
///
/// Block (p, y, z) sums for part p, 64 columns and `rows` terms of the windows, which it keeps in registers until it is
/// done. grad_y goes through shared memory, `chunk` pixels at a time, the next ones on their way while these are
/// multiplied; the windows of `band` pixels lie there, too.
template <Precision P, int rows_>
struct FewKernelGradient {
  using Unit = MatrixUnit<P>;
  using Slots = TermSlots<Unit>;
  static constexpr int rows = rows_, columns = 64, threads = 256, chunk = 64;
  static constexpr int warps_m = 4, warps_n = 8 / warps_m;
  static constexpr int tiles_m = rows / warps_m / Unit::rows, tiles_n = columns / warps_n / Unit::columns;
  static constexpr int row = columns + 8;  // the lanes of a warp find their parts in different banks
  static constexpr int stage = chunk * row, copies = chunk * columns / 4 / threads;
  static_assert(tiles_m > 0 && chunk % 16 == 0);

  FewWindow window;
  const float* grad_y;
  float* parts;
  int pixels, terms, out;
  int share;              ///< pixels of a part
  int band, window_size;  ///< pixels whose windows lie in shared memory, and the entries of those
  bool sums_bias;

  Grid grid() const {
    return {
        .blocks = {static_cast<int>(ceil_div(pixels, share)), out / columns, static_cast<int>(ceil_div(terms, rows))},
        .threads = threads,
        .shared_bytes = (2 * stage + rows + band + window_size) * 4};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const auto grads = t.template shared<float>(0, 2 * stage);
    const auto offsets = t.template shared<int>(2 * stage * 4, rows);
    const auto corners = t.template shared<int>((2 * stage + rows) * 4, band);
    const auto shared_window = t.template shared<float>((2 * stage + rows + band) * 4, window_size);
    const int begin = t.block(0) * share, end = begin + share < pixels ? begin + share : pixels;

    Chunk next;
    next.load(t, *this, begin, end);
    if (t.thread() < rows) {  // sums of no term are not written
      const int term = t.block(2) * rows + t.thread();
      offsets[t.thread()] = window.offset(term < terms ? term : 0);
    }
    t.sync();
    WarpSums sums(t, offsets);
    VIDEOONENET_ROLLED
    for (int from = begin, number = 0; from < end; from += chunk, ++number) {
      if ((from - begin) % band == 0) {
        if (number > 0) t.sync();  // nobody reads the windows before any more
        const int band_end = from + band < end ? from + band : end, first = window.first_line(from);
        window.template fill<Unit>(t, shared_window, from, band_end);
        // Pixels beyond the last one meet zeros of grad_y.
        for (int i = t.thread(); i < band; i += threads)
          corners[i] = window.corner(from + i < band_end ? from + i : band_end - 1, first);
      }
      next.store(t, grads, number % 2 * stage);
      t.sync();  // also: nobody reads the stage that is overwritten next
      next.load(t, *this, from + chunk, end);
      const int left = end - from < chunk ? end - from : chunk;
      sums.multiply(t, shared_window, corners, (from - begin) % band, grads, number % 2 * stage, left);
    }
    sums.write(t, *this);
    if (sums_bias && t.block(2) == 0) write_bias(t, next);
  }

 private:
  /// Where the sums of a term lie.
  template <class Thread>
  VIDEOONENET_DEVICE float* part(const Thread& t, int term) const {
    return parts + (Index(t.block(0)) * (terms + 1) + term) * out + t.block(1) * columns;
  }

  /// A thread's part of the next chunk of grad_y; zero beyond the last pixel.
  struct Chunk {
    Pack<float, 4> piece[copies], sum{};  ///< sum: of what was stored

    template <class Thread>
    VIDEOONENET_DEVICE void load(const Thread& t, const FewKernelGradient& g, int from, int end) {
      const int column = t.block(1) * columns + t.thread() % (columns / 4) * 4, first = t.thread() / (columns / 4);
      VIDEOONENET_UNROLL
      for (int i = 0; i < copies; ++i) {
        const int pixel = from + first + i * (threads * 4 / columns);
        piece[i] = pixel < end ? load_pack<4>(g.grad_y + Index(pixel) * g.out + column) : Pack<float, 4>{};
      }
    }
    template <class Thread, class Shared>
    VIDEOONENET_DEVICE void store(const Thread& t, const Shared& grads, int at) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < copies; ++i) {
        Pack<float, 4> rounded;
        VIDEOONENET_UNROLL
        for (int k = 0; k < 4; ++k) {
          sum[k] += piece[i][k];
          rounded[k] = Unit::rounded(t, piece[i][k]);
        }
        const int pixel = t.thread() / (columns / 4) + i * (threads * 4 / columns);
        store_pack(grads.at(at + pixel * row + t.thread() % (columns / 4) * 4, 4), rounded);
      }
    }
  };

  /// Adds what the threads have summed of grad_y, and writes it.
  template <class Thread>
  VIDEOONENET_DEVICE void write_bias(const Thread& t, const Chunk& chunks) const {
    constexpr int lines = threads / (columns / 4);
    const auto sums = t.template shared<float>(0, lines * columns);
    t.sync();  // nobody reads chunks any more
    store_pack(sums.at(t.thread() * 4, 4), chunks.sum);
    t.sync();
    if (t.thread() >= columns) return;
    float sum = 0;
    for (int i = 0; i < lines; ++i) sum += sums[i * columns + t.thread()];
    part(t, terms)[t.thread()] = sum;
  }

  struct WarpSums {
    typename Unit::Parts sums[tiles_m][tiles_n];
    int offset[tiles_m][2];  ///< of the terms whose entries this lane reads
    int first_row, column;

    template <class Thread, class Offsets>
    VIDEOONENET_DEVICE WarpSums(const Thread& t, const Offsets& offsets) : sums{} {
      first_row = t.warp() % warps_m * (rows / warps_m);
      column = t.warp() / warps_m * (columns / warps_n);
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
      for (int half = 0; half < 2; ++half)
        offset[i][half] = offsets[first_row + i * Unit::rows + half * 8 + t.lane() / 4];
    }

    /// Adds the first `count` pixels of the chunk at `at`, which meet the windows from corner `first` on; sixteen at a
    /// time.
    template <class Thread, class Window, class Corners, class Grads>
    VIDEOONENET_DEVICE void multiply(const Thread& t, const Window& window, const Corners& corners, int first,
                                     const Grads& grads, int at, int count) {
      const int slot = t.lane() % 4;
      int corners_at = first + slot, grads_at = at + slot * row + column + t.lane() / 4;
      VIDEOONENET_ROLLED
      for (int k = 0; k < count; k += 16, corners_at += 16, grads_at += 16 * row) {
        VIDEOONENET_UNROLL
        for (int d = 0; d < 16; d += Unit::depth)
          multiply_depth(t, window, corners, corners_at + d, grads, grads_at + d * row);
      }
    }

    template <class Thread, class Window, class Corners, class Grads>
    VIDEOONENET_DEVICE void multiply_depth(const Thread& t, const Window& window, const Corners& corners,
                                           int corners_at, const Grads& grads, int grads_at) {
      int corner[Slots::count];
      VIDEOONENET_UNROLL
      for (int q = 0; q < Slots::count; ++q) corner[q] = corners[corners_at + 4 * q];
      decltype(Unit::prepare_rounded(t, typename Unit::B{})) b[tiles_n];
      VIDEOONENET_UNROLL
      for (int j = 0; j < tiles_n; ++j) {
        typename Unit::B read;
        VIDEOONENET_UNROLL
        for (int q = 0; q < Slots::count; ++q)
          read[static_cast<std::size_t>(q)] = grads[grads_at + 4 * q * row + j * Unit::columns];
        b[j] = Unit::prepare_rounded(t, read);
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) {
        typename Unit::A read;
        VIDEOONENET_UNROLL
        for (int p = 0; p < static_cast<int>(read.size()); ++p)
          read[static_cast<std::size_t>(p)] = window.at_byte(corner[Slots::of_a(p)] + offset[i][Slots::half_of_a(p)]);
        const auto a = Unit::prepare_rounded(t, read);
        VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j) Unit::multiply_add(t, sums[i][j], a, b[j]);
      }
    }

    template <class Thread>
    VIDEOONENET_DEVICE void write(const Thread& t, const FewKernelGradient& g) const {
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
      for (std::size_t p = 0; p < Unit::parts; p += 2) {
        const int lane = t.lane(), part = static_cast<int>(p);
        const int term = t.block(2) * rows + first_row + i * Unit::rows + Unit::row(lane, part);
        if (term >= g.terms) continue;
        float* to = g.part(t, term) + column;
        VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j)
          store_pack(to + j * Unit::columns + Unit::column(lane, part),
                     Pack<float, 2>{{sums[i][j][p], sums[i][j][p + 1]}});
      }
    }
  };
};

/// How the kernel gradient is shared out: terms of a block, and pixels of a part.
struct FewKernelGradientPlan {
  int rows;
  Index share;

  static FewKernelGradientPlan make(int multiprocessors, const Conv2dGeometry& g) {
    const Index terms = g.kernel * g.kernel * g.in, pixels = g.frames * g.h * g.w;
    // The most terms a block that leave few of them empty; small blocks are done sooner than their loads, and two of
    // them run at once.
    const bool few_empty = ceil_div(terms, 256) * 256 == ceil_div(terms, 128) * 128;
    const int rows = terms <= 64 ? 64 : few_empty ? 256 : 128;
    const Index blocks = Index(multiprocessors) * (rows <= 64 ? 2 : 1);
    const Index parts = std::max<Index>(1, blocks / (g.out / 64 * ceil_div(terms, rows)));
    return {rows, std::max<Index>(64, ceil_div(ceil_div(pixels, parts), 16) * 16)};
  }
  Index parts(const Conv2dGeometry& g) const { return ceil_div(g.frames * g.h * g.w, share); }
};

/// Entries of scratch for the parts.
inline Index few_parts_size(int multiprocessors, const Conv2dGeometry& g) {
  return few_channels(g) ? (g.kernel_size() + g.out) * FewKernelGradientPlan::make(multiprocessors, g).parts(g) : 0;
}

/// grad_kernel += Σ over pixels, and so grad_bias unless it is empty, where arrays are aligned and windows fit into
/// shared memory. Returns whether it did.
template <Gpu Ex>
bool add_few_kernel_gradient(const Ex& ex, const Conv2dGeometry& g, const float* x, const float* grad_y,
                             std::span<float> grad_kernel, std::span<float> grad_bias, float* parts) {
  const auto plan = FewKernelGradientPlan::make(ex.multiprocessors(), g);
  const FewWindow window = FewWindow::make(g, x);
  Index band = 1024;
  while (band > 64 && (band / 2 >= plan.share || window.size(band) > 12 << 10)) band /= 2;
  if (window.size(band) > 32 << 10 || !is_aligned(grad_y, 4) || !is_aligned(parts, 4)) return false;
  const auto number = [](Index value) { return as_int(value, "conv2d_kernel_gradient"); };
  const auto launch = [&]<Precision P, int rows>() {
    const FewKernelGradient<P, rows> kernel{window,
                                            grad_y,
                                            parts,
                                            number(g.frames * g.h * g.w),
                                            number(g.kernel * g.kernel * g.in),
                                            number(g.out),
                                            number(plan.share),
                                            number(band),
                                            number(window.size(band)),
                                            !grad_bias.empty()};
    ex.launch(kernel.grid(), kernel);
  };
  const auto with_precision = [&]<Precision P>() {
    if (plan.rows == 64) return launch.template operator()<P, 64>();
    if (plan.rows == 128) return launch.template operator()<P, 128>();
    launch.template operator()<P, 256>();
  };
  if (ex.precision == Precision::tf32)
    with_precision.template operator()<Precision::tf32>();
  else if (ex.precision == Precision::bfloat16)
    with_precision.template operator()<Precision::bfloat16>();
  else
    with_precision.template operator()<Precision::float32>();
  add_parts(ex, parts, plan.parts(g), g.kernel_size() + g.out, grad_kernel, grad_bias);
  return true;
}

}  // namespace videoonenet::cuda::convolution
