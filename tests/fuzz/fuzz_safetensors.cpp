// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/io/safetensors.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    const Safetensors file(Bytes(bytes.begin(), bytes.end()), "input");
    SafetensorsWriter writer;
    for (const auto& [key, value] : file.metadata()) writer.set_metadata(key, value);
    for (const auto& name : file.names()) {
      const Buffer<double> values = file.values<double>(name, NonFinite::allow);
      writer.add<double>(name, values.span(), file.extents(name));
    }
    const Safetensors again(writer.bytes(), "written");  // what was read can be written and read again
    if (again.names() != file.names() || again.metadata() != file.metadata()) std::abort();
  });
}
