// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Products::winograd: convolution with 3 × 3 kernels and stride 1, and its gradients by input and kernel.
///
/// Math: conv2d_winograd_transforms_cpu.hpp. Points of the transform are independent of each other: a row of four of
/// them is transformed and multiplied at a time, for a block of tiles that stays in the second-level cache.
/// Errors: at most 1e-6 of the largest output for normal numbers, as with direct products: that sums of operands are
/// rounded before they are multiplied is made up for by shorter sums. Inf and NaN spread within their tile.
/// Cost: 16/36 of the multiplications, and some 20 additions a pixel and channel.

#include "videoonenet/nn/conv2d/conv2d_convolve_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_kernel_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_products_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// Whether Winograd's transforms cost less than the multiplications they save.
inline bool winograd_pays(const Padded& c) {
  constexpr Index fewest_channels = std::max<Index>(simd::lanes<float>, 8);
  return c.kernel == 3 && c.stride == 1 && c.dilation == 1 && std::min(c.in, c.out) >= fewest_channels &&
         std::min(c.rows, c.cols) > 1;
}

/// What the passes share: output channels in groups of registers, and how many tiles a block has.
template <class T>
class WinogradBlocks {
 public:
  static constexpr Index L = simd::lanes<T>;

  /// So many planes of the source and of the outputs, for all tiles of a block, shall stay in the cache.
  WinogradBlocks(const Padded& c, Index in_planes, Index out_planes) : c_(c), tiles_{c.rows, c.cols} {
    const Index registers = (c.out + L - 1) / L;
    groups_ = (registers + max_registers - 1) / max_registers;
    group_ = (registers + groups_ - 1) / groups_ * L;
    loops_ = winograd::loops<T>(group_ / L);
    constexpr Index cached = 256 * 1024 / static_cast<Index>(sizeof(T)), shortest = 48, longest = 192;
    longest_ = std::clamp(cached / (in_planes * in_step() + out_planes * out_step()), shortest, longest);
  }

 protected:
  static constexpr Index points = winograd::points;

  /// Entries from tile to tile in a plane.
  Index in_step() const { return round_up(c_.in, L); }
  Index out_step() const { return groups_ * group_; }
  /// Entries from plane to plane: with room for what the loops read and write behind the last tile, and a line of the
  /// cache, lest all planes begin in the same set of it.
  Index plane(Index step) const { return aligned<T>((longest_ + loops_.tiles) * step) + aligned<T>(1); }
  Index zeros_size() const { return aligned<T>(std::max(in_step(), out_step())); }

  Padded c_;
  winograd::Tiles tiles_;
  winograd::Loops<T> loops_;
  Index groups_, group_;  ///< of output channels
  Index longest_;         ///< block of tiles
};

/// A convolution, or the gradient by its input.
template <class T>
class WinogradPlan : WinogradBlocks<T> {
  using Blocks = WinogradBlocks<T>;
  using Blocks::c_, Blocks::tiles_, Blocks::loops_, Blocks::groups_, Blocks::group_, Blocks::longest_, Blocks::points;

 public:
  explicit WinogradPlan(const Padded& c) : Blocks(c, points, points * points) {}

  /// Entries of a prepared kernel.
  Index prepared_size() const { return points * points * kernel_plane(); }
  /// Entries of scratch for `workers` threads.
  Index working_size(Index workers) const { return this->zeros_size() + workers * worker_size(); }

  void prepare(const Kernel<T>& kernel, T* prepared) const {
    winograd::transform_kernel(kernel, {c_.in, c_.out, group_, kernel_plane()}, prepared);
  }

  /// y = K ∗ x + b or y += K ∗ x + b.
  void run(const Executor& ex, Index frames, const T* x, const T* prepared, std::span<const T> bias,
           Accumulate accumulate, T* y, T* scratch) const {
    std::fill_n(scratch, this->zeros_size(), T(0));
    const winograd::Pixels<T> source{x, c_.in, scratch};
    T* own = scratch + this->zeros_size();
    const Index tiles = frames * tiles_.in_frame();
    const Index blocks = std::max((tiles + longest_ - 1) / longest_, std::min<Index>(ex.threads, tiles));
    parallel_ranges(ex, blocks, [&](Index worker, Index begin, Index end) {
      const winograd::Planes<T> v{own + worker * worker_size(), this->plane(this->in_step()), this->in_step()};
      const winograd::Planes<T> m{v.data + points * v.plane, this->plane(this->out_step()), this->out_step()};
      for (Index i = begin; i < end; ++i) {
        const Range block{i * tiles / blocks, (i + 1) * tiles / blocks};
        for (Index row = 0; row < points; ++row) {
          winograd::transform_source(tiles_, block, row, source, {0, c_.in}, v);
          for (Index col = 0; col < points; ++col)
            multiply(block.end - block.begin, v.data + col * v.plane, prepared + (row * points + col) * kernel_plane(),
                     m.data + (row * points + col) * m.plane);
        }
        winograd::transform_outputs<T>(tiles_, block, {m.data, m.plane, m.tile}, c_.out,
                                       bias.empty() ? nullptr : bias.data(), accumulate == Accumulate::add, y);
      }
    });
  }

