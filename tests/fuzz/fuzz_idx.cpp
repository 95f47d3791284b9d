// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/data/mnist.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    const IdxArray array = parse_idx(bytes, "input");
    for (Index i = 0; i < array.extents[0]; ++i)
      if (std::ssize(array.item(i)) != array.item_size()) std::abort();
    if (array.extents[0] * array.item_size() != std::ssize(array.values)) std::abort();
  });
}
