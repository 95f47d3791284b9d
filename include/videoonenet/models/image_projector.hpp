// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// OneNet's projection network: an autoencoder that takes any image to a natural one near by.

#include "videoonenet/models/image_autoencoder.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"

namespace videoonenet {

namespace detail {

/// Batch norm and ELU, behind every convolution of the projector.
template <class T>
struct ProjectorNorm {
  auto operator()(Index channels) const { return BatchNorm<T, Elu>{.channels = channels}; }
};

}  // namespace detail

/// E, the projector's first half: images to codes, which a discriminator of their own judges.
/// Shapes, errors, cost: those of `image_encoder`.
template <class T>
auto projector_encoder(const ImageAutoencoderOptions& o) {
  return image_encoder<T>(o, detail::ProjectorNorm<T>{});
}

/// The second half: codes to images.
template <class T>
auto projector_decoder(const ImageAutoencoderOptions& o) {
  return image_decoder<T>(o, detail::ProjectorNorm<T>{});
}

/// P, both halves: the prior of OneNet as it was first proposed, for every linear problem. Its weights are the
/// encoder's and behind them the decoder's. Train them by ProjectionStep on images that `perturb` has changed, and
/// restore by `admm` with LayerPrior.
///
/// Math: `image_encoder` and `image_decoder` with batch norm and ELU.
/// Shapes: (N, T, h, w, in) to (N, T, h, w, out); with running statistics frames do not meet.
/// Errors: those of `image_autoencoder`.  Source: SPEC §4 (ON).
template <class T>
auto image_projector(const ImageAutoencoderOptions& o) {
  return sequential(named("", projector_encoder<T>(o)), named("", projector_decoder<T>(o)));
}

}  // namespace videoonenet
