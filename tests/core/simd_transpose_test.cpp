// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/simd_transpose.hpp"

#include <limits>

#include "support/catch.hpp"

namespace simd_transpose_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("a square of registers is transposed", "", float, double) {
  constexpr Index L = simd::lanes<TestType>;
  TestType square[L][L];
  simd::Vector<TestType> rows[L];
  for (Index i = 0; i < L; ++i) {
    for (Index j = 0; j < L; ++j) square[i][j] = TestType(100 * i + j);
    rows[i] = simd::load(square[i]);
  }
  simd::transpose<TestType>(rows);
  for (Index i = 0; i < L; ++i) {
    TestType row[L];
    simd::store(row, rows[i]);
    for (Index j = 0; j < L; ++j) REQUIRE(row[j] == square[j][i]);
  }
}

TEST_CASE("transposing keeps bits that are no ordinary number") {
  // a signalling NaN, which arithmetic would make quiet, and a number below the normal range
  constexpr Index L = simd::lanes<float>;
  const float values[] = {std::numeric_limits<float>::signaling_NaN(), std::numeric_limits<float>::denorm_min()};
  simd::Vector<float> rows[L] = {};
  for (Index i = 0; i < L; ++i) std::memcpy(reinterpret_cast<char*>(&rows[i]), &values[i % 2], sizeof(float));
  simd::transpose<float>(rows);
  for (Index j = 0; j < L; ++j)
    REQUIRE(std::memcmp(reinterpret_cast<const char*>(&rows[0]) + j * Index(sizeof(float)), &values[j % 2],
                        sizeof(float)) == 0);
}

}  // namespace simd_transpose_test
