// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a ProximalOperator names its scalar type: `using value_type = float;` (or double).
#include "archetypes.hpp"

struct Prior : Shrinkage {
#ifdef FAULT
 private:
  using Shrinkage::value_type;  // out of reach
#endif
};

int main() { solve(Doubling{}, Prior{}, DoublingStep{}); }
