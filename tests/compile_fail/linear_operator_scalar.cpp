// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator names its scalar type: `using value_type = float;` (or double).
#include "archetypes.hpp"

struct Operator : Doubling {
#ifdef FAULT
  using value_type = int;
#endif
};

int main() { solve(Operator{}, Shrinkage{}, DoublingStep{}); }
