// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Products::winograd: convolution with kernels of 3 × 3 or 5 × 5 and stride 1, and its gradients by input and kernel.
///
/// Math: conv2d_winograd_transforms_cpu.hpp. Points of the transform are independent of each other: two rows of them
/// are transformed and multiplied at a time, for a block of tiles that stays in the second-level cache unless the
/// kernel is large.
///
/// Errors: at most 5e-6 of the largest output for normal numbers and up to 256 channels, 2e-5 with kernels of 5 × 5:
/// sums of operands are rounded before they are multiplied, and their products differ in size. Inf and NaN spread
/// within their tile.
///
/// Cost: 36/144 of the multiplications for 3 × 3, 64/400 for 5 × 5 (16/36 and 36/100 where tiles are narrow), some 30
/// additions a pixel and channel, and a prepared kernel of 36 or 64 entries a pair of channels.

#include "videoonenet/nn/conv2d/conv2d_convolve_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_kernel_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_products_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_transforms_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// Whether Winograd's transforms cost less than the multiplications they save.
inline bool winograd_pays(const Padded& c) {
  constexpr Index fewest_channels = std::max<Index>(simd::lanes<float>, 8);
  return (c.kernel == 3 || c.kernel == 5) && c.stride == 1 && c.dilation == 1 &&
         std::min(c.in, c.out) >= fewest_channels && std::min(c.rows, c.cols) > 1;
}

/// What the passes with kernels of K × K share: output channels in groups of registers, and how many tiles a block has.
/// Both sides of the kernel have at least a register of channels.
template <class T, Index K>
class WinogradBlocks {
 public:
  static constexpr Index L = simd::lanes<T>;

  /// So many planes of the source and of the outputs, for all tiles of a block, shall stay in the cache.
  WinogradBlocks(const Padded& c, Index in_planes, Index out_planes) : c_(c), cut_(winograd::Cut::of(c.rows, c.cols)) {
    const Index registers = (c.out + L - 1) / L;
    groups_ = (registers + max_registers - 1) / max_registers;
    group_ = (registers + groups_ - 1) / groups_ * L;
    loops_ = winograd::loops<T>(group_ / L);
    // Large transformed kernels of 5 × 5 come from memory for every block, which then better has many tiles.
    constexpr Index cached = 256 * 1024 / static_cast<Index>(sizeof(T)), shortest = K == 3 ? 48 : 128, longest = 192;
    longest_ = std::clamp(cached / (in_planes * in_step() + out_planes * out_step()), shortest, longest);
  }

 protected:
  static constexpr Index points = winograd::points<K>, pairs = winograd::pairs<K>;

  /// Entries from tile to tile in a plane.
  Index in_step() const { return spread<T>(round_up(c_.in, L)); }
  Index out_step() const { return spread<T>(groups_ * group_); }
  /// Entries from plane to plane: with room for what the loops read and write behind the last tile, and a line of the
  /// cache, lest all planes begin in the same set of it.
  Index plane(Index step) const {
    return aligned<T>((longest_ + winograd::Cut::sizes + loops_.tiles) * step) + aligned<T>(1);
  }
  /// A row of pixels outside of the frame.
  Index zeros_size() const { return aligned<T>(c_.cols * std::max(c_.in, c_.out) + L); }

  Index blocks_of(Index frames) const { return (frames * cut_.in_frame() + longest_ - 1) / longest_; }

  /// A pair of rows of points of some channels' source, for all tiles of a block that have them.
  void transform_source(const winograd::Block& block, Index pair, const winograd::Pixels<T>& x, Range channels,
                        const winograd::Planes<T>& v) const {
    for_sizes(pair, [&](std::size_t s, auto cols) {
      winograd::transform_source<T, K, cols>(cut_.tiles[s], block.tiles[s], pair, x, channels, v.from(block.first[s]));
    });
  }
  void transform_gradient(const winograd::Block& block, Index pair, const winograd::Pixels<T>& grad_y,
                          const winograd::Planes<T>& m) const {
    for_sizes(pair, [&](std::size_t s, auto cols) {
      winograd::transform_gradient<T, K, cols>(cut_.tiles[s], block.tiles[s], pair, grad_y, m.from(block.first[s]));
    });
  }

  Padded c_;
  winograd::Cut cut_;
  winograd::Loops<T> loops_;
  Index groups_, group_;  ///< of output channels
  Index longest_;         ///< block of tiles

