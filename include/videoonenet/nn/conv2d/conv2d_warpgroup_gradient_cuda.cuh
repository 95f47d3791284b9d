// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Kernel gradients of convolutions of many channels as products of warpgroups: Σ over pixels of grad_y by x.
///
/// Neighbouring terms are neighbouring pixels. A tap in another column of the kernel would begin between the sixteen
/// bytes that are multiplied at once, so that x lies in shared memory once for each of them, shifted.

#include "videoonenet/nn/conv2d/conv2d_warpgroup_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// part[tap, c, k] = Σ_p x[p + tap, c] grad_y[p, k] over the pixels p of a part: block (x, y, z) takes part x, row y of
/// the kernel, and 64 channels of x and of y by z.
template <bool bfloat16, int width>
struct WarpgroupKernelGradient {
  static constexpr int threads = 256, warps_of_group = 4, block_channels = 64, piece_bytes = 16;
  static constexpr int piece = PieceOf<bfloat16>::channels;  ///< pixels in sixteen bytes
  static constexpr int chunk = 64, pieces = chunk / piece;   ///< positions between two barriers
  static constexpr int own_pieces = pieces / 2;              ///< of one of the two warpgroups
  static constexpr int first_columns = 192, rest_columns = width == 5 ? 128 : 0;
  /// Eight channels of a piece, and as much room as brings the next eight to other banks.
  static constexpr int lines_bytes = 8 * piece_bytes + 16, row_bytes = block_channels / 8 * lines_bytes;
  static constexpr int y_bytes = pieces * row_bytes, x_bytes = width * y_bytes;
  /// Neighbouring channels of a piece that a thread brings to shared memory: with them every thread has one place.
  static constexpr int together = block_channels * pieces / threads;
  static constexpr int stage_bytes = x_bytes + y_bytes, shared_bytes = 2 * stage_bytes;
  static constexpr int sum_count = (first_columns + rest_columns) / 2;
  static_assert(width == 3 || width == 5);
  static_assert(sum_count * 128 * static_cast<int>(sizeof(float)) <= shared_bytes && shared_bytes <= 227 << 10);

  Raster raster;
  const float *x, *grad_y;
  FrameMap x_map, y_map;
  int in, out;
  int chunks, chunks_of_part;
  float* result;
  bool add;  ///< to the result, which is one part

  static WarpgroupKernelGradient make(const Conv2dGeometry& g, const FrameMap& x_map, const float* x,
                                      const FrameMap& y_map, const float* grad_y, float* result, Index parts) {
    const Raster raster = Raster::make(g, piece);
    const auto chunks = static_cast<int>(ceil_div(raster.positions(), chunk));
    return {raster,
            x,
            grad_y,
            x_map,
            y_map,
            static_cast<int>(g.in),
            static_cast<int>(g.out),
            chunks,
            static_cast<int>(ceil_div(chunks, parts)),
            result,
            parts == 1};
  }
  Grid grid() const {
    return {.blocks = {static_cast<int>(ceil_div(chunks, chunks_of_part)), width,
                       in / block_channels * (out / block_channels)},
            .threads = threads,
            .shared_bytes = shared_bytes};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    const int begin = t.block(0) * chunks_of_part;
    const int end = begin + chunks_of_part < chunks ? begin + chunks_of_part : chunks;
    std::array<float, first_columns / 2> sums{};
    std::array<float, (rest_columns > 0 ? rest_columns : 2) / 2> rest{};
    Pixels own(t);
    own.read(t, *this, begin);
    own.write(t, 0);
    if (begin + 1 < end) own.read(t, *this, begin + 1);
    VIDEOONENET_ROLLED
    for (int number = begin; number < end; ++number) {
      const int stage = (number - begin) % 2 * stage_bytes;
      t.publish_shared();
      t.sync();
      t.begin_products();
      multiply(t, stage, number > begin, sums, rest);
      t.commit_products();
      if (number + 1 < end) {
        t.template wait_products<1>();
        t.sync();  // nobody reads what is overwritten next
        own.write(t, stage_bytes - stage);
        if (number + 2 < end) own.read(t, *this, number + 2);  // on its way while two chunks are multiplied
      }
    }
    t.template wait_products<0>();
    t.sync();
    hand_over(t, sums, rest);
  }

