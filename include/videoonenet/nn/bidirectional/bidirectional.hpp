// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A recurrent layer in both directions of time.

#include "videoonenet/autodiff/adjoint.hpp"
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
/// Cost: both cells' and a pass over y, which cells with `forward_joint` and `adjoint_joint` spare a GPU. In the
/// forward map two threads take a cell each; a GPU runs both at once, and in the adjoint as well, for the scratch of
/// another x and, without those, y / 2.  Source: SPEC §4; VON.
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
    const bool training = memory.purpose == Purpose::training, at_once = overlaps(memory.executor);
    Arena<Ex>& outputs = training ? memory.kept : memory.scratch;
    Cache cache;
    cache.forward_output = outputs.template take<T>(half);
    cache.backward_output = outputs.template take<T>(half);
    if (training && !joins<Ex>) {
      cache.gradient = memory.scratch.template take<T>(half);
      if (at_once) cache.backward_gradient = memory.scratch.template take<T>(half);
    }
    if (training && at_once) cache.backward_grad_x = memory.scratch.template take<T>(x);
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
    const Index half = y.shape.f / 2;
    const auto run = [&](const Cell& cell, Input<T> own_parameters, View<T> output, Index first,
                         typename Cell::Cache& own_cache) {
      return [=, &cell, &own_cache](const Ex& own) {
        if constexpr (joins<Ex>)
          cell.forward_joint(own, own_parameters, x, output, y, first, own_cache);
        else
          cell.forward(own, own_parameters, x, output, own_cache);
      };
    };
    side_by_side(ex, run(forward_cell, parameters.first(split), cache.forward_output, 0, cache.forward),
                 run(backward_cell, parameters.subspan(split), cache.backward_output, half, cache.backward));
    if constexpr (!joins<Ex>) {
      const Index pixels = y.size() / y.shape.f;
      copy_channels(ex, pixels, cache.forward_output.flat(), half, 0, half, y.flat(), 2 * half, 0);
      copy_channels(ex, pixels, cache.backward_output.flat(), half, 0, half, y.flat(), 2 * half, half);
    }
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    const auto split = static_cast<std::size_t>(forward_cell.parameter_count());
    require_size(grad_y.size(), 2 * cache.forward_output.size(), "Bidirectional::adjoint", "grad_y");
    // Both add to grad_x, and rounding must not depend on who comes first: on the host one after the other, on a device
    // the second one has an array of its own.
    const bool at_once = overlaps(ex);
    const auto run = [&](const Cell& cell, Input<T> own_parameters, const typename Cell::Cache& own_cache, Index first,
                         View<T> gradient, View<T> to, std::span<T> grad_own, Accumulate how) {
      return [=, &cell, &own_cache, this](const Ex& own) {
        if constexpr (joins<Ex>) {
          cell.adjoint_joint(own, own_parameters, own_cache, grad_y, first, to, grad_own, how);
        } else {
          const Index half = gradient.shape.f;
          copy_channels(own, gradient.size() / half, grad_y.flat(), 2 * half, first, half, gradient.flat(), half, 0);
          adjoint_of(own, cell, own_parameters, own_cache, gradient, to, grad_own, how);
        }
      };
    };
    overlap(ex,
            run(forward_cell, parameters.first(split), cache.forward, 0, cache.gradient, grad_x,
                grad_parameters.first(split), accumulate),
            run(backward_cell, parameters.subspan(split), cache.backward, cache.forward_output.shape.f,
                at_once ? cache.backward_gradient : cache.gradient, at_once ? cache.backward_grad_x : grad_x,
                grad_parameters.subspan(split), at_once ? Accumulate::overwrite : Accumulate::add));
    if (at_once) axpby(ex, T(1), cache.backward_grad_x.flat(), T(1), grad_x.flat());
  }

 private:
  /// Whether cells write and read their channels of y among the other one's: otherwise they are copied.
  template <class Ex>
  static constexpr bool joins =
      requires(const Ex& ex, const Cell& cell, Input<T> parameters, View<T> y, typename Cell::Cache& cache) {
        cell.forward_joint(ex, parameters, y, y, y, Index(0), cache);
        cell.adjoint_joint(ex, parameters, cache, y, Index(0), y, std::span<T>(), Accumulate::add);
      };
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
