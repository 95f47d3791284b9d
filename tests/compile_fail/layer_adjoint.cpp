// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a Layer has an adjoint that accumulates: `void adjoint(const Ex& ex, std::span<const T>
// parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T> grad_parameters) const`.
#include "archetypes.hpp"

struct Part : Gain {
#ifdef FAULT
  void adjoint() const;
#endif
};

constexpr bool accepted = require_layer<Part>();

int main() { return accepted ? 0 : 1; }
