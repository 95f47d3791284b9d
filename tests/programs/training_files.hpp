// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What programs that train have written.

#include <map>

#include "programs/programs.hpp"

namespace videoonenet::test {

/// The bits of every array of a file but the rate, which no two runs share.
inline std::map<std::string, Bytes> arrays(const Workshop& shop, const std::string& name) {
  const Safetensors file(shop / name);
  std::map<std::string, Bytes> result;
  for (const std::string& array : file.names()) {
    const auto bytes = file.raw(array).bytes;
    Bytes copy(bytes.begin(), bytes.end());
    if (array == "training.history")
      for (std::size_t row = 0; row < copy.size(); row += 56) std::fill_n(copy.begin() + long(row) + 48, 8, 0);
    result[array] = copy;
  }
  return result;
}

/// Requires two trainings to have written the same bits.
inline void require_same(const Workshop& shop, const std::string& a, const std::string& b) {
  REQUIRE(shop.file(a + "/best.safetensors") == shop.file(b + "/best.safetensors"));
  const auto left = arrays(shop, a + "/last.safetensors"), right = arrays(shop, b + "/last.safetensors");
  for (const auto& [name, bytes] : left) {
    INFO(name);
    REQUIRE(right.contains(name));
    REQUIRE(bytes == right.at(name));
  }
  REQUIRE(left.size() == right.size());
}

}  // namespace videoonenet::test
