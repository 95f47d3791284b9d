// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The layer of the papers' encoders, convolution, joint instance norm and activation, as the models have it.

#include "videoonenet/core/random.hpp"
#include "videoonenet/models/video_net.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace videoonenet::benchmarks {

/// One such layer for a batch of videos; as many channels come as go.
struct FusedLayer {
  const char* name;
  Shape video;
  Index kernel;

  Conv2d<float> convolution() const { return {.in = video.f, .out = video.f, .kernel = kernel}; }
  Conv2dGeometry geometry() const { return convolution().geometry(video); }
};

/// The batches of the small network and of the papers' for Rotated MNIST and Scanned CIFAR-10.
constexpr FusedLayer fused_layers[] = {
    {"3x3_16to16_8x9x14x14", {.n = 8, .t = 9, .h = 14, .w = 14, .f = 16}, 3},
    {"3x3_64to64_8x9x14x14", {.n = 8, .t = 9, .h = 14, .w = 14, .f = 64}, 3},
    {"5x5_256to256_4x4x16x16", {.n = 4, .t = 4, .h = 16, .w = 16, .f = 256}, 5},
};

/// A layer with the memory it works in, some input and some gradient.
template <class L>
class LayerRun {
 public:
  LayerRun(const Cpu& ex, L layer, const Shape& x, Purpose purpose = Purpose::training)
      : ex_(ex),
        layer_(std::move(layer)),
        parameters_(initial_parameters<float>(parameters_of(layer_), 1)),
        grad_parameters_(parameters_.size()),
        planned_(plan(
            ex, [&](auto& memory) { return layer_.make_cache(memory, x); }, purpose)),
        x_(random_tensor(x, 2)),
        grad_y_(random_tensor(layer_.output_shape(x), 3)),
        y_(grad_y_.shape()),
        grad_x_(x) {}

  void forward() { layer_.forward(ex_, parameters_.span(), x_.view(), y_.view(), planned_.cache); }
  /// After forward().
  void adjoint() {
    layer_.adjoint(ex_, parameters_.span(), planned_.cache, grad_y_.view(), grad_x_.view(), grad_parameters_.span());
  }
  const Buffer<float>& parameters() const { return parameters_; }
  const Tensor<float>& x() const { return x_; }
  const Tensor<float>& y() const { return y_; }

 private:
  static Tensor<float> random_tensor(const Shape& shape, std::uint64_t seed) {
    Tensor<float> x(shape);
    Random random(seed);
    random.fill_normal(x.flat());
    return x;
  }

  Cpu ex_;
  L layer_;
  Buffer<float> parameters_, grad_parameters_;
  Planned<typename L::Cache, Cpu> planned_;
  Tensor<float> x_, grad_y_, y_, grad_x_;
};

/// A fused layer, ready to run.
inline auto run_of(const FusedLayer& l, const Cpu& ex, Purpose purpose = Purpose::training) {
  return LayerRun(ex,
                  sequential(named("conv", l.convolution()), named("norm", VideoNetNorm<float>{.channels = l.video.f})),
                  l.video, purpose);
}

}  // namespace videoonenet::benchmarks
