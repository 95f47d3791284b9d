// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient of a convolution's bias on a GPU: sums over all pixels, channel by channel.

#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::cuda {

namespace convolution {

struct GradientTerm {
  const float* grad_y;
  VIDEOONENET_DEVICE GradientTerm of(int /*group*/, int /*channel*/) const { return *this; }
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += double(grad_y[i]); }
};

/// Adds the finished sums to the gradient.
struct AddToBias {
  float* grad_bias;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int k = t.thread(); k < s.channels; k += t.threads()) grad_bias[k] += static_cast<float>(total(0, k)[0]);
  }
};

}  // namespace convolution

/// grad_bias[k] += Σ grad_y[…, k].
template <Gpu Ex>
void conv2d_bias_gradient(const Ex& ex, const Conv2dGeometry& g, Input<float> grad_y, std::span<float> grad_bias) {
  const auto shape = ChannelSumsShape::make(ex, 1, g.frames * g.out_h() * g.out_w(), g.out);
  channel_sums<1>(ex, shape, ex.workspace().sums, convolution::GradientTerm{grad_y.data()},
                  convolution::AddToBias{grad_bias.data()});
}

}  // namespace videoonenet::cuda
