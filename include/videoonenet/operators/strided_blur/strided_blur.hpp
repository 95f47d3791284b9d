// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Super resolution by blur and subsampling: circular convolution, then every s-th pixel.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/strided_blur/strided_blur_cpu.hpp"

namespace videoonenet {

/// Convolves every frame and channel circularly with one kernel and keeps every s-th row and column, from the first.
///
/// Math: y[t,i,j,f] = Σ_{r,s'} k[r,s'] x[t, (i·s + ⌊kh/2⌋ − r) mod H, (j·s + ⌊kw/2⌋ − s') mod W, f].
/// Adjoint: x[t,h,w,f] = the sum of k[r,s'] y[t,i,j,f] over all terms above that read x[t,h,w,f].
/// Shapes: domain 1×T×H×W×F, kernel 1×1×kh×kw×1, range 1×T×(H/s)×(W/s)×F.
/// Errors: ShapeError when s does not divide H and W or the kernel has another shape, InputError for s < 1 or an entry
/// that is not finite.
/// Cost: 2·kh·kw flops an output entry.  Source: SPEC §3 `strided_blur`; INF, INV.
template <class T>
class StridedBlur {
 public:
  using value_type = T;
  using structure_tag = structure::CirculantGram;

  StridedBlur(const Shape& shape, Tensor<T> kernel, Index stride)
      : domain_((require_single_video(shape, "StridedBlur"), shape)),
        range_((require_stride(shape, stride, "StridedBlur"), shape)),
        kernel_shape_(kernel.shape()),
        stride_(stride),
        kernel_(Buffer<T>(std::as_const(kernel).flat())) {
    require_kernel(kernel_shape_, 1, "StridedBlur");
    require_finite(kernel_.span(), "StridedBlur", "the kernel");
    range_.h = shape.h / stride;
    range_.w = shape.w / stride;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "StridedBlur::apply");
    strided_blur_apply(ex, domain_, range_, stride_, kernel_on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "StridedBlur::apply_adjoint");
    strided_blur_adjoint(ex, domain_, range_, stride_, kernel_on(ex), y, x);
  }

  /// The kernel k, 1×1×kh×kw×1.
  View<const T> kernel() const { return {kernel_.data(), kernel_shape_}; }
  /// The stride s.
  Index stride() const { return stride_; }

 private:
  template <Executor Ex>
  View<const T> kernel_on(const Ex& ex) const {
    return {kernel_.on(ex).data(), kernel_shape_};
  }

  Shape domain_, range_, kernel_shape_;
  Index stride_;
  Mirrored<T> kernel_;
};

}  // namespace videoonenet
