// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Normalization by its definition: the loops every backend is held against.

#include <vector>

#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/normalization/normalization.hpp"

namespace videoonenet::reference {

namespace detail {

/// Calls body(group · channels + channel, channel, entry) for every entry.
template <class Body>
void for_entries(const Normalization& g, Body&& body) {
  for (Index group = 0; group < g.groups; ++group)
    for (Index p = 0; p < g.pixels; ++p)
      for (Index c = 0; c < g.channels; ++c)
        body(static_cast<std::size_t>(group * g.channels + c), static_cast<std::size_t>(c),
             static_cast<std::size_t>((group * g.pixels + p) * g.channels + c));
}

}  // namespace detail

/// μ and σ of every group and channel.
template <class T>
void normalization_moments(const Normalization& g, std::span<const T> x, std::span<Moments> moments) {
  for (Moments& m : moments) m = {};
  const double n = double(g.pixels);
  detail::for_entries(g, [&](auto k, auto, auto i) { moments[k].mean += double(x[i]) / n; });
  detail::for_entries(g, [&](auto k, auto, auto i) {
    const double d = double(x[i]) - moments[k].mean;
    moments[k].deviation += d * d / n;
  });
  for (Moments& m : moments) m.deviation = std::sqrt(m.deviation);
}

/// y = f(γ (x − μ)/s + β).
template <class T, class F>
void normalization_forward(const Normalization& g, const F& f, Input<T> x, Input<T> gamma, Input<T> beta,
                           std::span<const Moments> moments, Output<T> y) {
  detail::for_entries(g, [&](auto k, auto c, auto i) {
    const double normal = (double(x[i]) - moments[k].mean) / g.divisor(moments[k].deviation);
    y[i] = static_cast<T>(f.value(double(gamma[c]) * normal + double(beta[c])));
  });
}

/// grad_x, grad_gamma and grad_beta, added.
template <class T, class F>
void normalization_adjoint(const Normalization& g, const F& f, Input<T> x, Input<T> gamma, Input<T> beta,
                           std::span<const Moments> moments, Input<T> grad_y, Output<T> grad_x, Output<T> grad_gamma,
                           Output<T> grad_beta) {
  std::vector<double> sum(moments.size()), product(moments.size()), gradient(x.size());  // Σ g, Σ g x̂, g
  detail::for_entries(g, [&](auto k, auto c, auto i) {
    const double normal = (double(x[i]) - moments[k].mean) / g.divisor(moments[k].deviation);
    gradient[i] = f.derivative(double(gamma[c]) * normal + double(beta[c])) * double(grad_y[i]);
    sum[k] += gradient[i];
    product[k] += gradient[i] * normal;
  });
  for (std::size_t k = 0; k < sum.size(); ++k) {
    grad_beta[k % grad_beta.size()] += static_cast<T>(sum[k]);
    grad_gamma[k % grad_gamma.size()] += static_cast<T>(product[k]);
  }
  const double n = double(g.pixels);
  detail::for_entries(g, [&](auto k, auto c, auto i) {
    const double centred = double(x[i]) - moments[k].mean, scale = double(gamma[c]) / g.divisor(moments[k].deviation);
    const double through_moments = sum[k] / n + centred * g.curvature(moments[k].deviation) * product[k] / n;
    grad_x[i] += static_cast<T>(scale * (gradient[i] - (g.constant_moments ? 0 : through_moments)));
  });
}

}  // namespace videoonenet::reference
