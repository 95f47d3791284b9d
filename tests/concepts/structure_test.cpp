// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/concepts/structure.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace structure_test {

using namespace videoonenet;

namespace {
struct Tagged {
  using structure_tag = structure::TightFrame;
};
}  // namespace

TEST_CASE("an operator's structure is its tag, and Unknown without one") {
  STATIC_REQUIRE(std::is_same_v<structure_of<Tagged>, structure::TightFrame>);
  STATIC_REQUIRE(std::is_same_v<structure_of<const Tagged&>, structure::TightFrame>);
  STATIC_REQUIRE(std::is_same_v<structure_of<archetypes::Doubling>, structure::Unknown>);
}

}  // namespace structure_test
