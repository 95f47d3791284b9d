// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Restoration wherever --device says: device_restoration.cu where there is a CUDA compiler, no_device.cpp elsewhere.

#include "support/device.hpp"
#include "support/restoration.hpp"

namespace program {

/// Restores the video measured as y = A x on the device of this name; y and the video are on the host.
/// Errors: InputError where the program was built without CUDA, or for what only the host does; Error when there is no
/// GPU; as restore.
Restoration restore_on_device(const std::string& device, const Method& m, const ShippedOperator<float>& a,
                              std::span<const float> y, const OnIteration& on_iteration);
Restoration restore_on_device(const std::string& device, const Method& m, const Chain<ShippedOperator<float>>& a,
                              std::span<const float> y, const OnIteration& on_iteration);

/// The same on the device that the command line names, the host among them.
template <class A>
Restoration restore(const RunOptions& run, const Cpu& ex, const Method& m, const A& a, std::span<const float> y,
                    const OnIteration& on_iteration = {}) {
  return run.device == "cpu" ? restore(ex, m, a, y, on_iteration)
                             : restore_on_device(run.device, m, a, y, on_iteration);
}

}  // namespace program
