// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The product of step and weight that every proximal operator of a norm depends on.

#include <cmath>

#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// τλ, the weight of λ‖·‖ in prox_τ.
/// Errors: InputError naming `where` unless both are finite and not negative.
template <class T>
T proximal_weight(T tau, T lambda, const char* where) {
  const auto good = [](T value) { return value >= T(0) && std::isfinite(value); };
  if (!good(tau) || !good(lambda))
    throw InputError(sentence(where, ": tau is ", tau, " and lambda is ", lambda,
                              ", expected finite numbers that are not negative"));
  return tau * lambda;
}

}  // namespace videoonenet
