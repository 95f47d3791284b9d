// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of a batch in which every video has an operator of its own.

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal_cpu.hpp"

namespace videoonenet {

/// Math: each video is solved by its own operator's solver; none influences another, bit for bit.
/// The report is the worst over the videos.
/// Cost: that of the blocks, which are factored and solved side by side on the executor's threads.
template <class A, Executor Ex>
class NormalSolver<A, structure::BlockDiagonal, Ex> {
 public:
  using T = typename A::value_type;
  using Block = std::remove_cvref_t<decltype(std::declval<const A&>().block(0))>;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : sample_size_(Shape(a.domain()).sample_size()), solvers_(static_cast<std::size_t>(a.size())) {
    require_size(a.size(), Shape(a.domain()).n, "NormalSolver<BlockDiagonal>", "the list of blocks");
    offsets_.push_back(0);
    for (Index i = 0; i < a.size(); ++i) offsets_.push_back(offsets_.back() + Shape(a.block(i).range()).size());
    for_each_block(ex, a.size(),
                   [&](const Ex& block_ex, Index i) { solver(i).emplace(block_ex, a.block(i), options); });
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(count() * sample_size_, rho, std::ssize(b), std::ssize(z));
    for_each_block(ex, count(), [&](const Ex& block_ex, Index i) {
      const Index begin = i * sample_size_;
      solver(i)->solve(block_ex, rho, part(b, begin, sample_size_), part(z, begin, sample_size_));
    });
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(offsets_.back(), count() * sample_size_, std::ssize(y), std::ssize(z));
    for_each_block(ex, count(), [&](const Ex& block_ex, Index i) {
      const Index begin = offsets_[static_cast<std::size_t>(i)], end = offsets_[static_cast<std::size_t>(i) + 1];
      solver(i)->pseudo_inverse(block_ex, part(y, begin, end - begin), part(z, i * sample_size_, sample_size_));
    });
  }
  SolveReport report() const {
    SolveReport worst;
    for (const auto& s : solvers_) {
      const SolveReport r = s->report();
      worst.iterations = std::max(worst.iterations, r.iterations);
      worst.relative_residual = std::fmax(worst.relative_residual, r.relative_residual);  // a NaN loses
      worst.converged = worst.converged && r.converged;
    }
    return worst;
  }
  /// How video i's last solve went.
  SolveReport report(Index i) const { return solvers_[static_cast<std::size_t>(i)]->report(); }

 private:
  using Solver = NormalSolver<Block, structure_of<Block>, Ex>;

  template <class S>
  static std::span<S> part(std::span<S> values, Index begin, Index size) {
    return values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
  }
  Index count() const { return std::ssize(solvers_); }
  std::optional<Solver>& solver(Index i) { return solvers_[static_cast<std::size_t>(i)]; }

  Index sample_size_;
  std::vector<Index> offsets_;
  std::vector<std::optional<Solver>> solvers_;
};

}  // namespace videoonenet
