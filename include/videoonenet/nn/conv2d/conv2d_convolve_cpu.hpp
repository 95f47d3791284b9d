// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolves tiles of frames with a packed kernel: the forward pass and the gradient by the input.

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_pack_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// One of the inner loops, with what the packing of its weights depends on.
template <class S>
struct Loop {
  Index pixels;
  void (*run)(const Block<S>&);
};

/// Registers of output channels that one block computes at most.
inline constexpr Index max_registers = many_registers ? 4 : 2;

/// The loop for so many registers of output channels.
template <class S>
constexpr Loop<S> wide_loop(Index registers) {
  constexpr auto loops = []<Index... V>(std::integer_sequence<Index, V...>) {
    return std::array{Loop<S>{wide_pixels<V + 1>, &wide_block<S, V + 1>}...};
  }
  (std::make_integer_sequence<Index, max_registers>{});
  return loops[static_cast<std::size_t>(registers - 1)];
}

/// Output channels that narrow blocks are used for, at most: fewer than half a register.
template <class T>
inline constexpr Index max_narrow = std::max<Index>(simd::lanes<T> / 2, 1);

/// The loop for so few output channels.
template <class S>
constexpr Loop<S> narrow_loop(Index channels) {
  constexpr auto loops = []<Index... K>(std::integer_sequence<Index, K...>) {
    return std::array{Loop<S>{narrow_pixels<K + 1>, &narrow_block<S, K + 1>}...};
  }
  (std::make_integer_sequence<Index, max_narrow<SumOf<S>>>{});
  return loops[static_cast<std::size_t>(channels - 1)];
}

/// A convolution cut into tiles, its outputs into groups of channels that one block computes; tiles and packed weights
/// are stored as S.
template <class S>
class Plan {
 public:
  using T = SumOf<S>;
  static constexpr Index L = simd::lanes<T>;

  explicit Plan(const Padded& c) : c_(c), tiling_(Tiling::of<S>(c)) {
    const bool narrow = c.out <= max_narrow<T>;
    const Index registers = narrow ? 1 : (c.out + L - 1) / L, groups = (registers + max_registers - 1) / max_registers;
    registers_ = (registers + groups - 1) / groups;
    packed_ = {.extent = c.kernel,
               .in = c.in,
               .out = c.out,
               .narrow = narrow,
               .groups = groups,
               .channels = narrow ? c.out : registers_ * L};
  }

  /// Steps that a row of the kernel takes.
  Index steps() const { return packed_.steps(); }
  /// Entries of a prepared kernel.
  Index prepared_size() const { return in_sums<S>(packed_.size()); }
  /// Entries of scratch for `workers` threads, without a prepared kernel and with one.
  Index working_size(Index workers) const { return bias_size() + in_sums<S>(workers * tile_size()); }
  Index scratch_size(Index workers) const { return prepared_size() + working_size(workers); }

  void prepare(const Executor& ex, const Kernel<T>& kernel, T* prepared) const {
    packed_.pack(ex, kernel, reinterpret_cast<S*>(prepared));
  }

  /// y = K ∗ x + b or y += K ∗ x + b, frame by frame.
  void run(const Executor& ex, Index frames, const T* x, const Kernel<T>& kernel, std::span<const T> bias,
           Accumulate accumulate, T* y, T* scratch) const {
    prepare(ex, kernel, scratch);
    run(ex, frames, x, scratch, bias, accumulate, y, scratch + prepared_size());
  }
  /// The same with a kernel that was prepared.
  void run(const Executor& ex, Index frames, const T* x, const T* prepared, std::span<const T> bias,
           Accumulate accumulate, T* y, T* scratch) const {
    T* packed_bias = scratch;
    const S* packed = reinterpret_cast<const S*>(prepared);
    S* tiles = reinterpret_cast<S*>(scratch + bias_size());
    std::copy(bias.begin(), bias.end(), packed_bias);
    std::fill(packed_bias + bias.size(), packed_bias + bias_size(), T(0));
    parallel_ranges(ex, frames * tiling_.count(), [&](Index worker, Index begin, Index end) {
      S* tile = tiles + worker * tile_size();
      for (Index i = begin; i < end; ++i) {
        const Index frame = i / tiling_.count();
        const Tile t = tiling_[i % tiling_.count()];
        const auto copy = [from = x + frame * c_.frame()](Index at, Index count, S* to) {
          Operand<S>::copy(from + at, count, to);
        };
        gather(c_, t, copy, i == begin || tiling_.count() > 1, tile);
        run_tile(t, tile, packed, bias.empty() ? nullptr : packed_bias, accumulate == Accumulate::add,
                 y + frame * c_.rows * c_.cols * c_.out);
      }
    });
  }

