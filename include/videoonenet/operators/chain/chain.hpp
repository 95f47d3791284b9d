// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Composition of operators of one type, as many as a program is told at run time.

#include <algorithm>
#include <utility>
#include <vector>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/operators/scratch_pool/scratch_pool.hpp"

namespace videoonenet {

/// Operators applied one after the other, the first element first; `Chain<ShippedOperator<float>>` mixes types.
///
/// Math: y = A_k … A_2 A_1 x.  Adjoint: x = A_1ᵀ A_2ᵀ … A_kᵀ y.
/// Shapes: domain of the first to range of the last; each range is the next domain.
/// Errors: InputError without operators, ShapeError when neighbours do not fit.
/// Cost: all operators; two intermediate buffers per simultaneous call from three operators on, one for two.
/// Source: SPEC §3.
template <class A>
class Chain {
  static_assert(require_linear_operator<A>());

 public:
  using value_type = typename A::value_type;

  explicit Chain(std::vector<A> operators)
      : operators_(std::move(operators)),
        half_(largest_between(operators_)),
        scratch_(operators_.size() > 2 ? 2 * half_ : half_) {
    for (std::size_t i = 1; i < operators_.size(); ++i)
      if (!(Shape(operators_[i].domain()) == Shape(operators_[i - 1].range())))
        throw ShapeError(sentence("Chain: operator ", i, " takes (N,T,H,W,F) = ", Shape(operators_[i].domain()),
                                  ", but operator ", i - 1, " returns ", Shape(operators_[i - 1].range())));
  }

  Shape domain() const { return operators_.front().domain(); }
  Shape range() const { return operators_.back().range(); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Chain::apply");
    const auto loan = scratch_.borrow(ex);
    std::span<const value_type> in = x;
    for (Index i = 0; i < size(); ++i) {
      const bool last = i + 1 == size();
      const std::span<value_type> out = last ? y : between(loan.span(), i);
      (*this)[i].apply(ex, in, out);
      in = out;
    }
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Chain::apply_adjoint");
    const auto loan = scratch_.borrow(ex);
    std::span<const value_type> in = y;
    for (Index i = size(); i-- > 0;) {
      const std::span<value_type> out = i == 0 ? x : between(loan.span(), i - 1);
      (*this)[i].apply_adjoint(ex, in, out);
      in = out;
    }
  }

  /// Number of operators.
  Index size() const { return std::ssize(operators_); }
  /// The i-th operator to be applied.
  const A& operator[](Index i) const { return operators_[static_cast<std::size_t>(i)]; }

 private:
  /// Entries of the largest intermediate result, rounded up so that both halves of the buffer are aligned.
  static Index largest_between(const std::vector<A>& operators) {
    if (operators.empty()) throw InputError("Chain: there are no operators, expected at least one");
    Index largest = 0;
    for (std::size_t i = 0; i + 1 < operators.size(); ++i)
      largest = std::max(largest, Shape(operators[i].range()).size());
    constexpr auto line = static_cast<Index>(alignment / sizeof(value_type));
    return (largest + line - 1) / line * line;
  }
  /// Where the result of operator i goes on its way to operator i + 1: the two halves of the buffer in turn.
  std::span<value_type> between(std::span<value_type> scratch, Index i) const {
    return scratch.subspan(static_cast<std::size_t>(i % 2 * half_),
                           static_cast<std::size_t>(Shape((*this)[i].range()).size()));
  }

  std::vector<A> operators_;
  Index half_;
  ScratchPool<value_type> scratch_;
};

}  // namespace videoonenet
