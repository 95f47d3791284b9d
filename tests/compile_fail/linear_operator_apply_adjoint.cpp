// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator has an adjoint: `void apply_adjoint(const Ex& ex, std::span<const T> y,
// std::span<T> x) const`
#include "archetypes.hpp"

struct Operator : Doubling {
#ifdef FAULT
  void apply_adjoint() const;
#endif
};

int main() { solve(Operator{}, Shrinkage{}, DoublingStep{}); }
