// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Joint super resolution and colorization: a blur per channel, the channel mean, then every s-th pixel.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur_cpu.hpp"

namespace videoonenet {

/// Convolves every channel circularly with its own kernel, averages the channels and keeps every s-th row and column.
///
/// Math: y[t,i,j] = F⁻¹ Σ_{f,r,s'} k[r,s',f] x[t, (i·s + ⌊kh/2⌋ − r) mod H, (j·s + ⌊kw/2⌋ − s') mod W, f].
/// Adjoint: x[t,h,w,f] = the sum of F⁻¹ k[r,s',f] y[t,i,j] over all terms above that read x[t,h,w,f].
/// Shapes: domain 1×T×H×W×F, kernels 1×1×kh×kw×F, range 1×T×(H/s)×(W/s)×1.
/// Errors: ShapeError when s does not divide H and W or the kernels have another shape, InputError for s < 1 or an
/// entry that is not finite.
/// Cost: 2·kh·kw·F flops an output entry.  Source: SPEC §3 `gray_strided_blur`; INF, INV.
template <class T>
class GrayStridedBlur {
 public:
  using value_type = T;
  using structure_tag = structure::CirculantGram;

  GrayStridedBlur(const Shape& shape, Tensor<T> kernels, Index stride)
      : domain_((require_single_video(shape, "GrayStridedBlur"), shape)),
        range_((require_stride(shape, stride, "GrayStridedBlur"), shape)),
        kernels_shape_(kernels.shape()),
        stride_(stride),
        kernels_(Buffer<T>(std::as_const(kernels).flat())) {
    require_kernel(kernels_shape_, shape.f, "GrayStridedBlur");
    require_finite(kernels_.span(), "GrayStridedBlur", "the kernels");
    range_.h = shape.h / stride;
    range_.w = shape.w / stride;
    range_.f = 1;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "GrayStridedBlur::apply");
    gray_strided_blur_apply(ex, domain_, range_, stride_, kernels_on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "GrayStridedBlur::apply_adjoint");
    gray_strided_blur_adjoint(ex, domain_, range_, stride_, kernels_on(ex), y, x);
  }

  /// The kernels k, 1×1×kh×kw×F.
  View<const T> kernels() const { return {kernels_.data(), kernels_shape_}; }
  /// The stride s.
  Index stride() const { return stride_; }

 private:
  template <Executor Ex>
  View<const T> kernels_on(const Ex& ex) const {
    return {kernels_.on(ex).data(), kernels_shape_};
  }

  Shape domain_, range_, kernels_shape_;
  Index stride_;
  Mirrored<T> kernels_;
};

}  // namespace videoonenet
