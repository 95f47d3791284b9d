// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/simd_stream.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/tensor.hpp"

namespace simd_stream_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("registers that are streamed arrive, and nothing beside them changes", "", float, double) {
  constexpr Index L = simd::lanes<TestType>, R = simd::registers_of_line, count = 5;
  Buffer<TestType> to(count * R * L);
  REQUIRE(simd::streamable(to.data()));
  REQUIRE_FALSE(simd::streamable(to.data() + 1));
  std::ranges::fill(to, TestType(-1));
  for (Index i = 0; i < count; i += 2)
    for (Index r = 0; r < R; ++r) {
      simd::Vector<TestType> v = simd::zeros<TestType>();
      for (Index lane = 0; lane < L; ++lane) v[lane] = TestType((i * R + r) * L + lane);
      simd::stream(to.data() + (i * R + r) * L, v);
    }
  simd::finish_streams();
  for (Index k = 0; k < to.size(); ++k) REQUIRE(to[k] == (k / (R * L) % 2 == 0 ? TestType(k) : TestType(-1)));
}

}  // namespace simd_stream_test
