// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// InverseNet: a U-Net that inverts the measurement, and a denoiser that removes what it left.

#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/models/pixel_shuffle_denoiser.hpp"
#include "videoonenet/models/u_net.hpp"

namespace videoonenet {

/// Sizes of both nets; the defaults are the paper's.
struct InverseNetOptions {
  UNetOptions inversion{};
  PixelShuffleDenoiserOptions denoiser{};
};

/// Errors: InputError naming `where` when the denoiser does not take what the U-Net makes.
inline void require_valid(const InverseNetOptions& o, const char* where) {
  if (o.inversion.out != o.denoiser.channels)
    throw InputError(sentence(where, ": the inversion makes ", o.inversion.out,
                              " channels, expected those of the denoiser, ", o.denoiser.channels));
}

/// A measured image, at the size of the true one, to the restored image.
///
/// Math: z = inversion(y), x = denoiser(z).
/// Shapes: (N, T, H, W, inversion.in) to (N, T, H, W, denoiser.channels).
/// Errors: InputError for sizes out of range; ShapeError for other channels, and for H or W that are no multiples of
/// 2^levels and of the denoiser's factor.
/// Cost: both nets'.  Source: INV, Table 3; SPEC §4.
template <class T>
auto inverse_net(const InverseNetOptions& o) {
  require_valid(o, "inverse_net");
  return sequential(named("inversion", u_net<T>(o.inversion)),
                    named("denoiser", pixel_shuffle_denoiser<T>(o.denoiser)));
}

/// The same with both images as output, for a training that judges both: the weights are those of `inverse_net`, in the
/// same order and under the same names.
///
/// Math: [x, z] along the channels.  Adjoint: z gets its own gradient and that through the denoiser.
/// Shapes: (N, T, H, W, inversion.in) to (N, T, H, W, 2·denoiser.channels).  Errors: those of `inverse_net`.
template <class T>
auto inverse_net_outputs(const InverseNetOptions& o) {
  require_valid(o, "inverse_net_outputs");
  const auto outputs =
      concatenate(named("denoiser", pixel_shuffle_denoiser<T>(o.denoiser)), named("inversion", PassThrough<T>{}));
  return sequential(named("inversion", u_net<T>(o.inversion)), named("", outputs));
}

}  // namespace videoonenet
