// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator measures: `void apply(const Ex& ex, std::span<const T> x, std::span<T> y)
// const`
#include "archetypes.hpp"

struct Operator : Doubling {
#ifdef FAULT
  template <class Executor>
  void apply(const Executor&, std::span<const float>, std::span<float>);  // not const
#endif
};

int main() { solve(Operator{}, Shrinkage{}, DoublingStep{}); }
