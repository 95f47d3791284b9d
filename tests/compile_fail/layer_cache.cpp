// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer has a nested type `Cache` and `Cache make_cache(Memory<Ex>& memory, const Shape& x) const`
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
  struct Cache {};  // not what make_cache returns
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
