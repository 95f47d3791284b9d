// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the box downsampling.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

/// y = the mean over each q×q box; `domain` is x's shape, `range` y's.
template <class T>
void box_downsample_apply(const Executor& ex, const Shape& domain, const Shape& range, Index q, Input<T> x,
                          Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  const Index rows = range.n * range.t * range.h, in_row = domain.w * domain.f, out_row = range.w * range.f;
  const T scale = T(1) / static_cast<T>(q * q);
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, rows, q * in_row, [=](Index row) {
      const Index frame = row / range.h, top = (row % range.h) * q;
      const T* in = px + (frame * domain.h + top) * in_row;
      T* out = py + row * out_row;
      std::fill_n(out, out_row, T(0));
      for (Index r = 0; r < q; ++r)
        for (Index s = 0; s < q; ++s) {
          const T* from = in + r * in_row + s * channels;
          for (Index w = 0; w < range.w; ++w)
            for (Index f = 0; f < channels; ++f) out[w * channels + f] += from[w * q * channels + f];
        }
      for (Index j = 0; j < out_row; ++j) out[j] *= scale;
    });
  });
}

/// x = y / q² on each q×q box, zero on trailing rows and columns.
template <class T>
void box_downsample_adjoint(const Executor& ex, const Shape& domain, const Shape& range, Index q, Input<T> y,
                            Output<T> x) {
  const T* py = y.data();
  T* px = x.data();
  const Index rows = domain.n * domain.t * domain.h, in_row = domain.w * domain.f, out_row = range.w * range.f;
  const T scale = T(1) / static_cast<T>(q * q);
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, rows, in_row, [=](Index row) {
      const Index frame = row / domain.h, h = (row % domain.h) / q;
      T* to = px + row * in_row;
      if (h >= range.h) {
        std::fill_n(to, in_row, T(0));
        return;
      }
      const T* from = py + (frame * range.h + h) * out_row;
      for (Index s = 0; s < q; ++s)
        for (Index w = 0; w < range.w; ++w)
          for (Index f = 0; f < channels; ++f) to[(w * q + s) * channels + f] = scale * from[w * channels + f];
      std::fill(to + range.w * q * channels, to + in_row, T(0));
    });
  });
}

}  // namespace videoonenet::cpu
