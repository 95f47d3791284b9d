// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of video compressive sensing: small matrix products on tiles of pixels, channels unzipped on the stack.

#include "videoonenet/operators/dense/dense_cpu.hpp"
#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {
inline constexpr Index pixel_tile = 512;       ///< pixels whose part of a row of Φ stays in the first cache
inline constexpr Index measurement_tile = 64;  ///< rows of Φ one thread takes at a time
}  // namespace detail

/// y = [x_0; Φ(x_{t+1} − x_t) per channel, rows (t, m, f)]; `shape` is x's, Φ is m × HW row-major.
template <class T>
void video_compressive_sensing_apply(const Executor& ex, const Shape& shape, Index m, Input<T> phi, Input<T> x,
                                     Output<T> y) {
  const Index pixels = shape.h * shape.w, channels = shape.f, frame = pixels * channels, differences = shape.t - 1;
  copy(ex, x.first(static_cast<std::size_t>(frame)), y.first(static_cast<std::size_t>(frame)));
  const T *px = x.data(), *pphi = phi.data();
  T* py = y.data() + frame;
  const Index tiles = (m + detail::measurement_tile - 1) / detail::measurement_tile;
  // A task owns rows [first, last) of Φ for one channel of one difference.
  detail::for_rows(ex, differences * channels * tiles, std::min(m, detail::measurement_tile) * pixels, [=](Index task) {
    const Index first = task % tiles * detail::measurement_tile, last = std::min(m, first + detail::measurement_tile);
    const Index f = task / tiles % channels, t = task / tiles / channels;
    const T* from = px + t * frame + f;
    T* out = py + t * m * channels + f;
    for (Index i = first; i < last; ++i) out[i * channels] = T(0);
    for (Index begin = 0; begin < pixels; begin += detail::pixel_tile) {
      const Index count = std::min(detail::pixel_tile, pixels - begin);
      T difference[detail::pixel_tile], product[4];
      for (Index p = 0; p < count; ++p)
        difference[p] = from[(begin + p) * channels + frame] - from[(begin + p) * channels];
      Index i = first;
      for (; i + 4 <= last; i += 4) {
        detail::dot_rows<4>(pphi + i * pixels + begin, pixels, count, difference, product);
        for (Index r = 0; r < 4; ++r) out[(i + r) * channels] += product[r];
      }
      for (; i < last; ++i) {
        detail::dot_rows<1>(pphi + i * pixels + begin, pixels, count, difference, product);
        out[i * channels] += product[0];
      }
    }
  });
}

/// x_t = [t = 0] y_0 + Φᵀ(y_{t} − y_{t+1}) per channel, where y_{t+1} measured x_{t+1} − x_t.
template <class T>
void video_compressive_sensing_adjoint(const Executor& ex, const Shape& shape, Index m, Input<T> phi, Input<T> y,
                                       Output<T> x) {
  const Index pixels = shape.h * shape.w, channels = shape.f, frame = pixels * channels, differences = shape.t - 1;
  const T *pfirst = y.data(), *py = y.data() + frame, *pphi = phi.data();
  T* px = x.data();
  const Index tiles = (pixels + detail::pixel_tile - 1) / detail::pixel_tile;
  // A task owns some pixels of one channel of one frame.
  detail::for_rows(ex, shape.t * channels * tiles, m * std::min(pixels, detail::pixel_tile), [=](Index task) {
    const Index begin = task % tiles * detail::pixel_tile, count = std::min(detail::pixel_tile, pixels - begin);
    const Index f = task / tiles % channels, t = task / tiles / channels;
    T sums[detail::pixel_tile] = {}, weight[8];
    const auto weigh = [=](Index i) {
      const T arriving = t > 0 ? py[((t - 1) * m + i) * channels + f] : T(0);
      return t < differences ? arriving - py[(t * m + i) * channels + f] : arriving;
    };
    Index i = 0;
    if (differences > 0) {
      for (; i + 8 <= m; i += 8) {
        for (Index r = 0; r < 8; ++r) weight[r] = weigh(i + r);
        detail::add_rows<8>(pphi + i * pixels + begin, pixels, count, weight, sums);
      }
      for (; i < m; ++i) {
        weight[0] = weigh(i);
        detail::add_rows<1>(pphi + i * pixels + begin, pixels, count, weight, sums);
      }
    }
    T* out = px + t * frame + begin * channels + f;
    const T* kept = pfirst + begin * channels + f;
    for (Index p = 0; p < count; ++p) out[p * channels] = t == 0 ? kept[p * channels] + sums[p] : sums[p];
  });
}

}  // namespace videoonenet::cpu
