// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator says which videos it takes: `Shape domain() const`.
#include "archetypes.hpp"

struct Operator : Doubling {
#ifdef FAULT
  void domain();
#endif
};

int main() { solve(Operator{}, Shrinkage{}, DoublingStep{}); }
