// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Any linear measurement as an explicit matrix; compressive sensing is one.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/dense/dense_cpu.hpp"

namespace videoonenet {

/// Multiplies the flattened video by a matrix the user gives.
///
/// Math: y = M vec(x).  Adjoint: vec(x) = Mᵀ y.
/// Shapes: domain 1×T×H×W×F, range flat_shape(rows); M is rows × THWF, row-major.
/// Errors: ShapeError when M has another size, InputError when an entry is not finite.
/// Cost: one pass over M.  Source: SPEC §3 `dense`, `compressive_sensing`.
template <class T>
class Dense {
 public:
  using value_type = T;
  using structure_tag = structure::Dense;

  Dense(const Shape& shape, Index rows, Buffer<T> matrix)
      : shape_((require_single_video(shape, "Dense"), shape)), rows_(rows), matrix_(std::move(matrix)) {
    require_valid(flat_shape(rows), "Dense (rows of the matrix)");
    require_size(matrix_.size(), rows * shape.size(), "Dense", "the matrix (rows x THWF)");
    require_finite(matrix_.span(), "Dense", "the matrix");
  }

  Shape domain() const { return shape_; }
  Shape range() const { return flat_shape(rows_); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Dense::apply");
    dense_apply(ex, matrix_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Dense::apply_adjoint");
    dense_adjoint(ex, matrix_.on(ex), y, x);
  }

  /// M, row-major.
  std::span<const T> matrix() const { return matrix_.span(); }
  /// The same in memory of the executor.
  template <Executor Ex>
  std::span<const T> matrix_on(const Ex& ex) const {
    return matrix_.on(ex);
  }

 private:
  Shape shape_;
  Index rows_;
  Mirrored<T> matrix_;
};

}  // namespace videoonenet
