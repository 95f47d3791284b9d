// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: the operator and the prior work in different scalar types (value_type): make both float or both
// double.
#include "archetypes.hpp"

struct Prior {
#ifdef FAULT
  using value_type = double;
#else
  using value_type = float;
#endif
  template <class Executor>
  void apply(const Executor&, View<const value_type>, value_type, View<value_type>) const {}
};

int main() {
  Buffer<float> y(4), z(4);
  admm(Cpu{}, Prior{}, DoublingStep{}, Doubling{}, y.span(), View<float>{z.data(), {.h = 2, .w = 2}});
}
