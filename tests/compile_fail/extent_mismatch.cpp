// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: "an extent fixed at ", E, " at compile time was given "
#include "archetypes.hpp"

#ifdef FAULT
constexpr Index frames = 5;
#else
constexpr Index frames = 4;
#endif

constexpr BasicShape<1, 4, dynamic, dynamic, 3> shape{.t = frames, .h = 2, .w = 2};

int main() { return static_cast<int>(shape.size()) - 48; }
