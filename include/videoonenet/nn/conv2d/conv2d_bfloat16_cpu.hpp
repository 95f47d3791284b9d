// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Products::bfloat16 for convolutions of floats: which passes round their operands, and the plans for them.
///
/// Math: y = Σ round(K) · round(x), each operand to the nearest bfloat16, each sum in float; likewise both gradients.
/// Tensors stay float: operands are rounded while tiles are gathered and kernels packed. The forward pass and the
/// gradient by the input multiply two taps in one lane, the gradient by the kernel the same pixel of two frames.
/// Errors: rounding changes an operand by at most 2⁻⁸ of it, hence a sum of n products of random signs by some 0.3% of
/// its typical size, whatever n. A whole VideoOneNet of 16 filters was off by 1% to 3% with random weights and by 0.7%
/// with trained ones. Numbers below float's normal range count as zero. Taps are filled up to whole lanes or registers
/// with zero weights, so that Inf or NaN may also reach outputs whose window ends right before it.
/// Falls back: a pass multiplies directly, in float, where the processor has no such products (x86 has them with
/// AVX512-BF16), and where two products at once would save nothing: when a row of the kernel takes as many steps
/// either way, and for the gradient by the kernel of a single frame, or by a 1 × 1 kernel of few channels.
/// Cost: half the multiplications.

#include "videoonenet/nn/conv2d/conv2d_convolve_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_kernel_gradient_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// Whether passes over Ts can round their operands.
template <class T>
inline constexpr bool can_round = simd::multiplies_bfloat16 && std::is_same_v<T, float>;

/// Whether rounding the operands of this convolution saves time.
inline bool rounding_pays(const Padded& c) { return Plan<bfloat16>(c).steps() < Plan<float>(c).steps(); }

/// Whether rounding the operands of this kernel gradient does.
inline bool kernel_gradient_rounding_pays(const Conv2dGeometry& g) {
  return g.frames > 1 && (g.kernel > 1 || g.in >= simd::lanes<float>);
}

}  // namespace videoonenet::cpu::convolution
