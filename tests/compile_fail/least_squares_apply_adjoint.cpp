// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: a LinearOperator has an adjoint: `void apply_adjoint(
#include "archetypes.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"

struct Operator : Doubling {
  using structure_tag = structure::Diagonal;
  std::span<const float> normal_diagonal() const { return diagonal; }
  std::array<float, 4> diagonal{4, 4, 4, 4};
#ifdef FAULT
  void apply_adjoint() const;
#endif
};

int main() { solve(Operator{}, Shrinkage{}, LeastSquares{}); }
