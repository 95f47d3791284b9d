// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a check found: a verdict and the sentences that explain it.

#include <ostream>
#include <string>

namespace videoonenet::testing {

/// The outcome of one check of a user's or a shipped part; usable as a condition and printable.
struct Report {
  bool passed = false;
  std::string message;  ///< what was compared, by how much it differs, and what that suggests

  explicit operator bool() const { return passed; }
  friend std::ostream& operator<<(std::ostream& out, const Report& r) {
    return out << (r.passed ? "passed: " : "FAILED: ") << r.message;
  }
};

}  // namespace videoonenet::testing
