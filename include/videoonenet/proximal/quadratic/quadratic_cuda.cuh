// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the quadratic prior.

#include "videoonenet/core/vector_ops_cuda.cuh"

namespace videoonenet::cuda {

/// x = (v + weight · c) / (1 + weight).
template <Gpu Ex, class T>
void quadratic_prox(const Ex& ex, std::type_identity_t<T> weight, Input<T> centre, Input<T> v, Output<T> x) {
  linear_combination(ex, 1 / (1 + weight), v, weight / (1 + weight), centre, x);
}

/// x = v / (1 + weight).
template <Gpu Ex, class T>
void quadratic_prox(const Ex& ex, std::type_identity_t<T> weight, Input<T> v, Output<T> x) {
  axpby(ex, 1 / (1 + weight), v, T(0), x);
}

}  // namespace videoonenet::cuda
