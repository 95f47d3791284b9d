// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/cuda/core_matrices.hpp"

namespace warpgroup_test {

using namespace videoonenet;
using namespace videoonenet::cuda;
using namespace videoonenet::support;

namespace {

constexpr int rows = 64, columns = 128, terms = 32, behind = 3;  // lines of a before those that are multiplied

/// c = 2 a b in two groups, a's lines `behind` further on in shared memory than its core matrices begin.
template <bool bfloat16>
struct Multiply {
  static constexpr int threads = 128, piece = bfloat16 ? 8 : 4, pieces = terms / piece;
  static constexpr int a_lines = rows + behind, shared_bytes = pieces * (a_lines + columns) * 16;
  const float *a, *b;
  float* c;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    const auto shared = t.template shared<std::uint32_t>(0, shared_bytes / 4);
    const auto put = [&](int first, int lines, int skipped, const float* from) {
      for (int i = t.thread(); i < lines * terms / (piece / 4); i += threads) {
        const int word = i % 4, line = i / 4 % lines, p = i / 4 / lines, k = p * piece + word * (piece / 4);
        const float* at = from + (line - skipped) * terms + k;
        if (line < skipped)
          shared[first + i] = 0;
        else if constexpr (bfloat16)
          shared[first + i] = t.bfloat16_pair(at[0], at[1]);
        else
          shared[first + i] = t.tf32(at[0]);
      }
    };
    put(0, a_lines, behind, a);
    put(pieces * a_lines * 4, columns, 0, b);
    t.publish_shared();
    t.sync();
    std::array<float, columns / 2> sums;
    for (float& sum : sums) sum = 100;  // which the first product replaces
    const CoreMatrices of_a = CoreMatrices{0, a_lines * 16, 128}.moved(behind * 16),
                       of_b{pieces * a_lines * 16, columns * 16, 128};
    t.begin_products();
    for (int p = 0; p < pieces; p += 2)
      t.template multiply_add_warpgroup<bfloat16, columns>(sums, of_a.moved(p * a_lines * 16),
                                                           of_b.moved(p * columns * 16), p > 0);
    t.commit_products();
    for (int p = 0; p < pieces; p += 2)
      t.template multiply_add_warpgroup<bfloat16, columns>(sums, of_a.moved(p * a_lines * 16),
                                                           of_b.moved(p * columns * 16), true);
    t.commit_products();
    t.template wait_products<0>();
    for (int i = 0; i < columns / 2; ++i)
      c[(t.warp() * 16 + t.lane() / 4 + i % 4 / 2 * 8) * columns + i / 4 * 8 + t.lane() % 4 * 2 + i % 2] =
          sums[static_cast<std::size_t>(i)];
  }
};

template <bool bfloat16>
double error_of_products(const TestGpu& gpu) {
  Random random(9);
  const auto a = random_values(random, rows * terms), b = random_values(random, columns * terms);
  const auto on_gpu_a = to_executor(gpu, a), on_gpu_b = to_executor(gpu, b);
  auto c = gpu.allocate<float>(rows * columns);
  gpu.launch({.threads = 128, .shared_bytes = Multiply<bfloat16>::shared_bytes},
             Multiply<bfloat16>{on_gpu_a.data(), on_gpu_b.data(), c.data()});
  std::vector<float> expected;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < terms; ++k) sum += 2 * double(a[i * terms + k]) * b[j * terms + k];
      expected.push_back(static_cast<float>(sum));
    }
  return relative_error(from_executor(gpu, c), expected);
}

}  // namespace

TEST_CASE("a warpgroup multiplies matrices that begin at any line of shared memory") {
  const TestGpu gpu = test_gpu();
  if (!gpu.warpgroup_products()) return;  // code for other devices than Hopper's
  const double tf32 = error_of_products<false>(gpu), bfloat16 = error_of_products<true>(gpu);
  CHECK(tf32 < 5e-4);
  CHECK(tf32 > 1e-5);
  CHECK(bfloat16 < 4e-3);
  CHECK(bfloat16 > 1e-4);
}

}  // namespace warpgroup_test
