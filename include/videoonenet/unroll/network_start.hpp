// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Where an unrolled network starts: as its data step says, or from there corrected by a trained network.

#include <optional>

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// The start of the papers: z⁰ and u⁰ as the data step gives them, nothing to train.
template <class T>
struct FixedStart {
  using value_type = T;
  struct Cache {};
  Index parameter_count() const { return 0; }
  std::vector<Parameter> parameters() const { return {}; }
  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <Executor Ex>
  void apply(const Ex&, Input<T>, Input<T> /*aty*/, View<T> /*z*/, Cache&) const {}
  template <Executor Ex>
  void adjoint(const Ex&, Input<T>, const Cache&, View<T> /*grad_z*/, std::span<T> /*grad_aty*/, std::span<T>) const {}
};

/// A trainable initialisation.
///
/// Math: z⁰ ← z⁰ + r(β, [z⁰, Aᵀy]), z⁰ from the data step.
/// Adjoint: grad_z⁰ and grad_Aᵀy gain the two halves of r's input gradient.
/// Shapes: the network maps 2F channels to F.  Source: ODP's trainable initialisation.
template <class Net>
struct NetworkStart {
  using value_type = typename Net::value_type;
  using T = value_type;

  Net net;

  struct Cache {
    View<T> input{}, output{}, grad_input{};
    typename Net::Cache net{};
  };
  Index parameter_count() const { return net.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(net); }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video) const {
    Shape in = video;
    in.f = 2 * video.f;
    require_shape(net.output_shape(in), video, "NetworkStart", "the network's output");
    const bool training = memory.purpose == Purpose::training;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Arena<Ex>& own = training ? memory.kept : memory.scratch;
    Cache cache{.input = own.template take<T>(in), .output = own.template take<T>(video)};
    if (training) cache.grad_input = memory.scratch.template take<T>(in);
    cache.net = net.make_cache(memory, in);
    return cache;
  }
  /// Corrects z, which holds the data step's start.
  template <Executor Ex>
  void apply(const Ex& ex, Input<T> parameters, Input<T> aty, View<T> z, Cache& cache) const {
    const Index f = z.shape.f, pixels = z.size() / f;
    put_channels(ex, pixels, {{z.flat(), 0, f}, {aty, f, f}}, cache.input.flat(), 2 * f);
    net.forward(ex, parameters, cache.input, cache.output, cache.net);
    axpby(ex, T(1), cache.output.flat(), T(1), z.flat());
  }
  /// Turns grad_z from the gradient by the corrected z⁰ into that by the data step's; an empty grad_aty is not wanted.
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<T> grad_z, std::span<T> grad_aty,
               std::span<T> grad_parameters) const {
    const Index f = grad_z.shape.f, pixels = grad_z.size() / f;
    adjoint_of(ex, net, parameters, cache.net, grad_z, cache.grad_input, grad_parameters, Accumulate::overwrite);
    take_channels<T>(ex, pixels, cache.grad_input.flat(), 2 * f, {{grad_z.flat(), 0, f}, {grad_aty, f, f}},
                     Accumulate::add);
  }
};

/// A trainable initialisation, or none: chosen at run time.
/// Math, adjoint, shapes and errors: those of NetworkStart where there is a network, of FixedStart otherwise.
template <class Net>
struct OptionalStart {
  using value_type = typename Net::value_type;
  using T = value_type;

  std::optional<NetworkStart<Net>> start{};

  using Cache = typename NetworkStart<Net>::Cache;
  Index parameter_count() const { return start ? start->parameter_count() : 0; }
  std::vector<Parameter> parameters() const { return start ? start->parameters() : std::vector<Parameter>{}; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video) const {
    return start ? start->make_cache(memory, video) : Cache{};
  }
  template <Executor Ex>
  void apply(const Ex& ex, Input<T> parameters, Input<T> aty, View<T> z, Cache& cache) const {
    if (start) start->apply(ex, parameters, aty, z, cache);
  }
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<T> grad_z, std::span<T> grad_aty,
               std::span<T> grad_parameters) const {
    if (start) start->adjoint(ex, parameters, cache, grad_z, grad_aty, grad_parameters);
  }
};

}  // namespace videoonenet
