// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// InverseNet: a U-Net that inverts the measurement, and a denoiser that removes what it left.

#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
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

/// Restores a video by a network such as `inverse_net`, in one pass.
///
/// Math: x = net(pinv(A) y).
/// Shapes: y has A's range, x its domain; weights, y and x lie in memory of the executor.
/// Errors: ShapeError where net, weights, operator and measurement do not fit.
/// Cost: a factorisation and the net's. Memory is taken anew for every call.  Source: SPEC §4 (INV).
template <Executor Ex, class Net, class A, class T = typename Net::value_type>
void restore_in_one_pass(const Ex& ex, const Net& net, std::span<const T> weights, const A& a, std::span<const T> y,
                         View<T> x, const SolverOptions& solver = {}) {
  require_size(std::ssize(weights), net.parameter_count(), "restore_in_one_pass", "the list of weights");
  require_shape(x.shape, a.domain(), "restore_in_one_pass", "x");
  require_shape(net.output_shape(x.shape), x.shape, "restore_in_one_pass", "the network's output");
  auto start = ex.template allocate<T>(x.size());
  NormalSolver<A, structure_of<A>, Ex>(ex, a, solver).pseudo_inverse(ex, y, start.span());
  auto planned = plan(ex, [&](auto& memory) { return net.make_cache(memory, x.shape); }, Purpose::inference);
  net.forward(ex, weights, View<const T>{start.span().data(), x.shape}, x, planned.cache);
}

}  // namespace videoonenet
