// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a bound DataStep starts the iteration: `void start(const Ex& ex, View<T> z, View<T> u)`
#include "archetypes.hpp"

struct Step {
  struct Bound : DoublingStep::Bound {
#ifdef FAULT
    void start();
#endif
  };
  Bound bind(const Cpu&, const Doubling&, std::span<const float> y) const { return {{y}}; }
};

int main() { solve(Doubling{}, Shrinkage{}, Step{}); }
