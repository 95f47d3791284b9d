// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of video compressive sensing: products with Φ, each of whose entries serves several frames at a time.
/// Sums are added in an order that depends on the sizes alone.

#include "videoonenet/core/vector_ops_cuda.cuh"

namespace videoonenet::cuda {

namespace detail {

/// The sizes of Φ and of the video.
struct SensingShape {
  Index measurements, pixels, channels, differences;
};

/// Block (a few rows of Φ, a few differences of one channel): threads share the pixels. `y` begins after its frame.
template <class T>
struct SenseDifferences {
  static constexpr int threads = 128, warps = threads / 32, rows = 4, steps = 5;
  static constexpr int shared_bytes = warps * rows * steps * static_cast<int>(sizeof(T));
  SensingShape s;
  int step_groups;
  const T *phi, *x;
  T* y;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index f = t.block() % s.channels, group = t.block() / s.channels;  // blocks that run together share rows of Φ
    const Index first_row = group / step_groups * rows, first_step = group % step_groups * steps;
    // What is beyond the last row or difference repeats it, and is not written.
    const T *row[rows], *frame[steps + 1];
    VIDEOONENET_UNROLL
    for (int r = 0; r < rows; ++r)
      row[r] = phi + (first_row + r < s.measurements ? first_row + r : s.measurements - 1) * s.pixels;
    VIDEOONENET_UNROLL
    for (int k = 0; k <= steps; ++k)
      frame[k] = x + (first_step + k < s.differences ? first_step + k : s.differences) * s.pixels * s.channels + f;
    T sums[rows][steps] = {};
    for (Index p = t.thread(); p < s.pixels; p += threads) {
      T difference[steps], before = frame[0][p * s.channels];
      VIDEOONENET_UNROLL
      for (int k = 0; k < steps; ++k) {
        const T after = frame[k + 1][p * s.channels];
        difference[k] = after - before;
        before = after;
      }
      VIDEOONENET_UNROLL
      for (int r = 0; r < rows; ++r) {
        const T weight = row[r][p];
        VIDEOONENET_UNROLL
        for (int k = 0; k < steps; ++k) sums[r][k] += weight * difference[k];
      }
    }
    const auto shared = t.template shared<T>(0, warps * rows * steps);
    VIDEOONENET_UNROLL
    for (int r = 0; r < rows; ++r) {
      VIDEOONENET_UNROLL
      for (int k = 0; k < steps; ++k) {
        T sum = sums[r][k];
        for (int distance = 16; distance > 0; distance /= 2) sum += t.shuffle_xor(sum, distance);
        if (t.lane() == 0) shared[(t.warp() * rows + r) * steps + k] = sum;
      }
    }
    t.sync();
    if (t.thread() >= rows * steps) return;
    const Index i = first_row + t.thread() / steps, step = first_step + t.thread() % steps;
    if (i >= s.measurements || step >= s.differences) return;
    T total = 0;
    for (int warp = 0; warp < warps; ++warp) total += shared[warp * rows * steps + t.thread()];
    y[(step * s.measurements + i) * s.channels + f] = total;
  }
};

/// Block (32 pixels, a few frames of one channel): a lane a pixel, a warp every eighth row of Φ.
template <class T>
struct SenseAdjoint {
  static constexpr int threads = 256, warps = threads / 32, steps = 5;
  static constexpr int shared_bytes = warps * steps * 32 * static_cast<int>(sizeof(T));
  SensingShape s;
  int step_groups;
  const T *phi, *y;
  T* x;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index f = t.block() % s.channels, group = t.block() / s.channels;
    const Index first_pixel = group / step_groups * 32, first_step = group % step_groups * steps;
    const Index pixel = first_pixel + t.lane();
    const T* measured = y + s.pixels * s.channels + f;  // d_{t, i} lies at (t·m + i)·channels
    T sums[steps] = {};
    if (pixel < s.pixels)
      for (Index i = t.warp(); i < s.measurements; i += warps) {
        const T weight = phi[i * s.pixels + pixel];
        T before = first_step > 0 ? measured[((first_step - 1) * s.measurements + i) * s.channels] : T(0);
        VIDEOONENET_UNROLL
        for (int k = 0; k < steps; ++k) {
          const Index step = first_step + k;
          const T after = step < s.differences ? measured[(step * s.measurements + i) * s.channels] : T(0);
          sums[k] += weight * (before - after);
          before = after;
        }
      }
    const auto shared = t.template shared<T>(0, warps * steps * 32);
    VIDEOONENET_UNROLL
    for (int k = 0; k < steps; ++k) shared[(t.warp() * steps + k) * 32 + t.lane()] = sums[k];
    t.sync();
    const Index step = first_step + t.warp();  // a warp a frame
    if (t.warp() >= steps || step > s.differences || pixel >= s.pixels) return;
    T total = step == 0 ? y[pixel * s.channels + f] : T(0);
    for (int warp = 0; warp < warps; ++warp) total += shared[(warp * steps + t.warp()) * 32 + t.lane()];
    x[(step * s.pixels + pixel) * s.channels + f] = total;
  }
};

}  // namespace detail

/// y = [x_0; Φ(x_{t+1} − x_t) per channel, rows (t, m, f)]; `shape` is x's, Φ is m × HW row-major.
template <Gpu Ex, class T>
void video_compressive_sensing_apply(const Ex& ex, const Shape& shape, Index m, Input<T> phi, Input<T> x, Output<T> y) {
  using Kernel = detail::SenseDifferences<T>;
  const detail::SensingShape s{m, shape.h * shape.w, shape.f, shape.t - 1};
  const auto frame = static_cast<std::size_t>(s.pixels * s.channels);
  copy(ex, x.first(frame), y.first(frame));
  if (s.differences == 0) return;
  const Index step_groups = ceil_div(s.differences, Kernel::steps);
  const Index blocks = ceil_div(m, Kernel::rows) * step_groups * s.channels;
  ex.launch({.blocks = {as_int(blocks, "VideoCompressiveSensing"), 1, 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::shared_bytes},
            Kernel{s, static_cast<int>(step_groups), phi.data(), x.data(), y.data() + frame});
}

/// x_t = [t = 0] y_0 + Φᵀ(y_{t} − y_{t+1}) per channel, where y_{t+1} measured x_{t+1} − x_t.
template <Gpu Ex, class T>
void video_compressive_sensing_adjoint(const Ex& ex, const Shape& shape, Index m, Input<T> phi, Input<T> y,
                                       Output<T> x) {
  using Kernel = detail::SenseAdjoint<T>;
  const detail::SensingShape s{m, shape.h * shape.w, shape.f, shape.t - 1};
  const Index step_groups = ceil_div(shape.t, Kernel::steps);
  const Index blocks = ceil_div(s.pixels, 32) * step_groups * s.channels;
  ex.launch({.blocks = {as_int(blocks, "VideoCompressiveSensing"), 1, 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::shared_bytes},
            Kernel{s, static_cast<int>(step_groups), phi.data(), y.data(), x.data()});
}

}  // namespace videoonenet::cuda
