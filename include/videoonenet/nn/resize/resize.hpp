// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Nearest-neighbour resizing of frames by a whole factor.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/nn/resize/resize_cpu.hpp"

namespace videoonenet {

/// Whether NearestResize enlarges or reduces.
enum class ResizeDirection { up, down };

/// Repeats every pixel factor × factor times, or keeps every factor-th pixel of every factor-th row.
///
/// Math: up: y[i, j] = x[⌊i/factor⌋, ⌊j/factor⌋]; down: y[i, j] = x[i·factor, j·factor].
/// Adjoint: up: grad_x[i, j] += Σ grad_y over the factor × factor pixels repeated; down:
/// grad_x[i·factor, j·factor] += grad_y[i, j].
/// Shapes: H and W become H·factor and W·factor, or ⌊H/factor⌋ and ⌊W/factor⌋.
/// Errors: ShapeError for a frame smaller than the factor, and for a factor that is not positive.
/// Cost: one pass.  Source: SPEC §4 (DUA).
template <class T>
struct NearestResize {
  using value_type = T;
  struct Cache {
    Shape x{};
  };

  Index factor = 2;
  ResizeDirection direction = ResizeDirection::up;

  Shape output_shape(const Shape& x) const {
    require_valid(x, "NearestResize");
    if (factor < 1) throw ShapeError(sentence("NearestResize: a factor of ", factor, " is not positive"));
    if (direction == ResizeDirection::up) return {.n = x.n, .t = x.t, .h = x.h * factor, .w = x.w * factor, .f = x.f};
    if (x.h < factor || x.w < factor)
      throw ShapeError(
          sentence("NearestResize: the input (N,T,H,W,F) = ", x, " has frames too small to be reduced by ", factor));
    return {.n = x.n, .t = x.t, .h = x.h / factor, .w = x.w / factor, .f = x.f};
  }
  Index parameter_count() const { return 0; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape& x) const {
    output_shape(x);
    return {x};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T>, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "NearestResize::forward", "y");
    cache.x = x.shape;
    if (direction == ResizeDirection::up)
      resize_up(ex, geometry(x.shape), x.flat(), y.flat());
    else
      resize_down(ex, geometry(x.shape), x.flat(), y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T>, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    require_shape(grad_y.shape, output_shape(cache.x), "NearestResize::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x, "NearestResize::adjoint", "grad_x");
    if (direction == ResizeDirection::up)
      resize_up_adjoint(ex, geometry(cache.x), grad_y.flat(), grad_x.flat());
    else
      resize_down_adjoint(ex, geometry(cache.x), grad_y.flat(), grad_x.flat());
  }

 private:
  ResizeGeometry geometry(const Shape& x) const {
    const Shape y = output_shape(x);
    const bool up = direction == ResizeDirection::up;
    const Shape &coarse = up ? x : y, &fine = up ? y : x;
    return {.frames = x.n * x.t,
            .coarse_h = coarse.h,
            .coarse_w = coarse.w,
            .fine_h = fine.h,
            .fine_w = fine.w,
            .channels = x.f,
            .factor = factor};
  }
};

}  // namespace videoonenet
