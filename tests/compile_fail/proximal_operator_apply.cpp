// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a ProximalOperator maps v to x = prox(v): `void apply(const Ex& ex, View<const T> v, T tau,
// View<T> x) const`
#include "archetypes.hpp"

struct Prior : Shrinkage {
#ifdef FAULT
  void apply() const;
#endif
};

int main() { solve(Doubling{}, Prior{}, DoublingStep{}); }
