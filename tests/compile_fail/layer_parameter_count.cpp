// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer says how many weights it has: `Index parameter_count() const`.
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
  void parameter_count();
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