 private:
  template <class Thread>
  VIDEOONENET_DEVICE int first_in(const Thread& t) const {
    return t.block(2) % (in / block_channels) * block_channels;
  }
  template <class Thread>
  VIDEOONENET_DEVICE int first_out(const Thread& t) const {
    return t.block(2) / (in / block_channels) * block_channels;
  }

  /// What a thread brings of a chunk: `together` channels of a piece's positions, and of x those around them.
  struct Pixels {
    static constexpr int neighbours = piece + width - 1;
    Pack<float, together> of_x[neighbours], of_y[piece];
    int p, c;

    template <class Thread>
    VIDEOONENET_DEVICE explicit Pixels(const Thread& t)
        : p(t.thread() / (block_channels / together)), c(t.thread() % (block_channels / together) * together) {}
    template <class Thread>
    VIDEOONENET_DEVICE void read(const Thread& t, const WarpgroupKernelGradient& g, int number) {
      const int position = number * chunk + p * piece, row = (t.block(1) - width / 2) * g.raster.row.value();
      g.read(g.x + g.first_in(t) + c, g.x_map, g.in, position + row, -(width / 2), of_x);
      g.read(g.grad_y + g.first_out(t) + c, g.y_map, g.out, position, 0, of_y);
    }
    template <class Thread>
    VIDEOONENET_DEVICE void write(const Thread& t, int stage) const {
      const auto to_x = t.template shared<Piece>(stage, x_bytes / piece_bytes);
      const auto to_y = t.template shared<Piece>(stage + x_bytes, y_bytes / piece_bytes);
      VIDEOONENET_UNROLL
      for (int j = 0; j < together; ++j) {
        const int at = (c + j) / 8 * (lines_bytes / piece_bytes) + (c + j) % 8;
        float v[piece];
        VIDEOONENET_UNROLL
        for (int k = 0; k < piece; ++k) v[k] = of_y[k][j];
        to_y[p * (row_bytes / piece_bytes) + at] = PieceOf<bfloat16>::template make<Thread>(v);
        VIDEOONENET_UNROLL
        for (int s = 0; s < width; ++s) {
          VIDEOONENET_UNROLL
          for (int k = 0; k < piece; ++k) v[k] = of_x[k + s][j];
          to_x[(p * width + s) * (row_bytes / piece_bytes) + at] = PieceOf<bfloat16>::template make<Thread>(v);
        }
      }
    }
  };
  /// v[k] = the channels of what lies `shift` + k positions after `position`, whose row it stays in; zeros outside of
  /// the frame.
  template <int count>
  VIDEOONENET_DEVICE void read(const float* from, const FrameMap& map, int channels, int position, int shift,
                               Pack<float, together> (&v)[count]) const {
    VIDEOONENET_UNROLL
    for (int k = 0; k < count; ++k) v[k] = {};
    if (position < 0) return;
    const int f = raster.frame.divide(position), rest = position - f * raster.frame.value(),
              i = raster.row.divide(rest), j = rest - i * raster.row.value() + shift;
    if (f >= raster.frames || i >= raster.h) return;
    const float* row = from + map.offset(f) + (i * raster.w + j) * channels;
    VIDEOONENET_UNROLL
    for (int k = 0; k < count; ++k)
      if (j + k >= 0 && j + k < raster.w) v[k] = load_pack<together>(row + k * channels);
  }

  template <class Thread, class Sums, class Rest>
  VIDEOONENET_DEVICE void multiply(const Thread& t, int stage, bool add_to, Sums& sums, Rest& rest) const {
    constexpr int a_row = row_bytes, b_row = width * row_bytes;
    const int first = t.warp() / warps_of_group * own_pieces;
    const CoreMatrices a{stage + x_bytes + first * a_row, a_row, lines_bytes},
        b{stage + first * b_row, b_row, lines_bytes};
    VIDEOONENET_UNROLL
    for (int p = 0; p < own_pieces; p += 2) {
      const CoreMatrices lines = a.moved(p * a_row), columns = b.moved(p * b_row);
      t.template multiply_add_warpgroup<bfloat16, first_columns>(sums, lines, columns, add_to || p > 0);
      if constexpr (rest_columns > 0)
        t.template multiply_add_warpgroup<bfloat16, rest_columns>(rest, lines, columns.moved(3 * a_row),
                                                                  add_to || p > 0);
    }
  }

