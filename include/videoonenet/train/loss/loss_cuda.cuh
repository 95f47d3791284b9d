// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Losses on a GPU: value and gradient of a batch without a word to the host.

#include <cmath>
#include <numbers>
#include <variant>

#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/train/loss/loss.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Loss of one video with n entries from the sum of its errors, and what the directions of its gradient are multiplied
/// by.
struct LossOfVideo {
  double value, factor;
};
/// The errors of differences d are d², in the direction of d.
struct SquaredErrors {
  VIDEOONENET_DEVICE static double error(double d) { return d * d; }
  template <class T>
  VIDEOONENET_DEVICE static T direction(T d) {
    return d;
  }
};
/// The errors of differences d are |d|, in the direction of d's sign.
struct AbsoluteErrors {
  VIDEOONENET_DEVICE static double error(double d) { return fabs(d); }
  template <class T>
  VIDEOONENET_DEVICE static T direction(T d) {
    return T(d > 0) - T(d < 0);
  }
};
struct MeanSquaredRule : SquaredErrors {
  VIDEOONENET_DEVICE LossOfVideo operator()(double sum, double n) const { return {sum / n, 2 / n}; }
};
struct MeanAbsoluteRule : AbsoluteErrors {
  VIDEOONENET_DEVICE LossOfVideo operator()(double sum, double n) const { return {sum / n, 1 / n}; }
};
struct NegativePsnrRule : SquaredErrors {
  double floor;
  explicit NegativePsnrRule(double lowest) : floor(lowest) {}
  VIDEOONENET_DEVICE LossOfVideo operator()(double sum, double n) const {
    const double mean_square = sum / n + floor;
    return {10 * log10(mean_square), 20 / std::numbers::ln10 / (mean_square * n)};
  }
};
inline MeanSquaredRule rule_of(const MeanSquaredError&) { return {}; }
inline MeanAbsoluteRule rule_of(const MeanAbsoluteError&) { return {}; }
inline NegativePsnrRule rule_of(const NegativePsnr& loss) { return NegativePsnrRule(loss.floor); }

template <class Rule, class T>
struct ErrorTerm {
  const T *z, *truth;
  template <int width>
  struct Loaded {
    Pack<T, width> z, truth;
  };
  bool packs_fit() const { return cuda::packs_fit<4>(z, truth); }
  template <int width>
  VIDEOONENET_DEVICE Loaded<width> load(Index i) const {
    return {load_pack<width>(z + i), load_pack<width>(truth + i)};
  }
  VIDEOONENET_DEVICE ErrorTerm of(int, int) const { return *this; }
  template <int width>
  VIDEOONENET_DEVICE void add(const Loaded<width>& at, int k, Sums<1>& sums) const {
    sums[0] += Rule::error(double(at.z[k]) - double(at.truth[k]));
  }
};

/// |x − y|.
template <class T>
struct AbsoluteDifferenceTerm {
  const T *x, *y;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += fabs(double(x[i]) - double(y[i])); }
};

/// softplus(x) − label x.
template <class T>
struct LogisticTerm {
  const T* x;
  double label;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const {
    const double v = double(x[i]);
    sums[0] += fmax(v, 0.0) + log1p(exp(-fabs(v))) - label * v;
  }
};

template <class Rule>
struct WriteLoss {
  Rule rule;
  double *loss, *factors;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int n = t.thread(); n < s.groups; n += t.threads()) {
      const LossOfVideo l = rule(total(n, 0)[0], double(s.pixels));
      total.put(n, 0, {{l.value}});
      factors[n] = l.factor / s.groups;
    }
    t.sync();
    sum_items<1>(
        t, 1, s.groups, [&](int, int n) { return total(n, 0); },
        [&](int, const Sums<1>& sum) { *loss = sum[0] / s.groups; });
  }
};

}  // namespace detail

/// y = factor (a − b).
template <Gpu Ex, class T>
void scaled_difference(const Ex& ex, std::type_identity_t<T> factor, Input<T> a, Input<T> b, Output<T> y) {
  const T *pa = a.data(), *pb = b.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = factor * (pa[i] - pb[i]); });
}

/// y = factor sign(a − b), where the sign of zero is zero.
template <Gpu Ex, class T>
void scaled_sign_of_difference(const Ex& ex, std::type_identity_t<T> factor, Input<T> a, Input<T> b, Output<T> y) {
  const T *pa = a.data(), *pb = b.data();
  T* py = y.data();
  for_each(ex, std::ssize(y),
           [=] VIDEOONENET_DEVICE(Index i) { py[i] = factor * detail::AbsoluteErrors::direction(pa[i] - pb[i]); });
}

/// ‖x − y‖₁.  Cost: it waits for the device.
template <Gpu Ex, class T>
double absolute_distance(const Ex& ex, std::span<const T> x, Input<T> y) {
  return sum_to_host<1>(ex, std::ssize(x), detail::AbsoluteDifferenceTerm<T>{x.data(), y.data()})[0];
}

/// Σ softplus(x) − label x.  Cost: it waits for the device.
template <Gpu Ex, class T>
double logistic_loss(const Ex& ex, double label, std::span<const T> x) {
  return sum_to_host<1>(ex, std::ssize(x), detail::LogisticTerm<T>{x.data(), label})[0];
}

/// y = factor (σ(x) − label).
template <Gpu Ex, class T>
void scaled_logistic_gradient(const Ex& ex, double factor, double label, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) {
    py[i] = static_cast<T>(factor * (1 / (1 + exp(-double(px[i]))) - label));
  });
}

/// Numbers of double that loss_gradient takes as scratch.
template <Gpu Ex>
Index loss_scratch_size(const Ex& ex, const Shape& video) {
  return video.n + ChannelSumsShape::make(ex, video.n, video.sample_size(), 1).size(1);
}

/// loss = the mean loss of a batch, grad = its gradient by z; `loss` is one number on the device.
template <Gpu Ex, class L, class T>
void loss_gradient(const Ex& ex, const L& rule, View<const T> z, View<const std::type_identity_t<T>> truth,
                   std::span<double> scratch, double* loss, View<std::type_identity_t<T>> grad) {
  require_shape(truth.shape, z.shape, "loss_gradient", "the truth");
  require_shape(grad.shape, z.shape, "loss_gradient", "the gradient");
  const auto videos = static_cast<std::size_t>(Index(z.shape.n));
  double* factors = scratch.data();
  const auto device_rule = detail::rule_of(rule);
  using Rule = std::remove_const_t<decltype(device_rule)>;
  channel_sums<1>(ex, ChannelSumsShape::make(ex, z.shape.n, z.shape.sample_size(), 1), scratch.subspan(videos),
                  detail::ErrorTerm<Rule, T>{z.data, truth.data}, detail::WriteLoss<Rule>{device_rule, loss, factors});
  const Index size = z.shape.sample_size();
  const T *pz = z.data, *px = truth.data;
  T* pg = grad.data;
  for_each(ex, z.size(), [=] VIDEOONENET_DEVICE(Index i) {
    pg[i] = static_cast<T>(factors[i / size]) * Rule::direction(pz[i] - px[i]);
  });
}

/// The same for a loss that is chosen at run time.
template <Gpu Ex, class... L, class T>
void loss_gradient(const Ex& ex, const std::variant<L...>& rule, View<const T> z,
                   View<const std::type_identity_t<T>> truth, std::span<double> scratch, double* loss,
                   View<std::type_identity_t<T>> grad) {
  std::visit([&](const auto& chosen) { loss_gradient(ex, chosen, z, truth, scratch, loss, grad); }, rule);
}

}  // namespace videoonenet::cuda
