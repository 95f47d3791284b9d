// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: unroll<K> needs at least one iteration.
#include "archetypes.hpp"

#ifdef FAULT
constexpr int iterations = 0;
#else
constexpr int iterations = 1;
#endif

int main() {
  Buffer<float> y(4), z(4);
  const auto net = unroll<iterations>(Shrinkage{}, DoublingStep{});
  net(Cpu{}, Doubling{}, y.span(), View<float>{z.data(), {.h = 2, .w = 2}});
}