  /// Adds the sums of both warpgroups and writes them.
  template <class Thread, class Sums, class Rest>
  VIDEOONENET_DEVICE void hand_over(const Thread& t, Sums& sums, Rest& rest) const {
    const auto shared = t.template shared<float>(0, sum_count * 128);
    const int number = t.thread() % 128;
    if (t.warp() >= warps_of_group) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < sum_count; ++i) shared[i * 128 + number] = of(sums, rest, i);
    }
    t.sync();
    if (t.warp() >= warps_of_group) return;
    const int row = t.warp() * 16 + t.lane() / 4, column = t.lane() % 4 * 2;
    float* to = result + Index(t.block(0)) * width * width * in * out + first_out(t) + row;
    VIDEOONENET_UNROLL
    for (int i = 0; i < sum_count; ++i) {
      const int n = i / 4 * 8 + column + i % 2, tap = t.block(1) * width + n / block_channels,
                c = first_in(t) + n % block_channels;
      float& entry = to[(tap * in + c) * out + i % 4 / 2 * 8];
      const float sum = of(sums, rest, i) + shared[i * 128 + number];
      entry = add ? entry + sum : sum;
    }
  }
  template <class Sums, class Rest>
  VIDEOONENET_DEVICE static float of(const Sums& sums, const Rest& rest, int i) {
    constexpr int count = first_columns / 2;
    return i < count ? sums[static_cast<std::size_t>(i)] : rest[static_cast<std::size_t>(i - count)];
  }
};

/// Whether kernel gradients of this geometry are products of warpgroups, for arrays that are aligned.
template <Gpu Ex>
bool has_warpgroup_gradient(const Ex& ex, const Conv2dGeometry& g) {
  return ex.warpgroup_products() && ex.precision != Precision::float32 && g.stride == 1 &&
         (g.kernel == 3 || g.kernel == 5) && g.in % 64 == 0 && g.out % 64 == 0;
}

/// The most parts that such a gradient is summed in: as many as give every multiprocessor a block.
inline Index most_warpgroup_parts(int multiprocessors, const Conv2dGeometry& g) {
  return std::max<Index>(1, multiprocessors / (g.kernel * (g.in / 64) * (g.out / 64)));
}

/// Writes the parts of a kernel gradient to `parts`, or adds it to grad_kernel if one part is enough. Returns their
/// number, 0 where there are no such products for these arrays.
template <Gpu Ex>
Index launch_warpgroup_gradient(const Ex& ex, const Conv2dGeometry& g, const FrameMap& x_map, const float* x,
                                const FrameMap& y_map, const float* grad_y, float* grad_kernel,
                                std::span<float> parts) {
  if (!has_warpgroup_gradient(ex, g) || !packs_fit<4>(x, grad_y)) return 0;
  const auto launch = [&]<bool bfloat16, int width>() {
    using Product = WarpgroupKernelGradient<bfloat16, width>;
    const Index chunks = ceil_div(Raster::make(g, Product::piece).positions(), Product::chunk);
    const Index wanted = std::min(chunks, most_warpgroup_parts(ex.multiprocessors(), g));
    const Index count = ceil_div(chunks, ceil_div(chunks, wanted));  // none of them empty
    if (count > 1 && std::ssize(parts) < count * g.kernel_size())
      throw ShapeError(sentence("conv2d: ", std::ssize(parts), " entries of scratch were given, expected ",
                                count * g.kernel_size()));
    const auto product = Product::make(g, x_map, x, y_map, grad_y, count == 1 ? grad_kernel : parts.data(), count);
    ex.launch(product.grid(), product);
    return count;
  };
  const auto with_width = [&]<bool bfloat16>() {
    return g.kernel == 3 ? launch.template operator()<bfloat16, 3>() : launch.template operator()<bfloat16, 5>();
  };
  return ex.precision == Precision::bfloat16 ? with_width.template operator()<true>()
                                             : with_width.template operator()<false>();
}

}  // namespace videoonenet::cuda::convolution
