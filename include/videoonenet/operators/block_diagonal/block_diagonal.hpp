// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A batch of videos, each with an operator of its own.

#include <utility>
#include <vector>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal_cpu.hpp"

namespace videoonenet {

/// One operator per video of the batch; `BlockDiagonal<ShippedOperator<float>>` mixes problems. Owns the operators.
///
/// Math: y = [A₁x₁; A₂x₂; …] for the videos x₁, x₂, … of the batch.  Adjoint: x_i = A_iᵀ y_i.
/// Shapes: the blocks' common single-video domain with n = size() to flat_shape(d₁ + d₂ + …).
/// Errors: InputError without blocks; ShapeError when their domains differ or are batches themselves.
/// Cost: that of the blocks, which run on the executor's threads side by side.
template <class A>
class BlockDiagonal {
  static_assert(require_linear_operator<A>());

 public:
  using value_type = typename A::value_type;
  using structure_tag = structure::BlockDiagonal;

  explicit BlockDiagonal(std::vector<A> blocks) : blocks_(std::move(blocks)) {
    if (blocks_.empty()) throw InputError("BlockDiagonal: there are no blocks, expected one per video");
    const Shape first = block(0).domain();
    if (first.n != 1)
      throw ShapeError(
          sentence("BlockDiagonal: block 0 takes (N,T,H,W,F) = ", first, ", expected single videos, N = 1"));
    offsets_.reserve(blocks_.size() + 1);
    offsets_.push_back(0);
    for (Index i = 0; i < size(); ++i) {
      const Shape domain = block(i).domain();
      if (!(domain == first))
        throw ShapeError(
            sentence("BlockDiagonal: block ", i, " takes (N,T,H,W,F) = ", domain, ", but block 0 takes ", first));
      offsets_.push_back(offsets_.back() + Shape(block(i).range()).size());
    }
  }

  Shape domain() const {
    Shape batch = block(0).domain();
    batch.n = size();
    return batch;
  }
  Shape range() const { return flat_shape(offsets_.back()); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "BlockDiagonal::apply");
    for_each_block(ex, size(),
                   [&](const Ex& ex_block, Index i) { block(i).apply(ex_block, video(x, i), measurement(y, i)); });
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "BlockDiagonal::apply_adjoint");
    for_each_block(ex, size(), [&](const Ex& ex_block, Index i) {
      block(i).apply_adjoint(ex_block, measurement(y, i), video(x, i));
    });
  }

  /// Number of videos.
  Index size() const { return std::ssize(blocks_); }
  /// The operator of video i.
  const A& block(Index i) const { return blocks_[static_cast<std::size_t>(i)]; }
  /// Where the measurement of video i begins; range_offset(size()) is its end.
  Index range_offset(Index i) const { return offsets_[static_cast<std::size_t>(i)]; }

 private:
  template <class T>
  std::span<T> video(std::span<T> x, Index i) const {
    const auto n = static_cast<std::size_t>(Shape(block(0).domain()).size());
    return x.subspan(static_cast<std::size_t>(i) * n, n);
  }
  template <class T>
  std::span<T> measurement(std::span<T> y, Index i) const {
    return y.subspan(static_cast<std::size_t>(range_offset(i)),
                     static_cast<std::size_t>(range_offset(i + 1) - range_offset(i)));
  }

  std::vector<A> blocks_;
  std::vector<Index> offsets_;
};

}  // namespace videoonenet
