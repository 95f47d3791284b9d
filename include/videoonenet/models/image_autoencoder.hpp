// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The autoencoder that DUA puts in place of the proximal operator, for images.

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/channel_dense/channel_dense.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"
#include "videoonenet/nn/resize/resize.hpp"

namespace videoonenet {

/// Sizes of the autoencoder; the defaults are the paper's.
struct ImageAutoencoderOptions {
  Index in = 3, out = 3;  ///< channels
  Index filters = 64;     ///< of the first convolution; the others have up to 16 times as many
  Index h = 64, w = 64;   ///< of the images, multiples of 8
  InstanceNormPolicy norm = InstanceNormPolicy::joint;  ///< where there is instance norm
  Initial last = Initial::glorot_uniform;  ///< of the last kernel; zeros for a net that is added to something
};

namespace detail {

/// A convolution and norm(channels), the layer behind it, named conv and norm inside the stage.
template <class T, class Norm>
auto image_stage(const Norm& norm, Index in, Index out, Index kernel) {
  return sequential(named("conv", Conv2d<T>{.in = in, .out = out, .kernel = kernel}), named("norm", norm(out)));
}

/// The same on frames of half the extents, or of twice the extents.
template <class T, class Norm>
auto resized_stage(const Norm& norm, ResizeDirection direction, Index in, Index out, Index kernel) {
  return sequential(named("resize", NearestResize<T>{.direction = direction}),
                    named("conv", Conv2d<T>{.in = in, .out = out, .kernel = kernel}), named("norm", norm(out)));
}

}  // namespace detail

/// Frames to a code of an eighth of their height and width, in which every position sees every other; norm(channels)
/// makes what follows each convolution.
///
/// Math, with C = filters: encoder.0 to 4: 4×4 convolutions to C and 2C channels, and 2×2 ones to 4C, 8C and 16C, each
/// on every other pixel; code: a dense matrix a channel and a 2×2 convolution.
/// Shapes: (N, T, h, w, in) to (N, T, h/8, w/8, 16C).  Errors, cost, source: those of `image_autoencoder`.
template <class T, class Norm>
auto image_encoder(const ImageAutoencoderOptions& o, const Norm& norm) {
  if (o.h < 8 || o.w < 8 || o.h % 8 != 0 || o.w % 8 != 0)
    throw InputError(sentence("image_autoencoder: images of ", o.h, "x", o.w, ", expected multiples of 8"));
  constexpr auto down = ResizeDirection::down;
  const Index c = o.filters;
  const auto code =
      sequential(named("dense", ChannelDense<T>{.h = o.h / 8, .w = o.w / 8, .channels = 16 * c}),
                 named("conv", Conv2d<T>{.in = 16 * c, .out = 16 * c, .kernel = 2}), named("norm", norm(16 * c)));
  return sequential(named("encoder.0", detail::image_stage<T>(norm, o.in, c, 4)),
                    named("encoder.1", detail::image_stage<T>(norm, c, 2 * c, 4)),
                    named("encoder.2", detail::resized_stage<T>(norm, down, 2 * c, 4 * c, 2)),
                    named("encoder.3", detail::resized_stage<T>(norm, down, 4 * c, 8 * c, 2)),
                    named("encoder.4", detail::resized_stage<T>(norm, down, 8 * c, 16 * c, 2)), named("code", code));
}

/// Codes to frames.
///
/// Math, with C = filters: decoder.0 to 4: 4×4 convolutions to 8C, 4C and 2C, each on pixels repeated twice along
/// either side, then to C and to `out` channels; nothing follows the last one.
/// Shapes: (N, T, h/8, w/8, 16C) to (N, T, h, w, out).  Source: SPEC §4 (DUA).
template <class T, class Norm>
auto image_decoder(const ImageAutoencoderOptions& o, const Norm& norm) {
  constexpr auto up = ResizeDirection::up;
  const Index c = o.filters;
  return sequential(named("decoder.0", detail::resized_stage<T>(norm, up, 16 * c, 8 * c, 4)),
                    named("decoder.1", detail::resized_stage<T>(norm, up, 8 * c, 4 * c, 4)),
                    named("decoder.2", detail::resized_stage<T>(norm, up, 4 * c, 2 * c, 4)),
                    named("decoder.3", detail::image_stage<T>(norm, 2 * c, c, 4)),
                    named("decoder.4", Conv2d<T>{.in = c, .out = o.out, .kernel = 4, .initial = o.last}));
}

/// Frames to a code and back.
///
/// Math: `image_encoder` and `image_decoder` with instance norm and activation behind each convolution but the last.
/// Shapes: (N, T, h, w, in) to (N, T, h, w, out); frames meet in the joint norm alone.
/// Errors: ShapeError for frames of other extents; InputError for extents that are no multiples of 8.
/// Cost: 488·C² + 16·C·(in + out) + h·w·C/256 multiply-adds a pixel; h²·w²·C/256 weights of the dense matrices, and
/// 4,448·C² and some of the convolutions.
/// Source: SPEC §4 (DUA).
template <class T>
auto image_autoencoder(const ImageAutoencoderOptions& o) {
  const auto norm = [&](Index channels) {
    return InstanceNorm<T, ScaledSoftplus>{.policy = o.norm, .channels = channels};
  };
  return sequential(named("", image_encoder<T>(o, norm)), named("", image_decoder<T>(o, norm)));
}

}  // namespace videoonenet
