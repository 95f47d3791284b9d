// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/models/model_file.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    const auto read = read_model<float>(Safetensors(Bytes(bytes.begin(), bytes.end()), "input"), "input");
    const Bytes written = model_writer<float>(read.model, read.parameters.span(), read.metadata).bytes();
    const auto again = read_model<float>(Safetensors(written, "written"), "written");  // what was read can be kept
    if (!(again.model.options() == read.model.options()) || !std::ranges::equal(again.parameters, read.parameters))
      std::abort();
  });
}
