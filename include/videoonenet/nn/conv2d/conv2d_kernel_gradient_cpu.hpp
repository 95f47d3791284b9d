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
template <class T>
struct OuterLoop {
  Index entries, registers;
  void (*run)(const Walk<T>&, T*);
};

/// The loop for A entries by V registers.
template <class T, Index A, Index V>
inline constexpr OuterLoop<T> outer_loop{A, V, &outer_block<T, A, V>};

/// Every loop there is; a block takes the largest that fits.
template <class T>
constexpr auto outer_loops() {
  if constexpr (many_registers)
    return std::array{outer_loop<T, 1, 1>,  outer_loop<T, 2, 1>,  outer_loop<T, 4, 1>, outer_loop<T, 8, 1>,
                      outer_loop<T, 12, 1>, outer_loop<T, 24, 1>, outer_loop<T, 1, 2>, outer_loop<T, 2, 2>,
                      outer_loop<T, 4, 2>,  outer_loop<T, 6, 2>,  outer_loop<T, 8, 2>, outer_loop<T, 12, 2>,
                      outer_loop<T, 1, 4>,  outer_loop<T, 2, 4>,  outer_loop<T, 3, 4>, outer_loop<T, 6, 4>};
  else
    return std::array{outer_loop<T, 1, 1>, outer_loop<T, 2, 1>, outer_loop<T, 4, 1>, outer_loop<T, 8, 1>,
                      outer_loop<T, 1, 2>, outer_loop<T, 2, 2>, outer_loop<T, 4, 2>, outer_loop<T, 6, 2>,
                      outer_loop<T, 1, 4>, outer_loop<T, 2, 4>};
}

/// Most entries of any of them.
inline constexpr Index largest_outer = 24;

/// grad_kernel as blocks of products, for every kernel row: `entries` along one of (taps j, output channels k),
/// registers along the other.
template <class T>
class KernelGradient {
 public:
  static constexpr Index L = simd::lanes<T>;

  explicit KernelGradient(const Conv2dGeometry& g) : c_(Padded::forward(g)), tiling_(Tiling::of<T>(c_)) {
    const auto [k_cost, k_loop] = cheapest(c_.depth(), c_.out);
    const auto [j_cost, j_loop] = cheapest(c_.out, c_.depth());
    registers_hold_taps_ = j_cost < k_cost;
    loop_ = registers_hold_taps_ ? j_loop : k_loop;
    const Index entries = registers_hold_taps_ ? c_.out : c_.depth(),
                lanes = registers_hold_taps_ ? c_.depth() : c_.out;
    entry_blocks_ = (entries + loop_.entries - 1) / loop_.entries;
    lane_blocks_ = (lanes + loop_.registers * L - 1) / (loop_.registers * L);
    copies_gradient_ = registers_hold_taps_ || c_.out % (loop_.registers * L) != 0;
  }

  Index scratch_size(Index workers) const { return workers * worker_size(); }

  /// grad_kernel += Σ x · grad_y. Every entry is summed by one worker, frame by frame.
  void run(const Executor& ex, Index frames, const T* x, const T* grad_y, T* grad_kernel, T* scratch) const {
    const Index blocks = c_.kernel * lane_blocks_ * entry_blocks_;
    parallel_ranges(ex, blocks, [&](Index worker, Index begin, Index end) {
      T *tile = scratch + worker * worker_size(), *copy = tile + tiling_.template gathered_size<T>(c_);
      for (Index i = 0; i < frames * tiling_.count(); ++i) {
        const Index frame = i / tiling_.count();
        const Tile t = tiling_[i % tiling_.count()];
        gather(c_, t, x + frame * c_.frame(), i == 0 || tiling_.count() > 1, tile);
        const Rows gradient = rows_of(t, grad_y + frame * c_.rows * c_.cols * c_.out, copy);
        for (Index block = begin; block < end; ++block) add_block(t, tile, gradient, block, grad_kernel);
      }
    });
  }

