// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Holds a layer's device kernels against its host kernels.

#include "support/catch.hpp"
#include "support/test_gpu.cuh"

namespace videoonenet::support {

/// Checks output and gradients in every precision, with tiles for devices of several sizes.
template <class L>
void check_layer_on_gpu(const L& layer, const Shape& in, std::initializer_list<int> multiprocessors = {5}) {
  const LayerResults expected = layer_results(Cpu{.products = cpu::Products::direct}, layer, in);
  for (const PrecisionBudget& budget : precision_budgets)
    for (const int count : multiprocessors) {
      CAPTURE(static_cast<int>(budget.precision), count);
      const LayerResults got = layer_results(test_gpu(budget.precision, count), layer, in);
      CHECK(relative_error(got.y, expected.y) < budget.error);
      CHECK(relative_error(got.grad_x, expected.grad_x) < budget.error);
      CHECK(relative_error(got.grad_parameters, expected.grad_parameters) < budget.error);
    }
}

}  // namespace videoonenet::support