 private:
  /// m = v · u at one point.
  void multiply(Index tiles, const T* v, const T* u, T* m) const {
    for (Index g = 0; g < groups_; ++g)
      loops_.plane(tiles, v, this->in_step(), u + g * c_.in * group_, c_.in, m + g * group_, this->out_step());
  }

  Index kernel_plane() const { return aligned<T>(c_.in * this->out_step()) + aligned<T>(1); }
  Index worker_size() const {
    return points * this->plane(this->in_step()) + points * points * this->plane(this->out_step());
  }
};

/// The gradient of a convolution by its kernel.
template <class T>
class WinogradKernelGradient : WinogradBlocks<T> {
  using Blocks = WinogradBlocks<T>;
  using Blocks::c_, Blocks::tiles_, Blocks::loops_, Blocks::groups_, Blocks::group_, Blocks::longest_, Blocks::points;

 public:
  explicit WinogradKernelGradient(const Conv2dGeometry& g) : Blocks(Padded::forward(g), points, points) {}

  /// Entries of scratch for `workers` threads.
  Index scratch_size(Index workers) const {
    return this->zeros_size() + points * points * sums_plane() + workers * worker_size();
  }

  /// grad_kernel += Σ x · grad_y. Every entry of the transformed gradient is summed by one worker, block by block.
  void run(const Executor& ex, Index frames, const T* x, const T* grad_y, T* grad_kernel, T* scratch) const {
    std::fill_n(scratch, this->zeros_size(), T(0));
    const winograd::Pixels<T> source{x, c_.in, scratch}, gradient{grad_y, c_.out, scratch};
    T *sums = scratch + this->zeros_size(), *own = sums + points * points * sums_plane();
    const Index tiles = frames * tiles_.in_frame(), blocks = (tiles + longest_ - 1) / longest_;
    constexpr Index part = winograd::channels_together;  // of the source, the least that a worker takes
    const Index parts = (c_.in + part - 1) / part;
    parallel_ranges(ex, points * parts, [&](Index worker, Index begin, Index end) {
      const winograd::Planes<T> v{own + worker * worker_size(), this->plane(this->in_step()), this->in_step()};
      const winograd::Planes<T> m{v.data + points * v.plane, this->plane(this->out_step()), this->out_step()};
      for (Index i = 0; i < blocks; ++i) {
        const Range block{i * tiles / blocks, (i + 1) * tiles / blocks};
        for (Index row = begin / parts; row * parts < end; ++row) {
          const Range channels{std::max<Index>(0, begin - row * parts) * part,
                               std::min(c_.in, (end - row * parts) * part)};
          winograd::transform_source(tiles_, block, row, source, channels, v);
          winograd::transform_gradient(tiles_, block, row, gradient, m);
          for (Index col = 0; col < points; ++col)
            multiply(block.end - block.begin, v.data + col * v.plane, m.data + col * m.plane, channels, i > 0,
                     sums + (row * points + col) * sums_plane());
        }
      }
    });
    parallel_ranges(ex, c_.in, [&](Index, Index begin, Index end) {
      for (Index c = begin; c < end; ++c)
        winograd::transform_kernel_gradient(sums + c * this->out_step(), sums_plane(), c_.in, c_.out, c, grad_kernel);
    });
  }

 private:
  /// sums = vᵀ m, or += that, at one point for some channels of the source.
  void multiply(Index tiles, const T* v, const T* m, Range channels, bool add, T* sums) const {
    for (Index g = 0; g < groups_; ++g)
      for (Index c = channels.begin; c < channels.end; c += loops_.channels)
        loops_.channel(tiles, v + c - channels.begin, this->in_step(), m + g * group_, this->out_step(), add,
                       sums + c * this->out_step() + g * group_, this->out_step());
  }

  /// Entries from point to point, with room for the channels that fill up the last loop's.
  Index sums_plane() const { return aligned<T>((c_.in + loops_.channels) * this->out_step()) + aligned<T>(1); }
  Index worker_size() const { return points * (this->plane(this->in_step()) + this->plane(this->out_step())); }
};

}  // namespace videoonenet::cpu::convolution
