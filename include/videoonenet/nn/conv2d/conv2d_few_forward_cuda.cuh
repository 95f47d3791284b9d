// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A convolution from few channels to many.

#include <algorithm>

#include "videoonenet/nn/conv2d/conv2d_few_window_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// y[pixel, n] = Σ x[window of pixel, term] · kernel[term, n] + bias[n], or y += the same.
///
/// Block (b, y) computes 64 columns for share b of the pixels. The columns' kernel stays in shared memory, in the form
/// in which it is multiplied; the windows of `band` pixels lie there, too.
///
/// Columns 2 n and 2 n + 1 of tiles 2 j and 2 j + 1 are columns 16 j + 4 n + 0, 1, 2 and 3 of the 64, so that a lane
/// has the sums of four neighbours.
template <Precision P>
struct FewForward {
  using Unit = MatrixUnit<P>;
  using Slots = TermSlots<Unit>;
  static constexpr int columns = 64, threads = 256, warps = threads / 32;
  static constexpr int tiles_m = 2, pairs = columns / Unit::columns / 2;  ///< of tiles of columns
  static constexpr int warp_rows = tiles_m * Unit::rows;
  static constexpr int words = 4;  ///< that a lane holds of a pair of tiles
  static constexpr int step_size = pairs * 32 * words;

  FewWindow window;
  const float *kernel, *bias;
  float* y;
  bool add;
  int pixels, terms, out;
  int share;              ///< pixels of a block
  int band, window_size;  ///< pixels whose windows lie in shared memory, and the entries of those

  VIDEOONENET_HOST_DEVICE int steps() const { return (terms + Unit::depth - 1) / Unit::depth; }
  /// Bytes of shared memory for anything but windows.
  static Index fixed_bytes(Index terms) {
    const Index steps = ceil_div(terms, Unit::depth);
    return (steps * (step_size + Unit::depth) + columns) * 4;
  }
  Grid grid() const {
    return {.blocks = {static_cast<int>(ceil_div(pixels, share)), out / columns, 1},
            .threads = threads,
            .shared_bytes = static_cast<int>(fixed_bytes(terms)) + window_size * 4};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int kernel_size = steps() * step_size, table = steps() * Unit::depth;
    const auto kernels = t.template shared<float>(0, kernel_size);
    const auto offsets = t.template shared<int>(kernel_size * 4, table);
    const auto biases = t.template shared<float>((kernel_size + table) * 4, columns);
    const auto shared_window = t.template shared<float>((kernel_size + table + columns) * 4, window_size);

    copy_kernel(t, kernels);
    // Terms beyond the last one meet zeros of the kernel.
    for (int k = t.thread(); k < table; k += threads) offsets[k] = window.offset(k < terms ? k : 0);
    if (t.thread() < columns) biases[t.thread()] = bias ? bias[t.block(1) * columns + t.thread()] : 0.0f;

    const int begin = t.block(0) * share, end = begin + share < pixels ? begin + share : pixels;
    VIDEOONENET_ROLLED
    for (int from = begin; from < end; from += band) {
      const int band_end = from + band < end ? from + band : end;
      if (from > begin) t.sync();  // nobody reads the windows before any more
      window.template fill<Unit>(t, shared_window, from, band_end);
      t.sync();
      VIDEOONENET_ROLLED
      for (int first = from + t.warp() * warp_rows; first < band_end; first += warps * warp_rows)
        multiply(t, shared_window, kernels, offsets, biases, from, first, band_end);
    }
  }

 private:
  /// Several pairs of tiles are on their way at once.
  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void copy_kernel(const Thread& t, const Shared& kernels) const {
    constexpr int together = 32 / Unit::depth * 2;
    const int lane = t.lane(), c = Unit::b_column(lane, 0), count = steps() * pairs;
    VIDEOONENET_ROLLED
    for (int first = t.warp(); first < count; first += together * warps) {
      typename Unit::B read[together][2];
      VIDEOONENET_UNROLL
      for (int i = 0; i < together; ++i) {
        const int pair = first + i * warps, k = pair / pairs * Unit::depth + lane % 4;
        const int n = t.block(1) * columns + pair % pairs * 16 + c / 2 * 4 + c % 2;
        VIDEOONENET_UNROLL
        for (int tile = 0; tile < 2; ++tile) VIDEOONENET_UNROLL
        for (int q = 0; q < Slots::count; ++q) {
          const int term = k + 4 * q;
          read[i][tile][static_cast<std::size_t>(q)] = term < terms ? kernel[term * out + n + tile * 2] : 0.0f;
        }
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < together; ++i) {
        const int pair = first + i * warps;
        if (pair >= count) break;
        std::array prepared{Unit::prepare(t, read[i][0]), Unit::prepare(t, read[i][1])};
        store_pack(kernels.at((pair * 32 + lane) * words, words), std::bit_cast<Pack<float, words>>(prepared));
      }
    }
  }