 private:
  /// Calls body(size, columns) for the sizes of tiles that have a pair of rows of points.
  template <class Body>
  void for_sizes(Index pair, Body&& body) const {
    for (std::size_t s = 0; s < cut_.tiles.size(); ++s) {
      const winograd::Tiles& t = cut_.tiles[s];
      if (2 * pair >= t.rows + K - 1) continue;
      if (t.cols == winograd::wide)
        body(s, std::integral_constant<Index, winograd::wide>{});
      else
        body(s, std::integral_constant<Index, winograd::narrow>{});
    }
  }
};

/// A convolution, or the gradient by its input.
template <class T, Index K>
class WinogradPlan : WinogradBlocks<T, K> {
  using Blocks = WinogradBlocks<T, K>;
  using Blocks::c_, Blocks::cut_, Blocks::loops_, Blocks::groups_, Blocks::group_, Blocks::points, Blocks::pairs;

 public:
  explicit WinogradPlan(const Padded& c) : Blocks(c, 2 * points, points * points) {}

  /// Entries of a prepared kernel.
  Index prepared_size() const { return points * points * kernel_plane(); }
  /// Entries of scratch for `workers` threads.
  Index working_size(Index workers) const { return this->zeros_size() + workers * worker_size(); }

  void prepare(const Executor& ex, const Kernel<T>& kernel, T* prepared) const {
    winograd::transform_kernel<K>(ex, kernel, {c_.in, c_.out, group_, kernel_plane()}, prepared);
  }

  /// y = K ∗ x + b or y += K ∗ x + b.
  void run(const Executor& ex, Index frames, const T* x, const T* prepared, std::span<const T> bias,
           Accumulate accumulate, T* y, T* scratch) const {
    std::fill_n(scratch, this->zeros_size(), T(0));
    const winograd::Pixels<T> source{x, c_.rows, c_.cols, c_.in, scratch};
    T* own = scratch + this->zeros_size();
    const Index blocks = std::max(this->blocks_of(frames), std::min<Index>(ex.threads, frames * cut_.in_frame()));
    parallel_ranges(ex, blocks, [&](Index worker, Index begin, Index end) {
      const winograd::Planes<T> v{own + worker * worker_size(), this->plane(this->in_step()), this->in_step()};
      const winograd::Planes<T> m{v.data + 2 * points * v.plane, this->plane(this->out_step()), this->out_step()};
      for (Index i = begin; i < end; ++i) {
        const winograd::Block block(cut_, frames, i, blocks);
        for (Index pair = 0; pair < pairs; ++pair) {
          this->transform_source(block, pair, source, {0, c_.in}, v);
          for (Index p = 0; p < 2 * points; ++p)
            multiply(block.template with_point<K>(2 * pair + p / points, p % points), v.data + p * v.plane,
                     prepared + (2 * pair * points + p) * kernel_plane(), m.data + (2 * pair * points + p) * m.plane);
        }
        const auto outputs = [&](std::size_t s, const auto& transform) {
          transform(cut_.tiles[s], block.tiles[s], {m.data + block.first[s] * m.tile, m.plane, m.tile}, c_.out,
                    bias.empty() ? nullptr : bias.data(), accumulate == Accumulate::add, y);
        };
        using winograd::wide, winograd::narrow;
        outputs(0, winograd::transform_outputs<T, K, wide, narrow>);
        outputs(1, winograd::transform_outputs<T, K, wide, wide>);
        outputs(2, winograd::transform_outputs<T, K, narrow, wide>);
        outputs(3, winograd::transform_outputs<T, K, narrow, narrow>);
      }
    });
  }

 private:
  /// m = v · u at one point.
  void multiply(Range tiles, const T* v, const T* u, T* m) const {
    const Index in = this->in_step(), out = this->out_step();
    for (Index g = 0; g < groups_; ++g)
      loops_.plane(tiles.end - tiles.begin, v + tiles.begin * in, in, u + g * c_.in * group_, c_.in,
                   m + tiles.begin * out + g * group_, out);
  }

  Index kernel_plane() const { return aligned<T>(c_.in * groups_ * group_) + aligned<T>(1); }
  Index worker_size() const {
    return 2 * points * this->plane(this->in_step()) + points * points * this->plane(this->out_step());
  }
};

