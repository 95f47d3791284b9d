// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: or the same with a cache made by `make_cache(ex, shape)` after ex.
#include "archetypes.hpp"

struct Prior : ShrinkageWithCache {
#ifdef FAULT
  void make_cache();
#endif
};

int main() { solve(Doubling{}, Prior{}, DoublingStep{}); }
