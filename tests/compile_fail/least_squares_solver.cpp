// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: the solver for this operator's structure is not included: include videoonenet/datastep/
#include "archetypes.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#ifndef FAULT
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#endif

struct Operator : Doubling {
  using structure_tag = structure::Diagonal;
  std::span<const float> normal_diagonal() const { return diagonal; }
  std::array<float, 4> diagonal{4, 4, 4, 4};
};

int main() { solve(Operator{}, Shrinkage{}, LeastSquares{}); }
