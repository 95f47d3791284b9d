// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the circulant data step: Fourier transforms of the frames and channels of a video as sums, along
/// rows and down columns, a thread a complex number.
///
/// A spectrum holds complex pairs over (T, H, ⌊W/2⌋ + 1, F), the other columns being conjugates. `roots` are cos and
/// sin of 2πm/size, as pairs.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Splits the number of an entry of a spectrum, or of a video, with `line` entries of every channel a row.
struct SpectrumIndex {
  Divisor channels, line;
  int rows;
  struct At {
    int frame_row, position, channel;
  };
  SpectrumIndex(const Shape& video, Index entries_of_line)
      : channels(as_int(video.f, "circulant_gram_solver")),
        line(as_int(entries_of_line, "circulant_gram_solver")),
        rows(as_int(video.h, "circulant_gram_solver")) {
    static_cast<void>(as_int(2 * video.size() + 2 * video.t * video.h * video.f, "circulant_gram_solver"));
  }
  VIDEOONENET_DEVICE At at(Index entry) const {
    const int e = static_cast<int>(entry), pixel = channels.divide(e), frame_row = line.divide(pixel);
    return {frame_row, pixel - frame_row * line.value(), e - pixel * channels.value()};
  }
};

}  // namespace detail

/// spectrum[t, i, l, f] = Σ_j x[t, i, j, f] exp(−2πi l j / W).
template <Gpu Ex, class T>
void fourier_rows(const Ex& ex, const Shape& video, std::span<const double> roots, std::span<const T> x,
                  std::span<double> spectrum) {
  const int width = as_int(video.w, "fourier_rows"), channels = as_int(video.f, "fourier_rows");
  const detail::SpectrumIndex index(video, video.w / 2 + 1);
  const double* root = roots.data();
  const T* px = x.data();
  double* ps = spectrum.data();
  for_each(ex, std::ssize(spectrum) / 2, [=] VIDEOONENET_DEVICE(Index e) {
    const auto at = index.at(e);
    const T* from = px + at.frame_row * width * channels + at.channel;
    double re = 0, im = 0;
    for (int j = 0, m = 0; j < width; ++j) {
      const double value = double(from[j * channels]);
      re += value * root[2 * m];
      im -= value * root[2 * m + 1];
      m = m + at.position < width ? m + at.position : m + at.position - width;
    }
    ps[2 * e] = re;
    ps[2 * e + 1] = im;
  });
}

/// out[t, k, l, f] = Σ_i in[t, i, l, f] exp(direction · 2πi k i / H).
template <Gpu Ex>
void fourier_columns(const Ex& ex, const Shape& video, std::span<const double> roots, int direction,
                     std::span<const double> in, std::span<double> out) {
  const int height = as_int(video.h, "fourier_columns");
  const int step = as_int((video.w / 2 + 1) * video.f, "fourier_columns");
  const detail::SpectrumIndex index(video, video.w / 2 + 1);
  const Divisor rows(height);
  const double *root = roots.data(), *pi = in.data();
  double* po = out.data();
  for_each(ex, std::ssize(out) / 2, [=] VIDEOONENET_DEVICE(Index e) {
    const int frame_row = index.at(e).frame_row, k = rows.remainder(frame_row);
    const double* from = pi + 2 * (e - Index(k) * step);
    double re = 0, im = 0;
    for (int i = 0, m = 0; i < height; ++i) {
      const double cosine = root[2 * m], sine = direction * root[2 * m + 1];
      const double a = from[2 * Index(i) * step], b = from[2 * Index(i) * step + 1];
      re += a * cosine - b * sine;
      im += a * sine + b * cosine;
      m = m + k < height ? m + k : m + k - height;
    }
    po[2 * e] = re;
    po[2 * e + 1] = im;
  });
}

/// Divides by eigenvalue + shift and by the number of pixels, which makes the transforms inverses; sets to zero where
/// that eigenvalue is not above `threshold`. `eigenvalues` holds H × (⌊W/2⌋ + 1) numbers a channel.
template <Gpu Ex>
void divide_spectrum(const Ex& ex, const Shape& video, std::span<const double> eigenvalues, double shift,
                     double threshold, std::span<double> spectrum) {
  const int half = as_int(video.w / 2 + 1, "divide_spectrum");
  const detail::SpectrumIndex index(video, half);
  const Divisor rows(index.rows);
  const double pixels = double(video.h * video.w);
  const double* pe = eigenvalues.data();
  double* ps = spectrum.data();
  for_each(ex, std::ssize(spectrum) / 2, [=] VIDEOONENET_DEVICE(Index e) {
    const auto at = index.at(e);
    const int k = rows.remainder(at.frame_row);
    const double value = pe[(Index(at.channel) * rows.value() + k) * half + at.position] + shift;
    const double factor = value > threshold ? 1 / (value * pixels) : 0;
    ps[2 * e] *= factor;
    ps[2 * e + 1] *= factor;
  });
}

/// x[t, i, j, f] = Re Σ_l spectrum[t, i, l, f] exp(2πi l j / W) over all W columns.
template <Gpu Ex, class T>
void fourier_rows_inverse(const Ex& ex, const Shape& video, std::span<const double> roots,
                          std::span<const double> spectrum, std::span<T> x) {
  const int width = as_int(video.w, "fourier_rows_inverse"), half = width / 2 + 1;
  const int channels = as_int(video.f, "fourier_rows_inverse");
  const detail::SpectrumIndex index(video, video.w);
  const double *root = roots.data(), *ps = spectrum.data();
  T* px = x.data();
  for_each(ex, std::ssize(x), [=] VIDEOONENET_DEVICE(Index e) {
    const auto at = index.at(e);
    const double* from = ps + 2 * (Index(at.frame_row) * half * channels + at.channel);
    double sum = 0;
    for (int l = 0, m = 0; l < half; ++l) {
      const double weight = l == 0 || 2 * l == width ? 1 : 2;  // a column and its conjugate
      sum += weight * (from[2 * l * channels] * root[2 * m] - from[2 * l * channels + 1] * root[2 * m + 1]);
      m = m + at.position < width ? m + at.position : m + at.position - width;
    }
    px[e] = static_cast<T>(sum);
  });
}

/// z ← (b − z)/ρ, in double, where the difference cancels.
template <Gpu Ex, class T>
void woodbury_combine(const Ex& ex, double rho, Input<T> b, Output<T> z) {
  const T* pb = b.data();
  T* pz = z.data();
  for_each(ex, std::ssize(z),
           [=] VIDEOONENET_DEVICE(Index i) { pz[i] = static_cast<T>((double(pb[i]) - double(pz[i])) / rho); });
}

}  // namespace videoonenet::cuda
