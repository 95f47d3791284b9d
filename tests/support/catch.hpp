// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Catch2 2.13 (Debian 12) and Catch2 3 through one include.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& part) { return Contains(part); }
}  // namespace Catch::Matchers
#endif

/// Ends a test visibly when something optional, such as a real data set, is not on this machine.
#ifdef SKIP
#define VIDEOONENET_SKIP(reason) SKIP(reason)
#else
#define VIDEOONENET_SKIP(reason) \
  do {                           \
    WARN("skipped: " << reason); \
    SUCCEED();                   \
    return;                      \
  } while (false)
#endif
