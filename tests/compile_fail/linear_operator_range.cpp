// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator says what it returns: `Shape range() const`
#include "archetypes.hpp"

struct Operator : Doubling {
#ifdef FAULT
  void range();
#endif
};

int main() { solve(Operator{}, Shrinkage{}, DoublingStep{}); }
