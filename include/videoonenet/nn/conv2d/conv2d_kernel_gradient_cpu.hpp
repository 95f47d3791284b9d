// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient of a convolution by its kernel: sums of outer products over the pixels.

#include <limits>

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_tile_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// An inner loop for blocks of `entries` by `registers` products.
template <class S>
struct OuterLoop {
  Index entries, registers;
  void (*run)(const Walk<S>&, SumOf<S>*, Index);
};

/// The loop for A entries by V registers.
template <class S, Index A, Index V>
inline constexpr OuterLoop<S> outer_loop{A, V, &outer_block<S, A, V>};

/// Every loop there is; a block takes the largest that fits.
template <class S>
constexpr auto outer_loops() {
  if constexpr (many_registers)
    return std::array{outer_loop<S, 1, 1>,  outer_loop<S, 2, 1>,  outer_loop<S, 4, 1>, outer_loop<S, 8, 1>,
                      outer_loop<S, 12, 1>, outer_loop<S, 24, 1>, outer_loop<S, 1, 2>, outer_loop<S, 2, 2>,
                      outer_loop<S, 4, 2>,  outer_loop<S, 6, 2>,  outer_loop<S, 8, 2>, outer_loop<S, 12, 2>,
                      outer_loop<S, 1, 4>,  outer_loop<S, 2, 4>,  outer_loop<S, 3, 4>, outer_loop<S, 6, 4>};
  else
    return std::array{outer_loop<S, 1, 1>, outer_loop<S, 2, 1>, outer_loop<S, 4, 1>, outer_loop<S, 8, 1>,
                      outer_loop<S, 1, 2>, outer_loop<S, 2, 2>, outer_loop<S, 4, 2>, outer_loop<S, 6, 2>,
                      outer_loop<S, 1, 4>, outer_loop<S, 2, 4>};
}

/// Most entries of any of them.
inline constexpr Index largest_outer = 24;

/// grad_kernel as blocks of products, for every kernel row: `entries` along one of (taps j, output channels k),
/// registers along the other. Tiles are stored as S, whose entries may hold the numbers of two frames.
template <class S>
class KernelGradient {
 public:
  using T = SumOf<S>;
  static constexpr Index L = simd::lanes<T>, together = Operand<S>::per_entry;

  explicit KernelGradient(const Conv2dGeometry& g) : c_(Padded::forward(g)), tiling_(Tiling::of<S>(c_)) {
    const auto [k_cost, k_loop] = cheapest(c_.depth(), c_.out);
    const auto [j_cost, j_loop] = cheapest(c_.out, c_.depth());
    registers_hold_taps_ = j_cost < k_cost;
    loop_ = registers_hold_taps_ ? j_loop : k_loop;
    const Index entries = registers_hold_taps_ ? c_.out : c_.depth(),
                lanes = registers_hold_taps_ ? c_.depth() : c_.out;
    entry_blocks_ = (entries + loop_.entries - 1) / loop_.entries;
    lane_blocks_ = (lanes + loop_.registers * L - 1) / (loop_.registers * L);
    band_ = band_rows();
    gradient_col_ = spread<S>(c_.out);
    copies_gradient_ =
        !std::is_same_v<S, T> || registers_hold_taps_ || c_.out % (loop_.registers * L) != 0 || gradient_col_ != c_.out;
  }

  /// Entries of scratch for `workers` threads.
  Index scratch_size(Index workers) const { return in_sums<S>(workers * worker_size()); }

  /// grad_kernel += Σ x · grad_y. Every entry is summed by one worker, frame by frame.
  void run(const Executor& ex, Index frames, const T* x, const T* grad_y, T* grad_kernel, T* scratch) const {
    const Index blocks = c_.kernel * lane_blocks_ * entry_blocks_;
    parallel_ranges(ex, blocks, [&](Index worker, Index begin, Index end) {
      S *tile = reinterpret_cast<S*>(scratch) + worker * worker_size(),
        *copy = tile + tiling_.template gathered_size<S>(c_);
      const Index y_frame = c_.rows * c_.cols * c_.out;
      for (Index frame = 0, i = 0; frame < frames; i = (i + 1) % tiling_.count(), frame += i == 0 ? together : 0) {
        const Tile t = tiling_[i];
        const bool last = frame + 1 == frames;
        const Frames both{x + frame * c_.frame(), last ? nullptr : x + (frame + 1) * c_.frame()};
        gather(c_, t, both, (frame == 0 && i == 0) || tiling_.count() > 1, tile);
        const Frames gradients{grad_y + frame * y_frame, last ? nullptr : grad_y + (frame + 1) * y_frame};
        const Rows gradient = rows_of(t, gradients, copy);
        const Range all{t.row, t.row + t.rows};
        for (Range band{all.begin, all.begin}; band.begin < all.end; band.begin = band.end) {
          band.end = std::min(band.begin + band_, all.end);
          for (Index number = begin; number < end; ++number) {
            const Block block = block_of(number);
            if (block.in_place)
              add_block(t, band, tile, gradient, block, grad_kernel);
            else if (band.begin == all.begin)
              add_block(t, all, tile, gradient, block, grad_kernel);
          }
        }
      }
    });
  }

 private:
  /// The frames whose numbers share an entry; the second may be missing.
  struct Frames {
    const T *first, *second;
    void operator()(Index at, Index count, S* to) const {
      if constexpr (together == 2)
        Operand<S>::copy(first + at, second ? second + at : nullptr, count, to);
      else
        Operand<S>::copy(first + at, count, to);
    }
  };

