// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/data/cifar10.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    Cifar10 images;
    images.append(bytes, "input");
    for (Index i = 0; i < images.size(); ++i)
      if (images.label(i) + images.pixel(i, 31, 31, 2) > 9 + 255) std::abort();
  });
}
