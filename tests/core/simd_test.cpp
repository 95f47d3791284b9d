// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/simd.hpp"

#include <array>

#include "support/catch.hpp"

namespace simd_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("a vector is its lanes", "", float, double) {
  using T = TestType;
  constexpr Index n = simd::lanes<T>;
  std::array<T, n + 1> x{}, y{};
  for (Index i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = T(i + 1);

  simd::store(y.data() + 1, 2 * simd::load(x.data()) + simd::broadcast(T(0.5)));
  for (Index i = 0; i < n; ++i) REQUIRE(y[static_cast<std::size_t>(i) + 1] == T(2 * (i + 1)) + T(0.5));
  REQUIRE(simd::sum<T>(simd::load(x.data())) == T(n * (n + 1) / 2));

  const auto first = simd::load(x.data(), Index(1));
  REQUIRE(simd::sum<T>(first) == 1);
  y.fill(7);
  simd::store(y.data(), first, Index(1));
  REQUIRE((y[0] == 1 && y[1] == 7));
}

}  // namespace simd_test