  /// A tile of grad_y.
  struct Rows {
    const S* data;
    Index step;  ///< from row to row
  };

  Index copy_size() const { return copies_gradient_ ? aligned<S>(tiling_.pixels() * gradient_col_ + slack<S>) : 0; }
  Index worker_size() const { return tiling_.template gathered_size<S>(c_) + copy_size(); }

  /// The loop that needs the fewest cycles a pixel for entries × lanes products, by a simple model: a multiply-add a
  /// cycle, at least four of them in flight; a load a cycle, two for a register, which may lie in two cache lines; and
  /// a cycle for the walk.
  static std::pair<Index, OuterLoop<S>> cheapest(Index entries, Index lanes) {
    std::pair<Index, OuterLoop<S>> best{std::numeric_limits<Index>::max(), {}};
    for (const OuterLoop<S>& loop : outer_loops<S>()) {
      const Index blocks =
          ((entries + loop.entries - 1) / loop.entries) * ((lanes + loop.registers * L - 1) / (loop.registers * L));
      const Index cycles = std::max<Index>({loop.entries * loop.registers, loop.entries + 2 * loop.registers, 4});
      const Index cost = blocks * (cycles + 1 + loop.registers / 2);
      if (cost < best.first) best = {cost, loop};
    }
    return best;
  }

  /// Rows of a tile that all blocks take before they go on: what a block reads of them stays in the first-level cache,
  /// and is enough work for one addition to the sums in memory. Blocks that are not added in place take the whole tile.
  Index band_rows() const {
    constexpr Index budget = 20 * 1024, line = 64, least_pixels = 48;
    const Tile largest = tiling_.largest();
    const Index pixel = loop_.registers * L * static_cast<Index>(sizeof(S)) + line;
    const Index fitting = std::max(budget / (pixel * largest.cols), (least_pixels + largest.cols - 1) / largest.cols);
    const Index bands = (largest.rows + fitting - 1) / fitting;
    return (largest.rows + bands - 1) / bands;
  }

  Rows rows_of(const Tile& t, const Frames& frames, S* copy) const {
    const Index first = (t.row * c_.cols + t.col) * c_.out;
    if constexpr (std::is_same_v<S, T>)
      if (!copies_gradient_) return {frames.first + first, c_.cols * c_.out};
    const Index at_once = gradient_col_ == c_.out ? t.cols : 1;
    for (Index row = 0; row < t.rows; ++row)
      for (Index col = 0; col < t.cols; col += at_once)
        frames(first + (row * c_.cols + col) * c_.out, at_once * c_.out, copy + (row * t.cols + col) * gradient_col_);
    std::fill_n(copy + t.rows * t.cols * gradient_col_, slack<S>, S{});
    return {copy, t.cols * gradient_col_};
  }

  /// Some of grad_kernel's entries in row r, from tap j and output channel k on.
  struct Block {
    Index r, j, k;
    bool in_place;  ///< they lie in memory as in registers, so that a loop may add to them
  };
  Block block_of(Index i) const {
    const Index entry = i % entry_blocks_ * loop_.entries;
    const Index lane = i / entry_blocks_ % lane_blocks_ * loop_.registers * L;
    const Index r = i / entry_blocks_ / lane_blocks_;
    if (registers_hold_taps_) return {r, lane, entry, false};
    return {r, entry, lane, entry + loop_.entries <= c_.depth() && lane + loop_.registers * L <= c_.out};
  }

  /// Adds the products of one block over the output rows of `band`.
  void add_block(const Tile& t, Range band, const S* tile, const Rows& gradient, const Block& block,
                 T* grad_kernel) const {
    const auto& [r, j, k, in_place] = block;
    const Range rows = meeting_output_rows(c_, r, band);
    if (rows.begin >= rows.end) return;
    const Index skipped = rows.begin - t.row, x_row = c_.reach(t.cols) * c_.in;
    const S* x = tile + (skipped * c_.stride + r) * x_row + j;
    const S* y = gradient.data + skipped * gradient.step + k;
    const Index x_down = c_.stride * x_row, x_right = c_.stride * c_.in;
    Walk<S> walk{rows.end - rows.begin, t.cols, x, x_down, x_right, y, gradient.step, gradient_col_};
    if (registers_hold_taps_)
      std::swap(walk.a, walk.b), std::swap(walk.a_row, walk.b_row), std::swap(walk.a_col, walk.b_col);

    T* to = grad_kernel + (r * c_.depth() + j) * c_.out + k;
    const Index width = loop_.registers * L;
    if (in_place) return loop_.run(walk, to, c_.out);
    alignas(alignment) T products[largest_outer * 4 * L];
    std::fill_n(products, loop_.entries * width, T(0));
    loop_.run(walk, products, width);
    const Index taps = std::min(registers_hold_taps_ ? width : loop_.entries, c_.depth() - j);
    const Index channels = std::min(registers_hold_taps_ ? loop_.entries : width, c_.out - k);
    const Index tap_step = registers_hold_taps_ ? 1 : width, channel_step = registers_hold_taps_ ? width : 1;
    for (Index a = 0; a < taps; ++a)
      for (Index b = 0; b < channels; ++b) to[a * c_.out + b] += products[a * tap_step + b * channel_step];
  }

  Padded c_;
  Tiling tiling_;
  OuterLoop<S> loop_{};
  bool registers_hold_taps_, copies_gradient_;
  Index entry_blocks_, lane_blocks_, band_;
  Index gradient_col_;  ///< entries from pixel to pixel of a tile of grad_y
};

}  // namespace videoonenet::cpu::convolution
