// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The kernels that an executor's products ask for, where they suit the convolution; the direct ones elsewhere.

#include "videoonenet/nn/conv2d/conv2d_bfloat16_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// Calls body with the plan of a convolution: it says how large a prepared kernel is, prepares and runs. The choice
/// does not depend on the number of frames, so that a prepared kernel serves any.
template <class T, class Body>
void with_plan(const Executor& ex, const Padded& c, Body&& body) {
  if constexpr (std::is_same_v<T, float>)
    if (ex.products == Products::winograd && winograd_pays(c)) {
      if (c.kernel == 3) return body(WinogradPlan<T, 3>(c));
      return body(WinogradPlan<T, 5>(c));
    }
  if constexpr (can_round<T>)
    if (ex.products == Products::bfloat16 && rounding_pays(c)) return body(Plan<bfloat16>(c));
  body(Plan<T>(c));
}

/// Calls body with the gradient of a convolution by its kernel.
template <class T, class Body>
void with_kernel_gradient(const Executor& ex, const Conv2dGeometry& g, Body&& body) {
  if constexpr (std::is_same_v<T, float>)
    if (ex.products == Products::winograd && winograd_pays(Padded::forward(g))) {
      if (g.kernel == 3) return body(WinogradKernelGradient<T, 3>(g));
      return body(WinogradKernelGradient<T, 5>(g));
    }
  if constexpr (can_round<T>)
    if (ex.products == Products::bfloat16 && kernel_gradient_rounding_pays(g))
      return body(KernelGradient<bfloat16_pair>(g));
  body(KernelGradient<T>(g));
}

/// The largest amount(plan) of both passes that have one.
template <class T, class Amount>
Index largest_of_plans(const Executor& ex, const Conv2dGeometry& g, Amount&& amount) {
  Index largest = 0;
  for (const Padded& c : {Padded::forward(g), Padded::input_gradient(g)})
    with_plan<T>(ex, c, [&](const auto& plan) { largest = std::max<Index>(largest, amount(plan)); });
  return largest;
}

/// Errors: ShapeError when scratch was planned for less, such as for other products or fewer threads.
inline void require_scratch(Index size, Index needed) {
  if (size < needed)
    throw ShapeError(sentence("conv2d: scratch of ", size, " entries is smaller than the ", needed,
                              " that this executor needs; was it planned for another one?"));
}

}  // namespace videoonenet::cpu::convolution
