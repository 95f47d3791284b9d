// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the strided circular blur. Every entry gathers; positions wrap around without a division a tap.

#include "videoonenet/operators/loops_cuda.cuh"

namespace videoonenet::cuda {

namespace detail {

/// Rows or columns of a strided circular blur: output i reads entry (i·stride + ⌊taps/2⌋ − r) mod extent by tap r.
class StridedAxis {
 public:
  int taps, stride;

  StridedAxis(Index extent, Index step, Index tap_count, const char* where)
      : taps(as_int(tap_count, where)),
        stride(as_int(step, where)),
        extent_(as_int(extent, where)),
        outputs_(extent_ / stride),
        center_(taps / 2 % extent_),
        divisor_(stride) {}

  /// The entry that output i reads by tap 0.
  VIDEOONENET_DEVICE int input(int i) const {
    const int at = i * stride - (extent_ - center_);
    return at < 0 ? at + extent_ : at;
  }
  /// The entry that the same output reads by the tap after.
  VIDEOONENET_DEVICE int input_before(int at) const { return at > 0 ? at - 1 : extent_ - 1; }

  /// The first tap by which an output reads entry `at`, and that output; every `stride` taps later reads the output
  /// after it.
  struct Reader {
    int tap, output;
  };
  VIDEOONENET_DEVICE Reader reader(int at) const {
    const int from = at < center_ ? at - center_ + extent_ : at - center_;
    const int output = divisor_.divide(from), rest = from - output * stride;
    return rest == 0 ? Reader{0, output} : Reader{stride - rest, output_after(output)};
  }
  VIDEOONENET_DEVICE int output_after(int output) const { return output + 1 < outputs_ ? output + 1 : 0; }

 private:
  int extent_, outputs_, center_;
  Divisor divisor_;
};

}  // namespace detail

/// y[t, i, j, f] = Σ_{r,s} k[r, s] x[t, i·stride + ⌊kh/2⌋ − r, j·stride + ⌊kw/2⌋ − s, f], indices mod H and W.
template <Gpu Ex, class T>
void strided_blur_apply(const Ex& ex, const Shape& domain, const Shape& range, Index stride,
                        View<const std::type_identity_t<T>> kernel, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = kernel.data;
  T* py = y.data();
  const Index height = domain.h, width = domain.w, channels = domain.f;
  const detail::StridedAxis rows(height, stride, kernel.shape.h, "StridedBlur");
  const detail::StridedAxis columns(width, stride, kernel.shape.w, "StridedBlur");
  for_entries(ex, range, "StridedBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* frame = px + at.frame * height * width * channels + at.f;
    T sum = 0;
    int h = rows.input(at.h);
    for (int r = 0; r < rows.taps; ++r) {
      int w = columns.input(at.w);
      for (int s = 0; s < columns.taps; ++s) {
        sum += pk[r * columns.taps + s] * frame[(h * width + w) * channels];
        w = columns.input_before(w);
      }
      h = rows.input_before(h);
    }
    py[i] = sum;
  });
}

/// The adjoint: every entry gathers the outputs that read it.
template <Gpu Ex, class T>
void strided_blur_adjoint(const Ex& ex, const Shape& domain, const Shape& range, Index stride,
                          View<const std::type_identity_t<T>> kernel, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = kernel.data;
  T* px = x.data();
  const Index height = range.h, width = range.w, channels = range.f;
  const detail::StridedAxis rows(domain.h, stride, kernel.shape.h, "StridedBlur");
  const detail::StridedAxis columns(domain.w, stride, kernel.shape.w, "StridedBlur");
  for_entries(ex, domain, "StridedBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* frame = py + at.frame * height * width * channels + at.f;
    T sum = 0;
    const auto row = rows.reader(at.h), column = columns.reader(at.w);
    int h = row.output;
    for (int r = row.tap; r < rows.taps; r += rows.stride) {
      int w = column.output;
      for (int s = column.tap; s < columns.taps; s += columns.stride) {
        sum += pk[r * columns.taps + s] * frame[(h * width + w) * channels];
        w = columns.output_after(w);
      }
      h = rows.output_after(h);
    }
    px[i] = sum;
  });
}

}  // namespace videoonenet::cuda
