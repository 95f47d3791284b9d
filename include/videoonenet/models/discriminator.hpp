// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The network that tells true images from restored ones in adversarial training.

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace videoonenet {

/// Sizes of the discriminator.
struct DiscriminatorOptions {
  Index channels = 3;
  Index filters = 64;    ///< of the first convolution; the last has eight times as many
  Index h = 64, w = 64;  ///< of the images, multiples of 16
};

namespace detail {

/// Convolution to half the extents, and batch norm with its activation; β is the bias of both.
template <class T>
auto discriminator_stage(Index in, Index out) {
  return sequential(named("conv", Conv2d<T>{.in = in, .out = out, .kernel = 4, .stride = 2, .bias = false}),
                    named("norm", BatchNorm<T, LeakyRelu>{.channels = out}));
}

}  // namespace detail

/// A number for each frame: the logit of the probability that it is true.
///
/// Math, with C = filters: down.0 to 3: 4×4 convolutions with stride 2 to C, 2C, 4C and 8C channels, each followed by
/// batch norm, but for the first, and leaky ReLU of slope 0.2; logit: a dense layer of what is left of the frame.
/// Shapes: (N, T, h, w, channels) to (N, T, 1, 1, 1); frames meet in the statistics of batch norm alone.
/// Errors: InputError for sizes out of range; ShapeError for frames that do not become h/16 × w/16.
/// Cost: 6 C² + 4 C·channels multiply-adds a pixel.
/// Source: SPEC §4 (ON and INV judge images); the layers are those of Radford, Metz and Chintala 2016.
template <class T>
auto image_discriminator(const DiscriminatorOptions& o) {
  if (o.channels < 1 || o.filters < 1)
    throw InputError(sentence("image_discriminator: channels = ", o.channels, ", filters = ", o.filters,
                              ", expected two positive numbers"));
  if (o.h < 16 || o.w < 16 || o.h % 16 != 0 || o.w % 16 != 0)
    throw InputError(sentence("image_discriminator: images of ", o.h, "x", o.w, ", expected multiples of 16"));
  const Index c = o.filters;
  const auto first = sequential(named("conv", Conv2d<T>{.in = o.channels, .out = c, .kernel = 4, .stride = 2}),
                                named("activation", Activation<T, LeakyRelu>{}));
  return sequential(named("down.0", first), named("down.1", detail::discriminator_stage<T>(c, 2 * c)),
                    named("down.2", detail::discriminator_stage<T>(2 * c, 4 * c)),
                    named("down.3", detail::discriminator_stage<T>(4 * c, 8 * c)),
                    named("logit", FrameDense<T>{.h = o.h / 16, .w = o.w / 16, .in = 8 * c, .out = 1}));
}

}  // namespace videoonenet
