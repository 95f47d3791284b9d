// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The launches that take longest to compile for an emulated GPU, compiled once for all tests.

#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
#include "videoonenet/testing/emulated_gpu.hpp"

#if !defined(VIDEOONENET_EMULATED_INSTANCE)
#define VIDEOONENET_EMULATED_INSTANCE extern template
#endif

namespace videoonenet::cuda {

VIDEOONENET_EMULATED_INSTANCE void conv2d_forward(const EmulatedGpu&, const Conv2dGeometry&, Input<float>, Input<float>,
                                                  Input<float>, Accumulate, std::span<float>, std::span<float>);
VIDEOONENET_EMULATED_INSTANCE void conv2d_input_gradient(const EmulatedGpu&, const Conv2dGeometry&, Input<float>,
                                                         Input<float>, std::span<float>, std::span<float>, Accumulate);
VIDEOONENET_EMULATED_INSTANCE void conv2d_parameter_gradients(const EmulatedGpu&, const Conv2dGeometry&, Input<float>,
                                                              Input<float>, std::span<float>, std::span<float>,
                                                              std::span<float>);
VIDEOONENET_EMULATED_INSTANCE void convolution::add_kernel_gradient(const EmulatedGpu&, const Conv2dGeometry&,
                                                                    const convolution::FrameMap&, const float*,
                                                                    const convolution::FrameMap&, const float*,
                                                                    std::span<float>, std::span<float>);
VIDEOONENET_EMULATED_INSTANCE void minimal_rnn_scan(const EmulatedGpu&, const MinimalRnnScan&, Input<float>,
                                                    Input<float>, Input<float>, std::span<float>, std::span<float>,
                                                    std::span<float>, std::span<float>);
VIDEOONENET_EMULATED_INSTANCE void minimal_rnn_scan_adjoint(const EmulatedGpu&, const MinimalRnnScan&, Input<float>,
                                                            Input<float>, Input<float>, Input<float>, Input<float>,
                                                            std::span<float>, std::span<float>, std::span<float>,
                                                            Accumulate);

}  // namespace videoonenet::cuda