 private:
  Index bias_size() const { return aligned<T>(packed_.groups * packed_.channels); }
  Index tile_size() const { return tiling_.template gathered_size<S>(c_); }

  /// Kernel rows whose weights stay in the second-level cache while all pixels of a tile pass.
  Index rows_at_once() const {
    constexpr Index budget = 256 * 1024 / static_cast<Index>(sizeof(S));
    return std::clamp<Index>(budget / packed_.row_size(), 1, c_.kernel);
  }

  void run_tile(const Tile& t, const S* tile, const S* packed, const T* bias, bool add, T* y) const {
    const Index at_once = rows_at_once();
    for (Index g = 0; g < packed_.groups; ++g) {
      const Index channel = g * packed_.channels;
      for (Index r = 0; r < c_.kernel; r += at_once) {
        const Range kernel_rows{r, std::min(c_.kernel, r + at_once)};
        run_group(t, tile, packed + g * packed_.group_size(), bias && r == 0 ? bias + channel : nullptr, add || r > 0,
                  kernel_rows, channel, y);
      }
    }
  }

  void run_group(const Tile& t, const S* tile, const S* packed, const T* bias, bool add, Range kernel_rows,
                 Index channel, T* y) const {
    const Loop<S> loop = packed_.narrow ? narrow_loop<S>(c_.out) : wide_loop<S>(registers_);
    const Index x_row = c_.reach(t.cols) * c_.in, x_col = c_.stride * c_.in, pixels = t.rows * t.cols;
    Block<S> block{.x = nullptr,
                   .x_row = x_row,
                   .weights = nullptr,
                   .rows = 0,
                   .steps = packed_.steps(),
                   .bias = bias,
                   .add = add,
                   .y = y + channel,
                   .valid = 0,
                   .width = std::min(packed_.channels, c_.out - channel),
                   .x_at = {},
                   .y_at = {}};
    Index row = 0, col = 0;
    for (Index first = 0; first < pixels; first += loop.pixels) {
      block.valid = std::min(loop.pixels, pixels - first);
      const Index first_row = row;
      Index last_row = row;
      for (std::size_t p = 0; p < static_cast<std::size_t>(loop.pixels); ++p) {
        if (static_cast<Index>(p) >= block.valid) {
          block.x_at[p] = block.x_at[p - 1];
          continue;
        }
        last_row = row;
        block.x_at[p] = row * c_.stride * x_row + col * x_col;
        block.y_at[p] = ((t.row + row) * c_.cols + t.col + col) * c_.out;
        if (++col == t.cols) col = 0, ++row;
      }
      const Range meeting = meeting_kernel_rows(c_, t.row + first_row, t.row + last_row, kernel_rows);
      block.x = tile + meeting.begin * x_row;
      block.weights = packed + meeting.begin * packed_.row_size();
      block.rows = std::max<Index>(0, meeting.end - meeting.begin);
      loop.run(block);
    }
  }

  Padded c_;
  Tiling tiling_;
  PackedKernel<S> packed_{};
  Index registers_;
};

}  // namespace videoonenet::cpu::convolution
