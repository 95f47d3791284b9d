// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The numbers that (AᵀA + ρI)⁻¹ of one video's operator is made of, shared by the kernels of every executor.

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// How the factor of one operator lies in memory: complement, gains, basis, one behind the other.
///
/// Math: with b seen as an array of steps × size × channels, and V the rows v_i of the basis,
///   z[t, ·, f] = Σ_s C[t, s] b[s, ·, f] + Σ_i v_i Σ_s G_i[t, s] ⟨v_i, b[s, ·, f]⟩;
/// C and G_i are matrices where the steps are mixed, else multiples of the identity, C one for every step; a diagonal
/// factor is z = C ⊙ b alone.
struct FactorLayout {
  Index steps = 1, size = 1, channels = 1, rank = 0;
  bool diagonal = false, mixes_steps = false;

  VIDEOONENET_HOST_DEVICE constexpr Index entries() const { return steps * size * channels; }
  VIDEOONENET_HOST_DEVICE constexpr Index complement_size() const {
    return diagonal ? entries() : mixes_steps ? steps * steps : steps;
  }
  VIDEOONENET_HOST_DEVICE constexpr Index gains_begin() const { return complement_size(); }
  VIDEOONENET_HOST_DEVICE constexpr Index basis_begin() const {
    return gains_begin() + (mixes_steps ? rank * steps * steps : rank);
  }
  VIDEOONENET_HOST_DEVICE constexpr Index value_count() const { return basis_begin() + rank * size; }
};

/// What no factor of a batch exceeds.
struct FactorBounds {
  Index values = 0, rank = 0;
};

}  // namespace videoonenet