 private:
  /// A tile of grad_y.
  struct Rows {
    const T* data;
    Index step;  ///< from row to row
  };

  Index copy_size() const { return copies_gradient_ ? aligned<T>(tiling_.pixels() * c_.out + slack<T>) : 0; }
  Index worker_size() const { return tiling_.template gathered_size<T>(c_) + copy_size(); }

  /// The loop that needs the fewest cycles a pixel for entries × lanes products, by a simple model: a multiply-add a
  /// cycle, at least four of them in flight, and a cycle for the walk.
  static std::pair<Index, OuterLoop<T>> cheapest(Index entries, Index lanes) {
    std::pair<Index, OuterLoop<T>> best{std::numeric_limits<Index>::max(), {}};
    for (const OuterLoop<T>& loop : outer_loops<T>()) {
      const Index blocks =
          ((entries + loop.entries - 1) / loop.entries) * ((lanes + loop.registers * L - 1) / (loop.registers * L));
      const Index cost = blocks * (std::max<Index>(loop.entries * loop.registers, 4) + 1 + loop.registers / 2);
      if (cost < best.first) best = {cost, loop};
    }
    return best;
  }

  Rows rows_of(const Tile& t, const T* frame, T* copy) const {
    const T* first = frame + (t.row * c_.cols + t.col) * c_.out;
    if (!copies_gradient_) return {first, c_.cols * c_.out};
    for (Index row = 0; row < t.rows; ++row)
      std::copy_n(first + row * c_.cols * c_.out, t.cols * c_.out, copy + row * t.cols * c_.out);
    std::fill_n(copy + t.rows * t.cols * c_.out, slack<T>, T(0));
    return {copy, t.cols * c_.out};
  }

  void add_block(const Tile& t, const T* tile, const Rows& gradient, Index block, T* grad_kernel) const {
    const Index entry = block % entry_blocks_ * loop_.entries;
    const Index lane = block / entry_blocks_ % lane_blocks_ * loop_.registers * L;
    const Index r = block / entry_blocks_ / lane_blocks_;
    const Range rows = meeting_output_rows(c_, r, {t.row, t.row + t.rows});
    if (rows.begin >= rows.end) return;
    const Index j = registers_hold_taps_ ? lane : entry, k = registers_hold_taps_ ? entry : lane;
    const Index skipped = rows.begin - t.row, x_row = c_.reach(t.cols) * c_.in;
    const T* x = tile + (skipped * c_.stride + r) * x_row + j;
    const T* y = gradient.data + skipped * gradient.step + k;
    const Index x_down = c_.stride * x_row, x_right = c_.stride * c_.in;
    alignas(alignment) T products[largest_outer * 4 * L];
    Walk<T> walk{rows.end - rows.begin, t.cols, x, x_down, x_right, y, gradient.step, c_.out};
    if (registers_hold_taps_)
      std::swap(walk.a, walk.b), std::swap(walk.a_row, walk.b_row), std::swap(walk.a_col, walk.b_col);
    loop_.run(walk, products);

    T* to = grad_kernel + (r * c_.depth() + j) * c_.out + k;
    const Index width = loop_.registers * L;
    const Index taps = std::min(registers_hold_taps_ ? width : loop_.entries, c_.depth() - j);
    const Index channels = std::min(registers_hold_taps_ ? loop_.entries : width, c_.out - k);
    const Index tap_step = registers_hold_taps_ ? 1 : width, channel_step = registers_hold_taps_ ? width : 1;
    for (Index a = 0; a < taps; ++a)
      for (Index b = 0; b < channels; ++b) to[a * c_.out + b] += products[a * tap_step + b * channel_step];
  }

  Padded c_;
  Tiling tiling_;
  OuterLoop<T> loop_{};
  bool registers_hold_taps_, copies_gradient_;
  Index entry_blocks_, lane_blocks_;
};

}  // namespace videoonenet::cpu::convolution
