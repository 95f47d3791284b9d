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
  bool packs_fit() const { return cuda::packs_fit<4>(grad_y); }
  template <int width>
  VIDEOONENET_DEVICE Pack<float, width> load(Index i) const {
    return load_pack<width>(grad_y + i);
  }
  VIDEOONENET_DEVICE GradientTerm of(int /*group*/, int /*channel*/) const { return *this; }
  template <int width>
  VIDEOONENET_DEVICE void add(const Pack<float, width>& g, int k, Sums<1>& sums) const {
    sums[0] += double(g[k]);
  }
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
