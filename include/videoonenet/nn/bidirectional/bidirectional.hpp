// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A recurrent layer in both directions of time.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/streams.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet {

/// One cell that goes forward through the frames and one that goes backward, with weights of their own.
///
/// Math: y = [f(θ_f, x), b(θ_b, x)] along the channels, forward first.
/// Adjoint: each cell's half of grad_y through that cell; both add to grad_x.
/// Shapes: the cells' outputs have the same shape, y twice their channels; θ = θ_f, then θ_b.
/// Errors: ShapeError of the cells, or when they differ.
/// Cost: both cells' and a pass over y. In the forward map two threads take a cell each; a GPU runs both at once, and
/// in the adjoint as well, for the scratch of another x and y / 2.  Source: SPEC §4; VON.
template <class Cell>
struct Bidirectional {
  static_assert(require_layer<Cell>());
  using value_type = typename Cell::value_type;
  using T = value_type;

  Cell forward_cell, backward_cell;

  struct Cache {
    View<T> forward_output{}, backward_output{};
    View<T> gradient{};                              ///< of one of them
    View<T> backward_gradient{}, backward_grad_x{};  ///< of the other one, where both run at the same time
    typename Cell::Cache forward{}, backward{};
  };

  Shape output_shape(const Shape& x) const {
    Shape y = forward_cell.output_shape(x);
    const Shape other = backward_cell.output_shape(x);
    if (!(y == other))
      throw ShapeError(sentence("Bidirectional: the forward cell makes (N,T,H,W,F) = ", y, " of ", x,
                                " and the backward cell ", other, ", expected the same"));
    y.f = 2 * y.f;
    return y;
  }
  Index parameter_count() const { return forward_cell.parameter_count() + backward_cell.parameter_count(); }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    append_parameters(all, "forward", parameters_of(forward_cell));
    append_parameters(all, "backward", parameters_of(backward_cell));
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    output_shape(x);
    const Shape half = forward_cell.output_shape(x);
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const bool training = memory.purpose == Purpose::training;
    Arena<Ex>& outputs = training ? memory.kept : memory.scratch;
    Cache cache;
    cache.forward_output = outputs.template take<T>(half);
    cache.backward_output = outputs.template take<T>(half);
    if (training) cache.gradient = memory.scratch.template take<T>(half);
    if (training && overlaps(memory.executor)) {
      cache.backward_gradient = memory.scratch.template take<T>(half);
      cache.backward_grad_x = memory.scratch.template take<T>(x);
    }
    cache.forward = forward_cell.make_cache(memory, x);
    // The cells run at the same time: the second one's scratch lies behind the first one's.
    auto counted = Memory<Ex>::measuring(memory.executor, memory.purpose, memory.hop);
    static_cast<void>(forward_cell.make_cache(counted, x));
    static_cast<void>(memory.scratch.template take<std::byte>(counted.scratch.peak_bytes()));
    cache.backward = backward_cell.make_cache(memory, x);
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "Bidirectional::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "Bidirectional::forward", "the parameter array");
    const auto split = static_cast<std::size_t>(forward_cell.parameter_count());
    side_by_side(
        ex,
        [&](const Ex& own) {
          forward_cell.forward(own, parameters.first(split), x, cache.forward_output, cache.forward);
        },
        [&](const Ex& own) {
          backward_cell.forward(own, parameters.subspan(split), x, cache.backward_output, cache.backward);
        });
    const Index half = y.shape.f / 2, pixels = y.size() / y.shape.f;
    copy_channels(ex, pixels, cache.forward_output.flat(), half, 0, half, y.flat(), 2 * half, 0);
    copy_channels(ex, pixels, cache.backward_output.flat(), half, 0, half, y.flat(), 2 * half, half);
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const auto split = static_cast<std::size_t>(forward_cell.parameter_count());
    const Index half = cache.gradient.shape.f, pixels = cache.gradient.size() / half;
    require_size(grad_y.size(), 2 * cache.gradient.size(), "Bidirectional::adjoint", "grad_y");
    // Both add to grad_x, and rounding must not depend on who comes first: on the host one after the other, on a device
    // the second one to zeros of its own.
    const bool at_once = overlaps(ex);
    const View<T> backward_gradient = at_once ? cache.backward_gradient : cache.gradient;
    const View<T> backward_grad_x = at_once ? cache.backward_grad_x : grad_x;
    overlap(
        ex,
        [&](const Ex& own) {
          copy_channels(own, pixels, grad_y.flat(), 2 * half, 0, half, cache.gradient.flat(), half, 0);
          forward_cell.adjoint(own, parameters.first(split), cache.forward, cache.gradient, grad_x,
                               grad_parameters.first(split));
        },
        [&](const Ex& own) {
          copy_channels(own, pixels, grad_y.flat(), 2 * half, half, half, backward_gradient.flat(), half, 0);
          if (at_once) fill(own, T(0), backward_grad_x.flat());
          backward_cell.adjoint(own, parameters.subspan(split), cache.backward, backward_gradient, backward_grad_x,
                                grad_parameters.subspan(split));
        });
    if (at_once) axpby(ex, T(1), backward_grad_x.flat(), T(1), grad_x.flat());
  }
};

/// Both directions of a cell that has a `direction`, whichever it was given: `bidirectional(MinimalRnn<float>{...})`.
template <class Cell>
Bidirectional<Cell> bidirectional(Cell cell) {
  Bidirectional<Cell> both{cell, cell};
  both.forward_cell.direction = TimeDirection::forward;
  both.backward_cell.direction = TimeDirection::backward;
  return both;
}

}  // namespace videoonenet
