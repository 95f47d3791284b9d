// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/simd_sums.hpp"

#include "support/catch.hpp"

namespace simd_sums_test {

using namespace videoonenet;

namespace {

/// Integers, whose sums are exact in any order.
template <class T, Index Count>
void require_sums() {
  constexpr Index L = simd::lanes<T>, room = (Count + L - 1) / L * L;
  simd::Vector<T> registers[Count];
  T expected[room] = {}, totals[room];
  for (Index i = 0; i < Count; ++i) {
    T values[L];
    for (Index lane = 0; lane < L; ++lane) expected[i] += values[lane] = T((i + 1) * (i + 2) + 37 * lane * lane);
    registers[i] = simd::load(values);
  }
  simd::sums<T, Count>(registers, totals);
  for (Index i = 0; i < room; ++i) REQUIRE(totals[i] == expected[i]);
}

}  // namespace

TEMPLATE_TEST_CASE("the lane sums of many registers come in their order, zero behind the last", "", float, double) {
  require_sums<TestType, 1>();
  require_sums<TestType, 2>();
  require_sums<TestType, 3>();
  require_sums<TestType, 7>();
  require_sums<TestType, 8>();
  require_sums<TestType, 16>();
  require_sums<TestType, 21>();
  require_sums<TestType, 28>();
}

}  // namespace simd_sums_test
