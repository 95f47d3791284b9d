// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer computes: `void forward(const Ex& ex, std::span<const T> parameters, View<const T> x,
// View<T> y, Cache& cache) const`.
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
  void forward() const;
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
