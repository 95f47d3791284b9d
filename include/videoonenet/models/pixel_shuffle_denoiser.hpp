// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The denoising autoencoder of INF and INV: convolutions of an image whose blocks of pixels have become channels.

#include "videoonenet/autodiff/channel_slice/channel_slice.hpp"
#include "videoonenet/autodiff/concatenate/concatenate.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle.hpp"

namespace videoonenet {

/// Sizes of the denoiser; the defaults are the papers'.
struct PixelShuffleDenoiserOptions {
  Index channels = 3;  ///< of the image
  Index factor = 4;    ///< extents of the blocks of pixels that become channels
  Index filters = 32;  ///< of the narrowest convolution; the widest has four times as many
  Index kernel = 4;
  Index condition = 0;  ///< channels of what the core is shown beside the image, at low resolution

  /// Channels of the image at low resolution.
  Index packed() const { return channels * factor * factor; }
};

/// Errors: InputError naming `where`.
inline void require_valid(const PixelShuffleDenoiserOptions& o, const char* where) {
  if (o.channels < 1 || o.factor < 1 || o.filters < 1 || o.kernel < 1 || o.condition < 0)
    throw InputError(sentence(where, ": channels = ", o.channels, ", factor = ", o.factor, ", filters = ", o.filters,
                              ", kernel = ", o.kernel, ", condition = ", o.condition,
                              ", expected positive numbers, and a condition of none or more"));
}

namespace detail {

/// Convolution and batch norm with its activation, named conv and norm inside the stage; β is the bias of both.
template <class T>
auto denoiser_stage(const PixelShuffleDenoiserOptions& o, Index in, Index out) {
  return sequential(named("conv", Conv2d<T>{.in = in, .out = out, .kernel = o.kernel, .bias = false}),
                    named("norm", BatchNorm<T, Relu>{.channels = out}));
}

template <class T>
auto denoiser_encoder(const PixelShuffleDenoiserOptions& o) {
  const Index c = o.filters;
  return sequential(named("0", denoiser_stage<T>(o, o.packed(), 4 * c)), named("1", denoiser_stage<T>(o, 4 * c, 2 * c)),
                    named("2", denoiser_stage<T>(o, 2 * c, c)));
}

template <class T>
auto denoiser_decoder(const PixelShuffleDenoiserOptions& o) {
  const Index c = o.filters;
  return sequential(named("0", denoiser_stage<T>(o, c + o.condition, 2 * c)),
                    named("1", denoiser_stage<T>(o, 2 * c, 4 * c)),
                    named("2", Conv2d<T>{.in = 4 * c, .out = o.packed(), .kernel = o.kernel}));
}

}  // namespace detail

/// Images to denoised ones, computed on a grid that is `factor` times as coarse.
///
/// Math, with C = filters: blocks of factor × factor pixels to channels; encoder.0 to 2: convolutions to 4C, 2C and C
/// channels; decoder.0 to 2: to 2C, 4C and a block's channels, and back to pixels. Each convolution but the last is
/// followed by batch norm and max(0, x).
/// Shapes: (N, T, H, W, channels), kept; frames meet in the statistics of batch norm alone.
/// Errors: InputError for sizes out of range and with a condition, which `pixel_shuffle_denoiser_core` takes;
/// ShapeError for H or W that are no multiples of the factor.
/// Cost: kernel² (20 C²/factor² + 8 C·channels) multiply-adds a pixel.  Source: INF, Table 2; SPEC §4.
template <class T>
auto pixel_shuffle_denoiser(const PixelShuffleDenoiserOptions& o) {
  require_valid(o, "pixel_shuffle_denoiser");
  if (o.condition != 0)
    throw InputError(sentence("pixel_shuffle_denoiser: a condition of ", o.condition,
                              " channels was given, which only pixel_shuffle_denoiser_core takes"));
  using enum PixelShuffleDirection;
  return sequential(named("pack", PixelShuffle<T>{.factor = o.factor, .direction = to_channels}),
                    named("encoder", detail::denoiser_encoder<T>(o)), named("decoder", detail::denoiser_decoder<T>(o)),
                    named("unpack", PixelShuffle<T>{.factor = o.factor, .direction = to_space}));
}

/// The same between the two pixel shuffles, with a condition, such as a measurement of low resolution, beside what the
/// encoder makes; its weights have the same names.
///
/// Math: decoder([encoder(image), condition]) of an input [image, condition].
/// Shapes: (N, T, h, w, packed + condition) to (N, T, h, w, packed), packed = channels·factor².
/// Errors: InputError for sizes out of range and without a condition; ShapeError for other channels.
/// Cost: kernel² (8 C·packed + 20 C² + 2 C·condition) multiply-adds a pixel of low resolution.
/// Source: INF, Table 2 (cPSDAE); SPEC §4.
template <class T>
auto pixel_shuffle_denoiser_core(const PixelShuffleDenoiserOptions& o) {
  require_valid(o, "pixel_shuffle_denoiser_core");
  if (o.condition == 0)
    throw InputError(
        "pixel_shuffle_denoiser_core: a condition of no channels was given, expected one or more; "
        "pixel_shuffle_denoiser has none");
  const ChannelSlice<T> image{.begin = 0, .count = o.packed()};
  const ChannelSlice<T> condition{.begin = o.packed(), .count = o.condition};
  const auto encoder = sequential(named("image", image), named("", detail::denoiser_encoder<T>(o)));
  return sequential(named("", concatenate(named("encoder", encoder), named("condition", condition))),
                    named("decoder", detail::denoiser_decoder<T>(o)));
}

}  // namespace videoonenet
