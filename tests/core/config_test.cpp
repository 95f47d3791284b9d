// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/config.hpp"

#include <type_traits>

#include "support/catch.hpp"

namespace config_test {

namespace {
VIDEOONENET_HOST_DEVICE constexpr int twice(int x) { return 2 * x; }
}  // namespace

TEST_CASE("the index type is signed and can count every byte of memory") {
  STATIC_REQUIRE(std::is_signed_v<videoonenet::Index>);
  STATIC_REQUIRE(sizeof(videoonenet::Index) == sizeof(void*));
}

TEST_CASE("the device marker is nothing to a host compiler") { STATIC_REQUIRE(twice(21) == 42); }

}  // namespace config_test
