// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a bound DataStep steps: `void step(const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u)`
#include "archetypes.hpp"

struct Step {
  struct Bound : DoublingStep::Bound {
#ifdef FAULT
    void step();
#endif
  };
  Bound bind(const Cpu&, const Doubling&, std::span<const float> y) const { return {{y}}; }
};

int main() { solve(Doubling{}, Shrinkage{}, Step{}); }
