// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Spatial blur: full two-dimensional convolution of every frame and channel.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/full_blur/full_blur_cpu.hpp"

namespace videoonenet {

/// Convolves every frame and channel with one kernel, zero outside the frame; every product that touches it is kept.
///
/// Math: y[t,i,j,f] = Σ_{r,s} k[r,s] x[t, i−r, j−s, f].  Adjoint: x[t,i,j,f] = Σ_{r,s} k[r,s] y[t, i+r, j+s, f].
/// Shapes: domain 1×T×H×W×F, kernel 1×1×kh×kw×1, range 1×T×(H+kh−1)×(W+kw−1)×F.
/// Errors: ShapeError for another kernel shape, InputError for an entry that is not finite. A kernel of zeros is
/// allowed: the published motion blur may draw one.
/// Cost: 2·(taps that are not zero) flops an entry, one pass.  Source: SPEC §3 `disk_blur`, `motion_blur`.
template <class T>
class FullBlur {
 public:
  using value_type = T;
  using structure_tag = structure::BlockToeplitz;

  FullBlur(const Shape& shape, Tensor<T> kernel)
      : domain_((require_single_video(shape, "FullBlur"), shape)),
        range_(shape),
        kernel_shape_(kernel.shape()),
        kernel_(Buffer<T>(std::as_const(kernel).flat())) {
    require_kernel(kernel_shape_, 1, "FullBlur");
    require_finite(kernel_.span(), "FullBlur", "the kernel");
    range_.h = shape.h + kernel_shape_.h - 1;
    range_.w = shape.w + kernel_shape_.w - 1;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FullBlur::apply");
    full_blur_apply(ex, domain_, kernel_on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FullBlur::apply_adjoint");
    full_blur_adjoint(ex, domain_, kernel_on(ex), y, x);
  }

  /// The kernel k, 1×1×kh×kw×1.
  View<const T> kernel() const { return {kernel_.data(), kernel_shape_}; }

 private:
  template <Executor Ex>
  View<const T> kernel_on(const Ex& ex) const {
    return {kernel_.on(ex).data(), kernel_shape_};
  }

  Shape domain_, range_, kernel_shape_;
  Mirrored<T> kernel_;
};

}  // namespace videoonenet
