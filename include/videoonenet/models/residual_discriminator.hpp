// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// OneNet's discriminators of residual blocks: one of images, one of codes.

#include <utility>

#include "videoonenet/autodiff/residual/residual.hpp"
#include "videoonenet/autodiff/sum/sum.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"
#include "videoonenet/nn/resize/resize.hpp"

namespace videoonenet {

/// Sizes of the discriminator of images; the defaults are the paper's.
struct ResidualDiscriminatorOptions {
  Index channels = 3;
  Index filters = 64;    ///< of the first convolution, a multiple of 4; the last blocks have 16 times as many
  Index h = 64, w = 64;  ///< of the images, multiples of 16
};

/// Sizes of the discriminator of codes; the defaults are those that the paper's encoder makes of 64×64 pixels.
struct LatentDiscriminatorOptions {
  Index channels = 1024;  ///< of the codes, a multiple of 4
  Index h = 8, w = 8;     ///< of the codes, even
};

namespace detail {

template <class T>
auto norm_elu(Index channels) {
  return BatchNorm<T, Elu>{.channels = channels};
}

/// 1×1, 3×3 and 1×1 convolutions through a quarter of the channels. No convolution here has a bias, which every norm
/// behind it would take away again.
template <class T>
auto bottleneck(Index in, Index out) {
  const Index few = out / 4;
  return sequential(
      named("conv.0", Conv2d<T>{.in = in, .out = few, .kernel = 1, .bias = false}), named("norm.1", norm_elu<T>(few)),
      named("conv.1", Conv2d<T>{.in = few, .out = few, .kernel = 3, .bias = false}), named("norm.2", norm_elu<T>(few)),
      named("conv.2", Conv2d<T>{.in = few, .out = out, .kernel = 1, .bias = false}));
}

/// x and what norm and bottleneck make of it.
template <class T>
auto residual_block(Index channels) {
  return Residual{sequential(named("norm.0", norm_elu<T>(channels)), named("", bottleneck<T>(channels, channels)))};
}

/// The same on every other pixel, with a 1×1 convolution around the bottleneck.
template <class T>
auto halving_block(Index in, Index out) {
  return sequential(named("norm.0", norm_elu<T>(in)),
                    named("resize", NearestResize<T>{.direction = ResizeDirection::down}),
                    named("", sum(named("shortcut", Conv2d<T>{.in = in, .out = out, .kernel = 1, .bias = false}),
                                  named("", bottleneck<T>(in, out)))));
}

/// `count` residual blocks from number `first` on, one after the other.
template <class T, std::size_t count>
auto residual_blocks(Index channels, int first) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return sequential(named(sentence("block.", first + static_cast<int>(I)), residual_block<T>(channels))...);
  }(std::make_index_sequence<count>{});
}

/// `count` blocks, the first of which halves the extents and doubles the channels.
template <class T, std::size_t count>
auto residual_module(Index in) {
  return sequential(named("block.0", halving_block<T>(in, 2 * in)),
                    named("", residual_blocks<T, count - 1>(2 * in, 1)));
}

}  // namespace detail

/// A number for each image: the logit of the probability that it is true.
///
/// Math, with C = filters: conv: a 4×4 convolution to C channels; module.0 to 3: 3, 4, 6 and 3 residual blocks to 2C,
/// 4C, 8C and 16C channels, the first of each on every other pixel; norm: batch norm and ELU; logit: a dense layer of
/// what is left. A block is batch norm, ELU and 1×1, 3×3 and 1×1 convolutions through a quarter of its channels, with
/// batch norm and ELU between them, added to its input.
/// Shapes: (N, T, h, w, channels) to (N, T, 1, 1, 1); images meet in the statistics of batch norm alone.
/// Errors: InputError for sizes out of range; ShapeError for other images.
/// Cost: 16 C·channels + 18.5 C² multiply-adds a pixel.
/// Source: SPEC §4 (ON).
template <class T>
auto residual_discriminator(const ResidualDiscriminatorOptions& o) {
  if (o.channels < 1 || o.filters < 4 || o.filters % 4 != 0)
    throw InputError(sentence("residual_discriminator: channels = ", o.channels, ", filters = ", o.filters,
                              ", expected a positive number and a multiple of 4"));
  if (o.h < 16 || o.w < 16 || o.h % 16 != 0 || o.w % 16 != 0)
    throw InputError(sentence("residual_discriminator: images of ", o.h, "x", o.w, ", expected multiples of 16"));
  const Index c = o.filters;
  return sequential(named("conv", Conv2d<T>{.in = o.channels, .out = c, .kernel = 4, .bias = false}),
                    named("module.0", detail::residual_module<T, 3>(c)),
                    named("module.1", detail::residual_module<T, 4>(2 * c)),
                    named("module.2", detail::residual_module<T, 6>(4 * c)),
                    named("module.3", detail::residual_module<T, 3>(8 * c)), named("norm", detail::norm_elu<T>(16 * c)),
                    named("logit", FrameDense<T>{.h = o.h / 16, .w = o.w / 16, .in = 16 * c, .out = 1}));
}

/// A number for each code: the logit of the probability that a true image was encoded.
///
/// Math: block.0 to 5: residual blocks as in `residual_discriminator`, all of `channels` channels, block.3 on every
/// other position; norm, logit: the same.
/// Shapes: (N, T, h, w, channels) to (N, T, 1, 1, 1).
/// Errors: InputError for sizes out of range; ShapeError for other codes.
/// Cost: 4.2 channels² multiply-adds a position.
/// Source: SPEC §4 (ON).
template <class T>
auto latent_discriminator(const LatentDiscriminatorOptions& o) {
  if (o.channels < 4 || o.channels % 4 != 0 || o.h < 2 || o.w < 2 || o.h % 2 != 0 || o.w % 2 != 0)
    throw InputError(sentence("latent_discriminator: codes of ", o.h, "x", o.w, "x", o.channels,
                              ", expected even extents and a multiple of 4 channels"));
  const Index c = o.channels;
  return sequential(named("", detail::residual_blocks<T, 3>(c, 0)), named("block.3", detail::halving_block<T>(c, c)),
                    named("", detail::residual_blocks<T, 2>(c, 4)), named("norm", detail::norm_elu<T>(c)),
                    named("logit", FrameDense<T>{.h = o.h / 2, .w = o.w / 2, .in = c, .out = 1}));
}

}  // namespace videoonenet
