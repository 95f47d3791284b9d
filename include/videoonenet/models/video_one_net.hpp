// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// VideoOneNet: a OneNet with a second network behind the data step.

#include "videoonenet/datastep/network_data_step/network_data_step.hpp"
#include "videoonenet/models/one_net.hpp"

namespace videoonenet {

/// `video_one_net<float>(options)`, or `video_one_net<float, 13>(options)` with the number of iterations known at
/// compile time.
///
/// Math: x = p(θ, [z, u]); z' and u' by least squares and dual ascent; [z, u] = q(ω, [x, z⁰, Aᵀy, z, z', u, u']),
/// `iterations` times.
/// `make_net(VideoNetOptions, recurrent)` returns the layers p and q; yours, if you have better ones.
/// Errors: InputError for options out of range or without a data net.
/// Source: VON Alg. 3.
template <class T, int K = dynamic, class MakeNet = MakeVideoNet<T>>
auto video_one_net(const ModelOptions& o, const MakeNet& make_net = {}, const LeastSquares& least_squares = {}) {
  require_valid(o, "video_one_net");
  if (o.data_net == DataNet::none)
    throw InputError("video_one_net: a VideoOneNet has a data net, cnn or bcrnn; without one it is a one_net");
  const bool residual = o.residual == ResidualNets::data || o.residual == ResidualNets::both;
  const VideoNetOptions sizes = detail::net_sizes(o, 7 * o.channels, 2 * o.channels, residual);
  using Net = decltype(make_net(sizes, true));
  const NetworkDataStep<Net> data_step{
      .net = make_net(sizes, o.data_net == DataNet::bcrnn), .least_squares = least_squares, .residual = residual};
  return unroll<K>(detail::network_prior<T>(o, make_net), data_step, detail::unrolled_options<T>(o),
                   detail::network_start<T>(o, make_net));
}

/// The network that `video_one_net<T, K>` makes.
template <class T, int K = dynamic>
using VideoOneNet =
    UnrolledNetwork<K, NetworkPrior<VideoNet<T>>, NetworkDataStep<VideoNet<T>>, OptionalStart<VideoNet<T>>>;

}  // namespace videoonenet
