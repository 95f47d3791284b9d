// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/parameter.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace parameter_test {

using namespace videoonenet;

TEST_CASE("parameters of parts carry the part's name, and those of a silent layer are one array") {
  std::vector<Parameter> all{{"first", {2, 3}, Initial::ones}};
  append_parameters(all, "part", parameters_of(archetypes::Gain{}));
  append_parameters(all, "", {{"last", {4}}});
  REQUIRE(all.size() == 3);
  REQUIRE(all[0].size() == 6);
  REQUIRE(all[1].name == "part.parameters");
  REQUIRE(all[1].size() == 1);
  REQUIRE(all[2].name == "last");
}

}  // namespace parameter_test
