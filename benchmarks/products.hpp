// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The ways to multiply that the benchmarks of nets take turns with.

#include <utility>

#include "videoonenet/nn/conv2d/conv2d.hpp"

namespace videoonenet::benchmarks {

using cpu::Products;

constexpr std::pair<Products, const char*> all_products[] = {
    {Products::direct, "direct"}, {Products::winograd, "winograd"}, {Products::bfloat16, "bfloat16"}};

/// Whether this machine multiplies the convolution, or a net of such ones, so; otherwise it would be timed twice.
inline bool has_effect(Products products, const Conv2dGeometry& g) {
  if (products == Products::winograd) return cpu::convolution::winograd_pays(cpu::convolution::Padded::forward(g));
  return products == Products::direct || simd::multiplies_bfloat16;
}

}  // namespace videoonenet::benchmarks
