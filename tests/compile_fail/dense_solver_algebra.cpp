// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Expect: videoonenet: the data step of an explicit matrix on a device needs its dense algebra
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/datastep/dense_solver/dense_solver_cuda.cuh"
#include "videoonenet/datastep/dense_solver/device_dense_solver.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"
#ifndef FAULT
#include "videoonenet/testing/emulated_dense_algebra.hpp"
#endif

struct Matrix {
  using value_type = float;
  using structure_tag = videoonenet::structure::Dense;
  videoonenet::Shape domain() const { return videoonenet::flat_shape(1); }
  videoonenet::Shape range() const { return videoonenet::flat_shape(1); }
  std::span<const float> matrix() const { return {&entry, 1}; }
  float entry = 1;
};

namespace videoonenet {
template <>
class NormalSolver<Matrix> {
 public:
  NormalSolver(const Cpu&, const Matrix&, const SolverOptions&) {}
  void pseudo_inverse(const Cpu&, std::span<const float>, std::span<float>) {}
  SolveReport report() const { return {}; }
};
}  // namespace videoonenet

int main() {
  const videoonenet::cuda::EmulatedGpu gpu;
  const Matrix a;
  const auto b = gpu.allocate<float>(1), z = gpu.allocate<float>(1);
  videoonenet::NormalSolver<Matrix, videoonenet::structure::Dense, videoonenet::cuda::EmulatedGpu> solver(gpu, a);
  solver.solve(gpu, 1, b.span(), z.span());
  solver.pseudo_inverse(gpu, b.span(), z.span());
}
