// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// All methods on the host.

#include "support/restoration.hpp"

#include "support/restore_on.hpp"

namespace program {

bool suits(const Method& m, const AnyOperator& a) { return suits_any(m, a); }

Restoration restore(const RunOptions& run, const Cpu& ex, const Method& m, const AnyOperator& a,
                    std::span<const float> y, const OnIteration& on_iteration) {
  if (run.device == "cpu") return restore(ex, m, a, y, on_iteration);
  return std::visit([&](const auto& inner) { return restore_on_device(run.device, m, inner, y, on_iteration); },
                    a.variant());
}

}  // namespace program