  /// The pixels [first, first + 32) before `end`, whose windows lie in shared memory that begins with pixel `from`.
  template <class Thread, class Shared, class Offsets>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Shared& shared_window, const Shared& kernels,
                                   const Offsets& offsets, const Shared& biases, int from, int first, int end) const {
    using Prepared = decltype(Unit::prepare(t, typename Unit::B{}));
    const int lane = t.lane(), line = window.first_line(from);
    int corner[tiles_m][2];
    VIDEOONENET_UNROLL
    for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
    for (int half = 0; half < 2; ++half) {
      const int pixel = first + i * Unit::rows + half * 8 + lane / 4;
      corner[i][half] = window.corner(pixel < end ? pixel : end - 1, line);
    }
    typename Unit::Parts sums[tiles_m][pairs][2]{};
    int kernels_at = lane * words, offsets_at = lane % 4;
    for (int step = steps(); step > 0; --step, kernels_at += step_size, offsets_at += Unit::depth) {
      decltype(Unit::prepare_rounded(t, typename Unit::A{})) a[tiles_m];
      int offset[Slots::count];
      VIDEOONENET_UNROLL
      for (int q = 0; q < Slots::count; ++q) offset[q] = offsets[offsets_at + 4 * q];
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) {
        typename Unit::A read;
        VIDEOONENET_UNROLL
        for (int p = 0; p < static_cast<int>(read.size()); ++p)
          read[static_cast<std::size_t>(p)] =
              shared_window.at_byte(corner[i][Slots::half_of_a(p)] + offset[Slots::of_a(p)]);
        a[i] = Unit::prepare_rounded(t, read);
      }
      VIDEOONENET_UNROLL
      for (int j = 0; j < pairs; ++j) {
        const auto b =
            std::bit_cast<std::array<Prepared, 2>>(load_pack<words>(kernels.at(kernels_at + j * 32 * words, words)));
        VIDEOONENET_UNROLL
        for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
        for (int tile = 0; tile < 2; ++tile)
          Unit::multiply_add(t, sums[i][j][tile], a[i], b[static_cast<std::size_t>(tile)]);
      }
    }
    VIDEOONENET_UNROLL
    for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
    for (int half = 0; half < 2; ++half) {
      const int pixel = first + i * Unit::rows + half * 8 + lane / 4;
      if (pixel >= end) continue;
      VIDEOONENET_UNROLL
      for (int j = 0; j < pairs; ++j) {
        const int n = j * 16 + lane % 4 * 4;
        const auto p = static_cast<std::size_t>(half * 2);
        const auto &left = sums[i][j][0], &right = sums[i][j][1];
        Pack<float, 4> sum{{left[p], left[p + 1], right[p], right[p + 1]}};
        const auto b = load_pack<4>(biases.at(n, 4));
        float* to = y + Index(pixel) * out + t.block(1) * columns + n;
        const auto before = add ? load_pack<4>(to) : Pack<float, 4>{};
        VIDEOONENET_UNROLL
        for (int v = 0; v < 4; ++v) sum[v] += add ? b[v] + before[v] : b[v];
        store_pack(to, sum);
      }
    }
  }
};

/// y = K ∗ x + b or y += K ∗ x + b, where y is aligned and all fits into shared memory. Returns whether it did.
template <Gpu Ex>
bool few_forward(const Ex& ex, const Conv2dGeometry& g, const float* x, const float* kernel, const float* bias,
                 bool add, float* y) {
  if (!is_aligned(y, 4)) return false;
  const auto number = [](Index value) { return as_int(value, "conv2d_forward"); };
  const Index pixels = g.frames * g.h * g.w, terms = g.kernel * g.kernel * g.in;
  const FewWindow window = FewWindow::make(g, x);
  const auto with_precision = [&]<Precision P>() {
    using Kernel = FewForward<P>;
    const Index room = (block_memory - Kernel::fixed_bytes(terms)) / 4;
    // A block a multiprocessor, each with pixels for half of its warps at least.
    const Index wanted = ceil_div(pixels, std::max<Index>(1, Index(ex.multiprocessors()) / (g.out / Kernel::columns)));
    const Index share = std::max<Index>(128, ceil_div(wanted, 16) * 16);
    Index band = 1024;
    while (band > 32 && (band / 2 >= share || window.size(band) > std::min<Index>(room, 8 << 10))) band /= 2;
    if (window.size(band) > room) return false;
    const Kernel forward{window,
                         kernel,
                         bias,
                         y,
                         add,
                         number(pixels),
                         number(terms),
                         number(g.out),
                         number(share),
                         number(band),
                         number(window.size(band))};
    ex.launch(forward.grid(), forward);
    return true;
  };
  if (ex.precision == Precision::tf32) return with_precision.template operator()<Precision::tf32>();
  if (ex.precision == Precision::bfloat16) return with_precision.template operator()<Precision::bfloat16>();
  return with_precision.template operator()<Precision::float32>();
}

}  // namespace videoonenet::cuda::convolution
