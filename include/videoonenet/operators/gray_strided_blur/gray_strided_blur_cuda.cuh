// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the strided circular blur with a channel mean.

#include "videoonenet/operators/strided_blur/strided_blur_cuda.cuh"

namespace videoonenet::cuda {

/// y[t, i, j] = 1/F Σ_f Σ_{r,s} k[r, s, f] x[t, i·stride + ⌊kh/2⌋ − r, j·stride + ⌊kw/2⌋ − s, f], indices mod H and W.
template <Gpu Ex, class T>
void gray_strided_blur_apply(const Ex& ex, const Shape& domain, const Shape& range, Index stride,
                             View<const std::type_identity_t<T>> kernels, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = kernels.data;
  T* py = y.data();
  const Index height = domain.h, width = domain.w, channels = domain.f;
  const detail::StridedAxis rows(height, stride, kernels.shape.h, "GrayStridedBlur");
  const detail::StridedAxis columns(width, stride, kernels.shape.w, "GrayStridedBlur");
  const T scale = T(1) / static_cast<T>(channels);
  for_entries(ex, range, "GrayStridedBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* frame = px + at.frame * height * width * channels;
    T sum = 0;
    int h = rows.input(at.h);
    for (int r = 0; r < rows.taps; ++r) {
      int w = columns.input(at.w);
      for (int s = 0; s < columns.taps; ++s) {
        const T *taps = pk + (r * columns.taps + s) * channels, *pixel = frame + (h * width + w) * channels;
        for (Index f = 0; f < channels; ++f) sum += taps[f] * pixel[f];
        w = columns.input_before(w);
      }
      h = rows.input_before(h);
    }
    py[i] = sum * scale;
  });
}

/// The adjoint: every entry gathers the outputs that read it.
template <Gpu Ex, class T>
void gray_strided_blur_adjoint(const Ex& ex, const Shape& domain, const Shape& range, Index stride,
                               View<const std::type_identity_t<T>> kernels, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = kernels.data;
  T* px = x.data();
  const Index height = range.h, width = range.w, channels = domain.f;
  const detail::StridedAxis rows(domain.h, stride, kernels.shape.h, "GrayStridedBlur");
  const detail::StridedAxis columns(domain.w, stride, kernels.shape.w, "GrayStridedBlur");
  const T scale = T(1) / static_cast<T>(channels);
  for_entries(ex, domain, "GrayStridedBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* frame = py + at.frame * height * width;
    T sum = 0;
    const auto row = rows.reader(at.h), column = columns.reader(at.w);
    int h = row.output;
    for (int r = row.tap; r < rows.taps; r += rows.stride) {
      int w = column.output;
      for (int s = column.tap; s < columns.taps; s += columns.stride) {
        sum += pk[(r * columns.taps + s) * channels + at.f] * frame[h * width + w];
        w = columns.output_after(w);
      }
      h = rows.output_after(h);
    }
    px[i] = sum * scale;
  });
}

}  // namespace videoonenet::cuda
