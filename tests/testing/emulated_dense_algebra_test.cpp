// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_dense_algebra.hpp"

#include "support/catch.hpp"
#include "support/test_gpu_algebra.cuh"

namespace emulated_dense_algebra_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("emulated dense algebra by hand") {
  const cuda::EmulatedGpu gpu;
  // M = (2 0; 1 2) is the factor of MMᵀ = (4 2; 2 5).
  const auto m = to_executor(gpu, std::vector<double>{2, 0, 1, 2});
  const auto g = to_executor(gpu, std::vector<double>{9, 9, 9, 9});
  gram(gpu, 2, 2, std::span<const double>(m.span()), g.span());
  CHECK(from_executor(gpu, g) == std::vector<double>{4, 2, 9, 5});
  factor_cholesky(gpu, 2, g.span());
  CHECK(from_executor(gpu, g) == std::vector<double>{2, 1, 9, 2});
  // (4 2; 2 5)⁻¹ (8, 12) = (1, 2).
  const auto x = to_executor(gpu, std::vector<double>{8, 12, 16, 24});
  solve_cholesky(gpu, 2, std::span<const double>(g.span()), 2, x.span());
  CHECK(from_executor(gpu, x) == std::vector<double>{1, 2, 2, 4});
}

TEST_CASE("emulated dense algebra refuses arrays of other sizes") {
  const cuda::EmulatedGpu gpu;
  const auto four = gpu.allocate<double>(4), three = gpu.allocate<double>(3);
  CHECK_THROWS_AS(gram(gpu, 2, 2, std::span<const double>(three.span()), four.span()), ShapeError);
  CHECK_THROWS_AS(gram(gpu, 2, 2, std::span<const double>(four.span()), three.span()), ShapeError);
  CHECK_THROWS_AS(factor_cholesky(gpu, 2, three.span()), ShapeError);
  CHECK_THROWS_AS(solve_cholesky(gpu, 2, std::span<const double>(four.span()), 1, three.span()), ShapeError);
}

}  // namespace emulated_dense_algebra_test
