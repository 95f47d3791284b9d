// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Kernel gradients of convolutions of many channels as products of warpgroups: Σ over pixels of grad_y by x, and the
/// bias' gradient with them, Σ over pixels of grad_y.
///
/// Neighbouring terms are neighbouring pixels. A tap in another column of the kernel would begin between the sixteen
/// bytes that are multiplied at once, so that x lies in shared memory once for each of them, shifted.

#include "videoonenet/nn/conv2d/conv2d_add_parts_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_bias_gradient_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// part[tap, c, k] = Σ_p x[p + tap, c] grad_y[p, k] over the pixels p of a part: block (x, y, z) takes part x, and 64
/// channels of x and of y by z. With `all_rows` a block has all taps, a warpgroup for each row of them, which meet the
/// same pixels of x; otherwise it has row y of the kernel, and two warpgroups that take half of the pixels each.
template <bool bfloat16, int width, bool all_rows>
struct WarpgroupKernelGradient {
  static constexpr int warps_of_group = 4, block_channels = 64, piece_bytes = 16;
  static constexpr int groups = all_rows ? width : 2, threads = 128 * groups;
  static constexpr int piece = PieceOf<bfloat16>::channels;          ///< pixels in sixteen bytes
  static constexpr int chunk = 64, pieces = chunk / piece;           ///< positions between two barriers
  static constexpr int own_pieces = all_rows ? pieces : pieces / 2;  ///< of a warpgroup
  static constexpr int first_columns = 192, rest_columns = width == 5 ? 128 : 0;
  /// Eight channels of a piece, and as much room as brings the next eight to other banks.
  static constexpr int lines_bytes = 8 * piece_bytes + 16, row_bytes = block_channels / 8 * lines_bytes;
  static constexpr int y_bytes = pieces * row_bytes, x_bytes = width * y_bytes;
  /// Chunks of x in shared memory: the one that is written, and those that are multiplied.
  static constexpr int x_stages = all_rows ? 3 : 2;
  static constexpr int shared_bytes = x_stages * x_bytes + 2 * y_bytes;
  static constexpr bool sums_bias = all_rows;  ///< there are registers left for it
  static constexpr int sum_count = (first_columns + rest_columns) / 2;
  static_assert(width == 3 || (width == 5 && !all_rows));
  static_assert(sum_count * 128 * static_cast<int>(sizeof(float)) <= shared_bytes && shared_bytes <= 227 << 10);

  Raster raster;
  const float *x, *grad_y;
  FrameMap x_map, y_map;
  int in, out;
  int chunks, chunks_of_part;
  float *result, *bias;  ///< of the first part, or what they are added to; no bias if null
  Index part_size;       ///< entries from a part to the next
  bool add;              ///< to the result, which is one part

