// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/data/ucf101.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    for (const UcfClip& clip : parse_ucf_list(bytes, "input"))
      if (clip.group < 1 || clip.file.find('/') != std::string::npos) std::abort();
  });
}