/// The gradient of a convolution by its kernel.
template <class T, Index K>
class WinogradKernelGradient : WinogradBlocks<T, K> {
  using Blocks = WinogradBlocks<T, K>;
  using Blocks::c_, Blocks::cut_, Blocks::loops_, Blocks::groups_, Blocks::group_, Blocks::points, Blocks::pairs;

 public:
  explicit WinogradKernelGradient(const Conv2dGeometry& g) : Blocks(Padded::forward(g), 2 * points, 2 * points) {}

  /// Entries of scratch for `workers` threads.
  Index scratch_size(Index workers) const {
    return this->zeros_size() + points * points * sums_plane() + workers * worker_size();
  }

  /// grad_kernel += Σ x · grad_y. Every entry of the transformed gradient is summed by one worker, block by block.
  void run(const Executor& ex, Index frames, const T* x, const T* grad_y, T* grad_kernel, T* scratch) const {
    std::fill_n(scratch, this->zeros_size(), T(0));
    const winograd::Pixels<T> source{x, c_.rows, c_.cols, c_.in, scratch};
    const winograd::Pixels<T> gradient{grad_y, c_.rows, c_.cols, c_.out, scratch};
    T *sums = scratch + this->zeros_size(), *own = sums + points * points * sums_plane();
    const Index blocks = this->blocks_of(frames);
    constexpr Index part = winograd::channels_together;  // of the source, the least that a worker takes
    const Index parts = (c_.in + part - 1) / part;
    parallel_ranges(ex, points * parts, [&](Index worker, Index begin, Index end) {
      const winograd::Planes<T> v{own + worker * worker_size(), this->plane(this->in_step()), this->in_step()};
      const winograd::Planes<T> m{v.data + 2 * points * v.plane, this->plane(this->out_step()), this->out_step()};
      for (Index i = 0; i < blocks; ++i) {
        const winograd::Block block(cut_, frames, i, blocks);
        for (Index pair = begin / parts / 2; 2 * pair * parts < end; ++pair) {
          const auto channels = [&](Index row) {
            return Range{std::max<Index>(0, begin - row * parts) * part, std::min(c_.in, (end - row * parts) * part)};
          };
          const Range first = channels(2 * pair), second = channels(2 * pair + 1);
          const Index last = std::max(first.end, second.end);
          const Range both{std::min({first.begin, second.begin, last - Blocks::L}), last};
          this->transform_source(block, pair, source, both, v);
          this->transform_gradient(block, pair, gradient, m);
          for (Index p = 0; p < 2 * points; ++p)
            multiply(block.template with_point<K>(2 * pair + p / points, p % points), v.data + p * v.plane - both.begin,
                     m.data + p * m.plane, p < points ? first : second, i > 0,
                     sums + (2 * pair * points + p) * sums_plane());
        }
      }
    });
    parallel_ranges(ex, c_.in, [&](Index, Index begin, Index end) {
      for (Index c = begin; c < end; ++c)
        winograd::transform_kernel_gradient<K>(sums + c * this->out_step(), sums_plane(), c_.in, c_.out, c,
                                               grad_kernel);
    });
  }

 private:
  /// sums = vᵀ m, or += that, at one point for some channels of the source.
  void multiply(Range tiles, const T* v, const T* m, Range channels, bool add, T* sums) const {
    const Index in = this->in_step(), out = this->out_step();
    for (Index g = 0; g < groups_; ++g)
      for (Index c = channels.begin; c < channels.end; c += loops_.channels)
        loops_.channel(tiles.end - tiles.begin, v + tiles.begin * in + c, in, m + tiles.begin * out + g * group_, out,
                       add, sums + c * out + g * group_, out);
  }

  /// Entries from point to point, with room for the channels that fill up the last loop's.
  Index sums_plane() const { return aligned<T>((c_.in + loops_.channels) * this->out_step()) + aligned<T>(1); }
  Index worker_size() const { return 2 * points * (this->plane(this->in_step()) + this->plane(this->out_step())); }
};

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE class WinogradPlan<float, 3>;
VIDEOONENET_INSTANCE class WinogradPlan<float, 5>;
VIDEOONENET_INSTANCE class WinogradKernelGradient<float, 3>;
VIDEOONENET_INSTANCE class WinogradKernelGradient<float, 5>;
#endif

}  // namespace videoonenet::cpu::convolution
