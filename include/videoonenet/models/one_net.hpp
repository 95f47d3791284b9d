// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// OneNet: ADMM with a trained network in place of the proximal operator.

#include "videoonenet/models/model_options.hpp"
#include "videoonenet/models/video_net.hpp"
#include "videoonenet/unroll/unrolled_network.hpp"

namespace videoonenet {

/// Makes the nets of a model: VON's, unless a model is given another maker.
template <class T>
struct MakeVideoNet {
  VideoNet<T> operator()(const VideoNetOptions& o, bool recurrent) const { return video_net<T>(o, recurrent); }
};

namespace detail {

/// A net that is added to the classical step starts from zero, and so the model from classical ADMM.
inline Initial decoder_initial(bool residual) { return residual ? Initial::zeros : Initial::glorot_uniform; }

/// The sizes of a model's net from `in` to `out` channels.
inline VideoNetOptions net_sizes(const ModelOptions& o, Index in, Index out, bool residual) {
  const bool autoencoder = o.net == NetKind::autoencoder;
  return {.in = in,
          .out = out,
          .filters = o.filters,
          .kernel_encoder = o.kernel_encoder,
          .kernel_decoder = o.kernel_decoder,
          .norm = o.norm,
          .decoder = decoder_initial(residual),
          .h = autoencoder ? o.height : 0,
          .w = autoencoder ? o.width : 0};
}

template <class T, class MakeNet>
auto network_prior(const ModelOptions& o, const MakeNet& make_net) {
  const bool pair = o.prior_input == PriorInput::concatenation;
  const bool residual = o.residual == ResidualNets::prior || o.residual == ResidualNets::both;
  const VideoNetOptions sizes = net_sizes(o, pair ? 2 * o.channels : o.channels, o.channels, residual);
  using Net = decltype(make_net(sizes, true));
  return NetworkPrior<Net>{.net = make_net(sizes, o.prior_recurrent), .input = o.prior_input, .residual = residual};
}

/// The correction of the start, of the prior's kind and zero in the beginning.
template <class T, class MakeNet>
auto network_start(const ModelOptions& o, const MakeNet& make_net) {
  const VideoNetOptions sizes = net_sizes(o, 2 * o.channels, o.channels, true);
  OptionalStart<decltype(make_net(sizes, true))> start;
  if (o.learn_start) start.start = {make_net(sizes, o.prior_recurrent)};
  return start;
}

template <class T>
UnrolledOptions<T> unrolled_options(const ModelOptions& o) {
  return {.rho = static_cast<T>(o.rho), .tied = o.tied, .learn_rho = o.learn_rho, .iterations = o.iterations};
}

}  // namespace detail

/// `one_net<float>(options)`, or `one_net<float, 13>(options)` with the number of iterations known at compile time.
///
/// Math: x = p(θ, z − u), then z and u by least squares and dual ascent, `iterations` times. With options.net an
/// autoencoder it is DUA's; untied, with a learned start and learned penalties, ODP's.
/// `make_net(VideoNetOptions, recurrent)` returns the layer p; yours, if you have a better one.
/// Errors: InputError for options out of range or with a data net.
/// Source: VON Alg. 2; trained end to end by DUA; ODP.
template <class T, int K = dynamic, class MakeNet = MakeVideoNet<T>>
auto one_net(const ModelOptions& o, const MakeNet& make_net = {}, const LeastSquares& least_squares = {}) {
  require_valid(o, "one_net");
  if (o.data_net != DataNet::none) throw InputError("one_net: a OneNet has no data net, make it a video_one_net");
  return unroll<K>(detail::network_prior<T>(o, make_net), least_squares, detail::unrolled_options<T>(o),
                   detail::network_start<T>(o, make_net));
}

/// The network that `one_net<T, K>` makes.
template <class T, int K = dynamic>
using OneNet = UnrolledNetwork<K, NetworkPrior<VideoNet<T>>, LeastSquares, OptionalStart<VideoNet<T>>>;

}  // namespace videoonenet
