// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/io/npy.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    const RawArray array = parse_npy(bytes, "input");
    const Tensor<float> all = to_tensor<float>(array, "input", NonFinite::allow);
    for (double value : to_buffer<double>(array, "input"))
      if (!std::isfinite(value)) std::abort();
    if (all.size() * bytes_of(array.type) != std::ssize(array.bytes)) std::abort();
  });
}
