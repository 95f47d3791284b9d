// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a DataStep is prepared for an operator and its measurement: `auto bind(const Ex& ex, const A& a,
// std::span<const T> y) const`.
#include "archetypes.hpp"

struct Step : DoublingStep {
#ifdef FAULT
  void bind() const;
#endif
};

int main() { solve(Doubling{}, Shrinkage{}, Step{}); }