  /// Rows of the raster: such that all taps of a block lie at whole pairs of pieces.
  static Raster make_raster(const Conv2dGeometry& g) { return Raster::make(g, all_rows ? 2 * piece : piece); }
  static int chunks_of(const Raster& raster) { return static_cast<int>(ceil_div(raster.positions(), chunk)); }
  /// Whether the rows of a frame are so short that those of all taps lie in two chunks.
  static bool fits(const Raster& raster) { return !all_rows || 2 * raster.row.value() <= chunk; }
  Grid grid() const {
    return {.blocks = {static_cast<int>(ceil_div(chunks, chunks_of_part)), all_rows ? 1 : width,
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
    if constexpr (all_rows) {
      own.read_x(t, *this, begin - 1);
      own.write_x(t, begin - 1);
    }
    own.read(t, *this, begin);
    own.write(t, begin);
    if (begin + 1 < end) own.read(t, *this, begin + 1);
    t.publish_shared();
    t.sync();
    VIDEOONENET_ROLLED
    for (int number = begin; number < end; ++number) {
      t.begin_products();
      multiply(t, number, number > begin, sums, rest);
      t.commit_products();
      if (number + 1 < end) {
        own.write(t, number + 1);
        if (number + 2 < end) own.read(t, *this, number + 2);  // on its way while the next chunk is multiplied
      }
      t.template wait_products<0>();
      t.publish_shared();
      t.sync();
    }
    if constexpr (sums_bias)
      if (bias) hand_over_bias(t, own);
    hand_over(t, sums, rest);
  }

 private:
  static constexpr int together = block_channels * pieces / 256;  ///< neighbouring channels that a thread brings
  static constexpr int lanes = block_channels / together;         ///< threads that bring the channels of a piece
  using Channels = Pack<float, together>;

  template <class Thread>
  VIDEOONENET_DEVICE int first_in(const Thread& t) const {
    return t.block(2) % (in / block_channels) * block_channels;
  }
  template <class Thread>
  VIDEOONENET_DEVICE int first_out(const Thread& t) const {
    return t.block(2) / (in / block_channels) * block_channels;
  }

  /// What a thread brings of a chunk to shared memory: some channels of a piece's positions, of x with those around
  /// them. With all rows 256 threads bring x and the others y, two pieces each.
  struct Pixels {
    static constexpr int neighbours = piece + width - 1, y_pieces = all_rows ? 2 : 1;
    static constexpr int y_at = all_rows ? 0 : neighbours;  ///< a thread that brings only one of both needs less room
    Channels held[all_rows ? std::max(neighbours, y_pieces* piece) : neighbours + piece];
    Channels bias{};  ///< Σ of y
    bool has_x, has_y;
    int p, c;

    template <class Thread>
    VIDEOONENET_DEVICE explicit Pixels(const Thread& t)
        : has_x(t.thread() < 256),
          has_y(!all_rows || !has_x),
          p(t.thread() % 256 / lanes),
          c(t.thread() % lanes * together) {}
    template <class Thread>
    VIDEOONENET_DEVICE void read(const Thread& t, const WarpgroupKernelGradient& g, int number) {
      read_x(t, g, number);
      if (!has_y) return;
      VIDEOONENET_UNROLL
      for (int u = 0; u < y_pieces; ++u)
        g.template read<piece>(g.grad_y + g.first_out(t) + c, g.y_map, g.out, number * chunk + y_piece(u) * piece, 0,
                               held + y_at + u * piece);
    }
    /// Of the last row of taps that the block has.
    template <class Thread>
    VIDEOONENET_DEVICE void read_x(const Thread& t, const WarpgroupKernelGradient& g, int number) {
      const int tap_row = all_rows ? width - 1 : t.block(1);
      if (has_x)
        g.template read<neighbours>(g.x + g.first_in(t) + c, g.x_map, g.in,
                                    number * chunk + p * piece + (tap_row - width / 2) * g.raster.row.value(),
                                    -(width / 2), held);
    }
    template <class Thread>
    VIDEOONENET_DEVICE void write(const Thread& t, int number) {
      write_x(t, number);
      if (!has_y) return;
      const auto to = t.template shared<Piece>(x_stages * x_bytes + number % 2 * y_bytes, y_bytes / piece_bytes);
      VIDEOONENET_UNROLL
      for (int u = 0; u < y_pieces; ++u) VIDEOONENET_UNROLL
      for (int j = 0; j < together; ++j) {
        float v[piece];
        VIDEOONENET_UNROLL
        for (int k = 0; k < piece; ++k) v[k] = held[y_at + u * piece + k][j];
        to[y_piece(u) * (row_bytes / piece_bytes) + place(j)] = PieceOf<bfloat16>::template make<Thread>(v);
        if constexpr (sums_bias) {
          VIDEOONENET_UNROLL
          for (int k = 0; k < piece; ++k) bias[j] += v[k];
        }
      }
    }
    template <class Thread>
    VIDEOONENET_DEVICE void write_x(const Thread& t, int number) const {
      if (!has_x) return;
      const auto to = t.template shared<Piece>(x_stage(number) * x_bytes, x_bytes / piece_bytes);
      VIDEOONENET_UNROLL
      for (int j = 0; j < together; ++j) VIDEOONENET_UNROLL
      for (int s = 0; s < width; ++s) {
        float v[piece];
        VIDEOONENET_UNROLL
        for (int k = 0; k < piece; ++k) v[k] = held[k + s][j];
        to[(p * width + s) * (row_bytes / piece_bytes) + place(j)] = PieceOf<bfloat16>::template make<Thread>(v);
      }
    }

   private:
    VIDEOONENET_DEVICE int y_piece(int u) const { return p + u * (pieces / y_pieces); }
    /// Of the j-th channel in a row of pieces.
    VIDEOONENET_DEVICE int place(int j) const { return (c + j) / 8 * (lines_bytes / piece_bytes) + (c + j) % 8; }
  };
  VIDEOONENET_DEVICE static int x_stage(int number) { return (number + x_stages) % x_stages; }  // from −1 on

  /// v[k] = the channels of what lies `shift` + k positions after `position`, whose row it stays in; zeros outside of
  /// the frame.
  template <int count>
  VIDEOONENET_DEVICE void read(const float* from, const FrameMap& map, int channels, int position, int shift,
                               Channels* v) const {
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
  VIDEOONENET_DEVICE void multiply(const Thread& t, int number, bool add_to, Sums& sums, Rest& rest) const {
    constexpr int a_row = row_bytes, b_row = width * row_bytes, x_pieces = x_stages * pieces;
    const int group = t.warp() / warps_of_group, first = all_rows ? 0 : group * own_pieces;
    int from = x_stage(number) * pieces + first;
    if (all_rows) {  // a row of taps earlier, a row of the raster before; around the end of the stages
      from -= (width - 1 - group) * (raster.row.value() / piece);
      if (from < 0) from += x_pieces;
    }
    const CoreMatrices a{x_stages * x_bytes + number % 2 * y_bytes + first * a_row, a_row, lines_bytes};
    VIDEOONENET_UNROLL
    for (int p = 0; p < own_pieces; p += 2) {
      const CoreMatrices lines = a.moved(p * a_row);
      const CoreMatrices columns{(from + p < x_pieces ? from + p : from + p - x_pieces) * b_row, b_row, lines_bytes};
      t.template multiply_add_warpgroup<bfloat16, first_columns>(sums, lines, columns, add_to || p > 0);
      if constexpr (rest_columns > 0)
        t.template multiply_add_warpgroup<bfloat16, rest_columns>(rest, lines, columns.moved(3 * a_row),
                                                                  add_to || p > 0);
    }
  }

  /// Adds what the threads have summed of y, channel by channel. Blocks of x's first channels do.
  template <class Thread>
  VIDEOONENET_DEVICE void hand_over_bias(const Thread& t, const Pixels& own) const {
    if (first_in(t) > 0) return;
    constexpr int parts = (threads - 256) / lanes;
    const auto shared = t.template shared<float>(0, parts * block_channels);
    if (own.has_y) {
      VIDEOONENET_UNROLL
      for (int j = 0; j < together; ++j) shared[own.p * block_channels + own.c + j] = own.bias[j];
    }
    t.sync();
    if (t.thread() < block_channels) {
      float sum = 0;
      for (int p = 0; p < parts; ++p) sum += shared[p * block_channels + t.thread()];
      float& entry = bias[t.block(0) * part_size + first_out(t) + t.thread()];
      entry = add ? entry + sum : sum;
    }
  }
  /// Writes the sums, with two warpgroups those of both.
  template <class Thread, class Sums, class Rest>
  VIDEOONENET_DEVICE void hand_over(const Thread& t, Sums& sums, Rest& rest) const {
    const auto shared = t.template shared<float>(0, sum_count * 128);
    const int number = t.thread() % 128, group = t.warp() / warps_of_group;
    if constexpr (!all_rows) {
      if (group == 1) {
        VIDEOONENET_UNROLL
        for (int i = 0; i < sum_count; ++i) shared[i * 128 + number] = of(sums, rest, i);
      }
      t.sync();
      if (group == 1) return;
    }
    const int tap_row = all_rows ? group : t.block(1);
    const int row = t.warp() % warps_of_group * 16 + t.lane() / 4, column = t.lane() % 4 * 2;
    float* to = result + t.block(0) * part_size + first_out(t) + row;
    VIDEOONENET_UNROLL
    for (int i = 0; i < sum_count; ++i) {
      const int n = i / 4 * 8 + column + i % 2, tap = tap_row * width + n / block_channels,
                c = first_in(t) + n % block_channels;
      float& entry = to[(tap * in + c) * out + i % 4 / 2 * 8];
      float sum = of(sums, rest, i);
      if constexpr (!all_rows) sum += shared[i * 128 + number];
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

/// The most parts that such a gradient is summed in: as many as give every multiprocessor a block, where blocks share
/// the taps by `rows`.
inline Index most_warpgroup_parts(int multiprocessors, const Conv2dGeometry& g, Index rows) {
  return std::max<Index>(1, multiprocessors / (rows * (g.in / 64) * (g.out / 64)));
}
/// Entries of a part, the bias' with it.
inline Index warpgroup_part_size(const Conv2dGeometry& g) { return g.kernel_size() + g.out; }
/// Entries of scratch for the parts.
template <Gpu Ex>
Index warpgroup_parts_size(const Ex& ex, const Conv2dGeometry& g) {
  if (!has_warpgroup_gradient(ex, g)) return 0;
  return warpgroup_part_size(g) * most_warpgroup_parts(ex.multiprocessors(), g, g.kernel == 3 ? 1 : g.kernel);
}

/// Adds the gradients of a kernel and, unless it is empty, of a bias, for which grad_y's frames must be contiguous;
/// `scratch` holds the parts that they are summed in. Returns whether it did: there are such products for some
/// geometries and aligned arrays.
template <Gpu Ex>
bool add_warpgroup_gradient(const Ex& ex, const Conv2dGeometry& g, const FrameMap& x_map, const float* x,
                            const FrameMap& y_map, const float* grad_y, std::span<float> grad_kernel,
                            std::span<float> grad_bias, std::span<float> scratch) {
  if (!has_warpgroup_gradient(ex, g) || !packs_fit<4>(x, grad_y)) return false;
  const auto launch = [&]<bool bfloat16, int width, bool all_rows>() {
    using Product = WarpgroupKernelGradient<bfloat16, width, all_rows>;
    const auto y_size = static_cast<std::size_t>(g.y_size());
    const Raster raster = Product::make_raster(g);
    if (!Product::fits(raster)) return false;
    // Every part takes time to begin and to be added, about that of some chunks.
    constexpr Index least_chunks = 6;
    const Index chunks = Product::chunks_of(raster);
    const Index most = most_warpgroup_parts(ex.multiprocessors(), g, all_rows ? 1 : width);
    const Index each = std::max(ceil_div(chunks, most), std::min(chunks, least_chunks));
    const Index parts = ceil_div(chunks, each), size = warpgroup_part_size(g);
    const bool at_once = parts == 1;
    if (!at_once && std::ssize(scratch) < parts * size)
      throw ShapeError(
          sentence("conv2d: ", std::ssize(scratch), " entries of scratch were given, expected ", parts * size));
    const bool own_bias = Product::sums_bias && !grad_bias.empty();
    float* bias = at_once ? grad_bias.data() : scratch.data() + g.kernel_size();
    const Product product{raster,
                          x,
                          grad_y,
                          x_map,
                          y_map,
                          static_cast<int>(g.in),
                          static_cast<int>(g.out),
                          static_cast<int>(chunks),
                          static_cast<int>(each),
                          at_once ? grad_kernel.data() : scratch.data(),
                          own_bias ? bias : nullptr,
                          size,
                          at_once};
    ex.launch(product.grid(), product);
    if (!at_once) add_parts(ex, scratch.data(), parts, size, grad_kernel, own_bias ? grad_bias : std::span<float>());
    if (!own_bias && !grad_bias.empty()) conv2d_bias_gradient(ex, g, Input<float>(grad_y, y_size), grad_bias);
    return true;
  };
  const auto with_width = [&]<bool bfloat16>() {
    if (g.kernel == 5) return launch.template operator()<bfloat16, 5, false>();
    return launch.template operator()<bfloat16, 3, true>() || launch.template operator()<bfloat16, 3, false>();
  };
  return ex.precision == Precision::bfloat16 ? with_width.template operator()<true>()
                                             : with_width.template operator()<false>();
}

}  // namespace videoonenet::cuda::convolution
