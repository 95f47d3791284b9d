// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The layer of the papers' encoders as others do it: oneDNN's convolution, then passes over its result.

#include <Eigen/Core>
#include <cmath>

#include "fused_layer.hpp"
#include "onednn_convolution.hpp"

namespace videoonenet::benchmarks {

/// oneDNN's convolution, then what PyTorch does without compiling: a pass for the moments of each video, one that
/// normalises and one for softplus, vectorised by Eigen, a thread for each video. Kinder than PyTorch: γ, β and the
/// factors around softplus cost no passes of their own, and nothing is allocated.
class SeparateLayer {
 public:
  /// With input and kernel in our layout.
  SeparateLayer(const FusedLayer& l, int threads, dnnl::algorithm algorithm, std::span<const float> x,
                std::span<const float> kernel)
      : layer_(l),
        ex_{threads},
        convolution_(l.geometry(), Direction::forward, dnnl::memory::data_type::f32, algorithm),
        normalized_(l.video.size()),
        y_(l.video.size()) {
    convolution_.set(x, kernel, x);
  }
  void run() {
    convolution_.run();
    const auto* convolved = static_cast<const float*>(convolution_.own_result().get_data_handle());
    const Index size = layer_.video.sample_size();
    parallel_ranges(ex_, layer_.video.n, [&](Index, Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        const Eigen::Map<const Eigen::ArrayXf> x(convolved + i * size, size);
        Eigen::Map<Eigen::ArrayXf> v(normalized_.data() + i * size, size), y(y_.data() + i * size, size);
        const float mean = x.mean(), scale = 1 / (std::sqrt((x - mean).square().mean()) + 1e-3f);
        v = x * scale - mean * scale;
        y = (v * 2 + 2).exp().log1p() * 0.5f - 1;
      }
    });
  }
  /// Of one run, in our layout.
  Tensor<float> result() {
    run();
    auto* own = static_cast<float*>(convolution_.own_result().get_data_handle());
    std::ranges::copy(y_.span(), own);  // elementwise passes keep the layout, which only oneDNN knows
    Tensor<float> y(layer_.video);
    convolution_.result(y.flat());
    return y;
  }
  const std::string& name() const { return convolution_.name(); }

 private:
  FusedLayer layer_;
  Cpu ex_;
  OnednnConvolution convolution_;
  Buffer<float> normalized_, y_;
};

}  // namespace videoonenet::benchmarks
