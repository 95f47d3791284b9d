// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolves tiles of frames with a packed kernel: the forward pass and the gradient by the input.

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_tile_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// A kernel as it lies in memory: entry (r, s, in, out) is data[r·row + s·col + in·in_step + out·out_step].
template <class T>
struct Kernel {
  const T* data;
  Index row, col, in, out;

  static Kernel forward(const Conv2dGeometry& g, const T* kernel) {
    return {kernel, g.kernel * g.in * g.out, g.in * g.out, g.out, 1};
  }
  /// Turned by 180°, inputs and outputs exchanged.
  static Kernel input_gradient(const Conv2dGeometry& g, const T* kernel) {
    const Index tap = g.in * g.out;
    return {kernel + (g.kernel * g.kernel - 1) * tap, -g.kernel * tap, -tap, 1, g.out};
  }
};

/// One of the inner loops, with what the packing of its weights depends on.
template <class T>
struct Loop {
  Index pixels;
  void (*run)(const Block<T>&);
};

/// Registers of output channels that one block computes at most.
inline constexpr Index max_registers = many_registers ? 4 : 2;

/// The loop for so many registers of output channels.
template <class T>
constexpr Loop<T> wide_loop(Index registers) {
  constexpr auto loops = []<Index... V>(std::integer_sequence<Index, V...>) {
    return std::array{Loop<T>{wide_pixels<V + 1>, &wide_block<T, V + 1>}...};
  }
  (std::make_integer_sequence<Index, max_registers>{});
  return loops[static_cast<std::size_t>(registers - 1)];
}

/// Output channels that narrow blocks are used for, at most: fewer than half a register.
template <class T>
inline constexpr Index max_narrow = std::max<Index>(simd::lanes<T> / 2, 1);

/// The loop for so few output channels.
template <class T>
constexpr Loop<T> narrow_loop(Index channels) {
  constexpr auto loops = []<Index... K>(std::integer_sequence<Index, K...>) {
    return std::array{Loop<T>{narrow_pixels<K + 1>, &narrow_block<T, K + 1>}...};
  }
  (std::make_integer_sequence<Index, max_narrow<T>>{});
  return loops[static_cast<std::size_t>(channels - 1)];
}

/// A convolution cut into tiles, its outputs into groups of channels that one block computes.
template <class T>
class Plan {
 public:
  static constexpr Index L = simd::lanes<T>;

  explicit Plan(const Padded& c) : c_(c), tiling_(Tiling::of<T>(c)), narrow_(c.out <= max_narrow<T>) {
    const Index registers = narrow_ ? 1 : (c.out + L - 1) / L;
    groups_ = (registers + max_registers - 1) / max_registers;
    registers_ = (registers + groups_ - 1) / groups_;
  }

  Index kernel_size() const { return aligned<T>(groups_ * group_size()); }
  Index bias_size() const { return aligned<T>(groups_ * group_channels()); }
  Index tile_size() const { return tiling_.template gathered_size<T>(c_); }
  /// Entries of scratch for `workers` threads.
  Index scratch_size(Index workers) const { return kernel_size() + bias_size() + workers * tile_size(); }

  /// y = K ∗ x + b or y += K ∗ x + b, frame by frame.
  void run(const Executor& ex, Index frames, const T* x, const Kernel<T>& kernel, std::span<const T> bias,
           Accumulate accumulate, T* y, T* scratch) const {
    T *packed = scratch, *packed_bias = packed + kernel_size(), *tiles = packed_bias + bias_size();
    pack(kernel, packed);
    std::copy(bias.begin(), bias.end(), packed_bias);
    std::fill(packed_bias + bias.size(), tiles, T(0));
    parallel_ranges(ex, frames * tiling_.count(), [&](Index worker, Index begin, Index end) {
      T* tile = tiles + worker * tile_size();
      for (Index i = begin; i < end; ++i) {
        const Index frame = i / tiling_.count();
        const Tile t = tiling_[i % tiling_.count()];
        gather(c_, t, x + frame * c_.frame(), i == begin || tiling_.count() > 1, tile);
        run_tile(t, tile, packed, bias.empty() ? nullptr : packed_bias, accumulate == Accumulate::add,
                 y + frame * c_.rows * c_.cols * c_.out);
      }
    });
  }

