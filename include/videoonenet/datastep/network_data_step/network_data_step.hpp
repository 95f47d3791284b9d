// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// VideoOneNet's trainable data step: least squares and dual ascent, then a network that sees all of it.

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"

namespace videoonenet {

/// LeastSquares prepared for one operator and its measurement, with the z⁰ it starts from.
template <class A, Executor Ex>
struct BoundNetworkDataStep {
  using T = typename A::value_type;

  BoundLeastSquares<A, Ex> least_squares;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) z0;

  void start(const Ex& ex, View<T> z, View<T> u) {
    require_shape(z.shape, least_squares.shape(), "NetworkDataStep::start", "z");
    require_shape(u.shape, least_squares.shape(), "NetworkDataStep::start", "u");
    copy(ex, z0.span(), z.flat());
    fill(ex, T(0), u.flat());
  }
  /// Takes another measurement, or another problem; see BoundLeastSquares.
  void rebind(const Ex& ex, std::span<const T> y) {
    least_squares.rebind(ex, y);
    least_squares.start(ex, view(z0.span(), shape()));
  }
  void rebind(const Ex& ex, const A& a, std::span<const T> y) {
    least_squares.rebind(ex, a, y);
    least_squares.start(ex, view(z0.span(), shape()));
  }
  Shape shape() const { return least_squares.shape(); }
  std::span<const T> adjoint_measurement() const { return least_squares.adjoint_measurement(); }
  void measurement_adjoint(const Ex& ex, const MeasurementGradient<T>& gradient, std::span<T> grad_y) {
    least_squares.measurement_adjoint(ex, gradient, grad_y);
  }
};

/// Math: (z', u') by LeastSquares from x, z, u; C = [x, z⁰, Aᵀy, z, z', u, u']; [z, u] = q(ω, C); the residual variant
/// is [z, u] = [z', u'] + q(ω, C).
/// Adjoint: q's, split over the seven parts, then that of LeastSquares.
/// Shapes: videos N×T×H×W×F; the network maps 7F channels to 2F and keeps T, H and W.
/// Errors: ShapeError when the network does not.  Cost: LeastSquares', the network's and three passes.
/// Source: VON Alg. 3; VON names the residual variant as future work.
template <class Net>
struct NetworkDataStep {
  using value_type = typename Net::value_type;

  Net net;
  LeastSquares least_squares{};
  bool residual = false;

  template <class T>
  struct Cache {
    LeastSquares::Cache<T> least_squares{};
    View<T> input{}, output{}, grad_input{}, grad_output{};
    typename Net::Cache net{};
  };

  Index parameter_count() const { return net.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(net); }

  /// Factors the operator, computes Aᵀy and z⁰. `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  BoundNetworkDataStep<A, Ex> bind(const Ex& ex, const A& a, std::span<const typename A::value_type> y) const {
    using T = typename A::value_type;
    const Shape shape = a.domain();
    BoundNetworkDataStep<A, Ex> bound{{ex, least_squares, a, y}, ex.template allocate<T>(shape.size())};
    bound.least_squares.start(ex, view(bound.z0.span(), shape));
    return bound;
  }

  template <class T, Executor Ex>
  Cache<T> make_cache(Memory<Ex>& memory, const Shape& video, bool learns_rho) const {
    Shape in = video, out = video;
    in.f = parts * video.f;
    out.f = 2 * video.f;
    require_shape(net.output_shape(in), out, "NetworkDataStep", "the network's output");
    const bool training = memory.purpose == Purpose::training;
    Cache<T> cache{.least_squares = least_squares.template make_cache<T>(memory, video, learns_rho)};
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Arena<Ex>& own = training ? memory.kept : memory.scratch;
    cache.input = own.template take<T>(in);
    cache.output = own.template take<T>(out);
    if (training) {
      cache.grad_input = memory.scratch.template take<T>(in);
      cache.grad_output = memory.scratch.template take<T>(out);
    }
    cache.net = net.make_cache(memory, in);
    return cache;
  }

  template <Executor Ex, class Bound, class T>
  void step(const Ex& ex, Input<T> parameters, Bound& bound, std::type_identity_t<T> rho,
            View<const std::type_identity_t<T>> x, View<T> z, View<T> u, Cache<T>& cache) const {
    const Index f = x.shape.f, pixels = x.size() / f;
    const auto part = [f](std::span<const T> values, Index position) {
      return ChannelPart<const T>{values, position * f, f};
    };
    put_channels(ex, pixels,
                 {part(x.flat(), part_x), part(bound.z0.span(), part_z0), part(bound.adjoint_measurement(), part_aty),
                  part(z.flat(), part_z), part(u.flat(), part_u)},
                 cache.input.flat(), parts * f);
    least_squares.step(ex, Input<T>{}, bound.least_squares, rho, x, z, u, cache.least_squares);
    put_channels(ex, pixels, {part(z.flat(), part_next_z), part(u.flat(), part_next_u)}, cache.input.flat(), parts * f);
    net.forward(ex, parameters, cache.input, cache.output, cache.net);
    take_channels<T>(ex, pixels, cache.output.flat(), 2 * f, {{z.flat(), 0, f}, {u.flat(), f, f}},
                     residual ? Accumulate::add : Accumulate::overwrite);
  }

  /// See LeastSquares::step_adjoint.
  template <Executor Ex, class Bound, class T>
  double step_adjoint(const Ex& ex, Input<T> parameters, Bound& bound, std::type_identity_t<T> rho,
                      const Cache<T>& cache, View<T> grad_x, View<T> grad_z, View<T> grad_u,
                      std::span<T> grad_parameters, const MeasurementGradient<T>& grad_measurement) const {
    const Index f = grad_x.shape.f, pixels = grad_x.size() / f;
    put_channels(ex, pixels, {{grad_z.flat(), 0, f}, {grad_u.flat(), f, f}}, cache.grad_output.flat(), 2 * f);
    adjoint_of(ex, net, parameters, cache.net, cache.grad_output, cache.grad_input, grad_parameters,
               Accumulate::overwrite);

    const auto part = [f](std::span<T> gradient, Index position) { return ChannelPart<T>{gradient, position * f, f}; };
    const auto take = [&](std::initializer_list<ChannelPart<T>> gradients, Accumulate accumulate) {
      take_channels<T>(ex, pixels, cache.grad_input.flat(), parts * f, gradients, accumulate);
    };
    // With a residual net z' and u' also reach the result directly.
    take({part(grad_z.flat(), part_next_z), part(grad_u.flat(), part_next_u)},
         residual ? Accumulate::add : Accumulate::overwrite);
    const double grad_rho = least_squares.step_adjoint(ex, Input<T>{}, bound.least_squares, rho, cache.least_squares,
                                                       grad_x, grad_z, grad_u, std::span<T>{}, grad_measurement);
    take({part(grad_x.flat(), part_x), part(grad_measurement.start, part_z0), part(grad_measurement.aty, part_aty),
          part(grad_z.flat(), part_z), part(grad_u.flat(), part_u)},
         Accumulate::add);
    return grad_rho;
  }

 private:
  /// Order of the parts of C.
  enum : Index { part_x, part_z0, part_aty, part_z, part_next_z, part_u, part_next_u, parts };
};

}  // namespace videoonenet
