// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer says what it returns: `Shape output_shape(const Shape& x) const`.
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
  void output_shape();
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
