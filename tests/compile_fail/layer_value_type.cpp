// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer names its scalar type: `using value_type = float;` (or double).
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
 private:
  using Gain::value_type;  // out of reach
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
