// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/report.hpp"

#include <sstream>

#include "support/catch.hpp"

namespace report_test {

using videoonenet::testing::Report;

TEST_CASE("a report is a condition") {
  CHECK(Report{.passed = true, .message = ""});
  CHECK_FALSE(Report{.passed = false, .message = ""});
  CHECK_FALSE(Report{});
}

TEST_CASE("a report prints its verdict before its sentence") {
  std::ostringstream good, bad;
  good << Report{true, "equal"};
  bad << Report{false, "off by 2"};
  CHECK(good.str() == "passed: equal");
  CHECK(bad.str() == "FAILED: off by 2");
}

}  // namespace report_test