 private:
  Index group_channels() const { return narrow_ ? c_.out : registers_ * L; }
  /// Groups of weights in a kernel row: one for each tap, or one for each register of taps.
  Index steps() const { return narrow_ ? (c_.depth() + L - 1) / L : c_.depth(); }
  Index row_size() const { return steps() * (narrow_ ? c_.out * L : registers_ * L); }
  Index group_size() const { return c_.kernel * row_size(); }

  void pack(const Kernel<T>& kernel, T* packed) const {
    if (narrow_ || c_.out % group_channels() != 0) std::fill_n(packed, kernel_size(), T(0));
    for (Index r = 0; r < c_.kernel; ++r)
      for (Index s = 0; s < c_.kernel; ++s) {
        const T* tap = kernel.data + r * kernel.row + s * kernel.col;
        for (Index c = 0; c < c_.in; ++c, tap += kernel.in) {
          const Index j = s * c_.in + c;
          if (narrow_) {
            T* to = packed + r * row_size() + (j / L) * c_.out * L + j % L;
            for (Index k = 0; k < c_.out; ++k) to[k * L] = tap[k * kernel.out];
            continue;
          }
          for (Index first = 0; first < c_.out; first += group_channels()) {
            T* to = packed + first / group_channels() * group_size() + (r * c_.depth() + j) * group_channels();
            const Index count = std::min(group_channels(), c_.out - first);
            const T* from = tap + first * kernel.out;
            if (kernel.out == 1)
              std::copy_n(from, count, to);
            else
              for (Index k = 0; k < count; ++k) to[k] = from[k * kernel.out];
          }
        }
      }
  }

  /// Kernel rows whose weights stay in the second-level cache while all pixels of a tile pass.
  Index rows_at_once() const {
    constexpr Index budget = 256 * 1024 / static_cast<Index>(sizeof(T));
    return std::clamp<Index>(budget / row_size(), 1, c_.kernel);
  }

  void run_tile(const Tile& t, const T* tile, const T* packed, const T* bias, bool add, T* y) const {
    const Index at_once = rows_at_once();
    for (Index g = 0; g < groups_; ++g) {
      const Index channel = g * group_channels();
      for (Index r = 0; r < c_.kernel; r += at_once) {
        const Range kernel_rows{r, std::min(c_.kernel, r + at_once)};
        run_group(t, tile, packed + g * group_size(), bias && r == 0 ? bias + channel : nullptr, add || r > 0,
                  kernel_rows, channel, y);
      }
    }
  }

  void run_group(const Tile& t, const T* tile, const T* packed, const T* bias, bool add, Range kernel_rows,
                 Index channel, T* y) const {
    const Loop<T> loop = narrow_ ? narrow_loop<T>(c_.out) : wide_loop<T>(registers_);
    const Index x_row = c_.reach(t.cols) * c_.in, x_col = c_.stride * c_.in, pixels = t.rows * t.cols;
    Block<T> block{.x = nullptr,
                   .x_row = x_row,
                   .weights = nullptr,
                   .rows = 0,
                   .steps = steps(),
                   .bias = bias,
                   .add = add,
                   .y = y + channel,
                   .valid = 0,
                   .width = std::min(group_channels(), c_.out - channel),
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
      block.weights = packed + meeting.begin * row_size();
      block.rows = std::max<Index>(0, meeting.end - meeting.begin);
      loop.run(block);
    }
  }

  Padded c_;
  Tiling tiling_;
  bool narrow_;
  Index groups_, registers_;
};

}  // namespace videoonenet::cpu::convolution
