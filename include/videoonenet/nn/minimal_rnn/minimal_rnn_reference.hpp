// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The recurrence of the MinimalRNN by its definition.

#include <cmath>
#include <vector>

#include "videoonenet/nn/conv2d/conv2d_reference.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet::reference {

/// gates: from pre-activations to u; y: the states h. `initial` holds h_{−1} of every video, or nothing.
template <class T>
void minimal_rnn_scan(const MinimalRnnScan& s, Input<T> initial, Input<T> candidate, Input<T> recurrent_kernel,
                      Output<T> gates, Output<T> y) {
  const auto size = static_cast<std::size_t>(s.size());
  for (Index n = 0; n < s.samples; ++n) {
    std::vector<T> h(size);
    if (!initial.empty()) h.assign(initial.data() + n * s.size(), initial.data() + (n + 1) * s.size());
    for (Index step = 0; step < s.steps; ++step) {
      const auto at = static_cast<std::size_t>(s.offset(n, step));
      conv2d_forward(s.frame, Input<T>(h), recurrent_kernel, {}, Accumulate::add, gates.subspan(at, size));
      for (std::size_t i = 0; i < size; ++i) {
        const T u = gates[at + i] = 1 / (1 + std::exp(-gates[at + i])), v = candidate[at + i];
        h[i] = y[at + i] = s.form == MinimalRnnForm::paper ? (1 - u) * h[i] + u * v : u * h[i] + (1 - u) * v;
      }
    }
  }
}

/// grad_candidate += v's gradient through the states; grad_preactivation = a's; grad_recurrent_kernel += R's.
template <class T>
void minimal_rnn_scan_adjoint(const MinimalRnnScan& s, Input<T> candidate, Input<T> gates, Input<T> y,
                              Input<T> recurrent_kernel, Input<T> grad_y, Output<T> grad_candidate,
                              Output<T> grad_preactivation, Output<T> grad_recurrent_kernel) {
  const auto size = static_cast<std::size_t>(s.size());
  for (Index n = 0; n < s.samples; ++n) {
    std::vector<T> carried(size);
    for (Index step = s.steps - 1; step >= 0; --step) {
      const auto at = static_cast<std::size_t>(s.offset(n, step));
      std::vector<T> previous(size);
      if (step > 0) previous.assign(y.data() + s.offset(n, step - 1), y.data() + s.offset(n, step - 1) + s.size());
      for (std::size_t i = 0; i < size; ++i) {
        const T g = grad_y[at + i] + carried[i], u = gates[at + i], v = candidate[at + i];
        const bool paper = s.form == MinimalRnnForm::paper;
        grad_preactivation[at + i] = g * (paper ? v - previous[i] : previous[i] - v) * u * (1 - u);
        grad_candidate[at + i] += g * (paper ? u : 1 - u);
        carried[i] = g * (paper ? 1 - u : u);
      }
      const Input<T> d = grad_preactivation.subspan(at, size);
      conv2d_input_gradient(s.frame, d, recurrent_kernel, std::span(carried));
      conv2d_kernel_gradient(s.frame, Input<T>(previous), d, grad_recurrent_kernel);
    }
  }
}

}  // namespace videoonenet::reference
