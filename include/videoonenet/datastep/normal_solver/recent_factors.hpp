// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The factors of the last few ρ: networks with a ρ for every iteration come back to each of them.

#include <algorithm>
#include <list>
#include <utility>

#include "videoonenet/core/config.hpp"

namespace videoonenet::detail {

/// Keeps the factors of as many ρ as fit into `budget` bytes, and at least that of the last one.
template <class Factor>
class RecentFactors {
 public:
  explicit RecentFactors(Index budget) : budget_(budget) {}

  /// The factor of ρ, by make() unless it is here; it stays where it is until the next call. Factors of one operator
  /// have one size, factor.memory_bytes().
  template <class Make>
  const Factor& of(double rho, Make&& make) {
    const auto found = std::ranges::find(kept_, rho, &Kept::rho);
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
      return kept_.front().factor;
    }
    if (!kept_.empty() && (size() + 1) * kept_.front().factor.memory_bytes() > budget_) kept_.pop_back();
    kept_.push_front({rho, make()});
    return kept_.front().factor;
  }

  Index size() const { return static_cast<Index>(kept_.size()); }

 private:
  struct Kept {
    double rho;
    Factor factor;
  };
  Index budget_;
  std::list<Kept> kept_{};
};

}  // namespace videoonenet::detail
