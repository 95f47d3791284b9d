// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// All methods for a single problem.

#include "support/restoration.hpp"

namespace program {

template Restoration restore(const Cpu&, const Method&, const ShippedOperator<float>&, std::span<const float>,
                             const OnIteration&);

}  // namespace program
