// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/errors.hpp"

#include "support/catch.hpp"

namespace errors_test {

using namespace videoonenet;

TEST_CASE("sentence joins its parts as they print") {
  REQUIRE(sentence("frame ", 3, " of ", 9, ": ", 0.5) == "frame 3 of 9: 0.5");
  REQUIRE(sentence("alone") == "alone");
}

TEST_CASE("one handler catches every exception of the library, and tells them apart") {
  STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, Error>);
  REQUIRE_THROWS_AS(throw ShapeError("s"), Error);
  REQUIRE_THROWS_AS(throw InputError("i"), Error);
  REQUIRE_THROWS_AS(throw NumericalError("n"), Error);
  STATIC_REQUIRE_FALSE(std::is_base_of_v<ShapeError, InputError>);
  REQUIRE(std::string(InputError("what was given").what()) == "what was given");
}

}  // namespace errors_test
