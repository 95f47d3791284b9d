// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Losses on a GPU: value and gradient of a batch without a word to the host.

#include <numbers>

#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/train/loss/loss.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Loss of one video with n entries from its squared error, and what its differences are multiplied by.
struct LossOfVideo {
  double value, factor;
};
struct MeanSquaredRule {
  VIDEOONENET_DEVICE LossOfVideo operator()(double squared_error, double n) const {
    return {squared_error / n, 2 / n};
  }
};
struct NegativePsnrRule {
  double floor;
  VIDEOONENET_DEVICE LossOfVideo operator()(double squared_error, double n) const {
    const double mean_square = squared_error / n + floor;
    return {10 * log10(mean_square), 20 / std::numbers::ln10 / (mean_square * n)};
  }
};
inline MeanSquaredRule rule_of(const MeanSquaredError&) { return {}; }
inline NegativePsnrRule rule_of(const NegativePsnr& loss) { return {loss.floor}; }

template <class T>
struct SquaredErrorTerm {
  const T *z, *truth;
  VIDEOONENET_DEVICE SquaredErrorTerm of(int, int) const { return *this; }
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const {
    const double d = double(z[i]) - double(truth[i]);
    sums[0] += d * d;
  }
};

template <class Rule>
struct WriteLoss {
  Rule rule;
  double *loss, *factors;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    if (t.thread() != 0) return;  // a batch has few videos, and their losses are added in one order
    double sum = 0;
    for (int n = 0; n < s.groups; ++n) {
      const LossOfVideo l = rule(total(n, 0)[0], double(s.pixels));
      sum += l.value;
      factors[n] = l.factor / s.groups;
    }
    *loss = sum / s.groups;
  }
};

}  // namespace detail

/// Numbers of double that loss_gradient takes as scratch.
template <Gpu Ex>
Index loss_scratch_size(const Ex& ex, const Shape& video) {
  return video.n + ChannelSumsShape::make(ex, video.n, video.sample_size(), 1).size(1);
}

/// loss = the mean loss of a batch, grad = its gradient by z; `loss` is one number on the device. For MeanSquaredError
/// and NegativePsnr.
template <Gpu Ex, class L, class T>
void loss_gradient(const Ex& ex, const L& rule, View<const T> z, View<const std::type_identity_t<T>> truth,
                   std::span<double> scratch, double* loss, View<std::type_identity_t<T>> grad) {
  require_shape(truth.shape, z.shape, "loss_gradient", "the truth");
  require_shape(grad.shape, z.shape, "loss_gradient", "the gradient");
  const auto videos = static_cast<std::size_t>(Index(z.shape.n));
  double* factors = scratch.data();
  const auto device_rule = detail::rule_of(rule);
  channel_sums<1>(ex, ChannelSumsShape::make(ex, z.shape.n, z.shape.sample_size(), 1), scratch.subspan(videos),
                  detail::SquaredErrorTerm<T>{z.data, truth.data},
                  detail::WriteLoss<decltype(device_rule)>{device_rule, loss, factors});
  const Index size = z.shape.sample_size();
  const T *pz = z.data, *px = truth.data;
  T* pg = grad.data;
  for_each(ex, z.size(), [=] VIDEOONENET_DEVICE(Index i) { pg[i] = static_cast<T>(factors[i / size]) * (pz[i] - px[i]); });
}

}  // namespace videoonenet::cuda
