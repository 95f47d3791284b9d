// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a prior of your own: any function that removes noise restores whatever an operator has measured.
// Builds on  04.
// Leaves out a denoiser that has learned from data.
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/denoiser/denoiser.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/admm.hpp"

using namespace videoonenet;

namespace {

// Lee's local filter: towards the mean of the 3 x 3 pixels around, the more the less they vary beyond the noise.
void local_filter(View<const float> v, float sigma, View<float> x) {
  const Shape& s = v.shape;
  for (Index t = 0; t < s.t; ++t)
    for (Index h = 0; h < s.h; ++h)
      for (Index w = 0; w < s.w; ++w)
        for (Index f = 0; f < s.f; ++f) {
          float sum = 0, squares = 0, count = 0;
          for (Index i = std::max<Index>(h - 1, 0); i < std::min<Index>(h + 2, s.h); ++i)
            for (Index j = std::max<Index>(w - 1, 0); j < std::min<Index>(w + 2, s.w); ++j) {
              const float value = v(0, t, i, j, f);
              sum += value, squares += value * value, ++count;
            }
          const float mean = sum / count, noise = sigma * sigma;
          const float detail = std::max(squares / count - mean * mean - noise, 0.0f);
          x(0, t, h, w, f) = mean + detail / (detail + noise) * (v(0, t, h, w, f) - mean);
        }
}

}  // namespace

int main() {
  const Cpu ex;
  const Shape shape{.t = 8, .h = 64, .w = 64, .f = 3};
  Random random(1);
  const Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, shape, random);
  const auto score = [&](const Tensor<float>& x) { return psnr(ex, x.view(), truth.view()); };

  // What the filter was made for: noise.
  Tensor<float> noisy = truth, denoised(shape);
  for (float& v : noisy.flat()) v += 0.1f * static_cast<float>(random.normal());
  local_filter(noisy.view(), 0.1f, denoised.view());
  std::cout << "noise:          from " << score(noisy) << " dB to " << score(denoised) << " dB\n";

  // What ADMM makes of it: half the entries are lost, and the filter has never heard of that.
  Buffer<float> kept(shape.size());
  for (float& m : kept) m = random.uniform() < 0.5;
  const Mask<float> a(shape, kept);
  Tensor<float> y(a.range()), own(shape), wavelet(shape);
  a.apply(ex, truth.flat(), y.flat());
  admm(ex, denoiser<float>(local_filter, 0.01f), LeastSquares{}, a, y.flat(), own.view(), {.iterations = 60});
  admm(ex, Wavelet<float>{.lambda = 0.02f}, LeastSquares{}, a, y.flat(), wavelet.view(), {.iterations = 60});
  std::cout << "missing pixels: from " << score(y) << " dB to " << score(own) << " dB by this prior, " << score(wavelet)
            << " dB by wavelet sparsity\n";
  return score(denoised) > score(noisy) + 3 && score(own) > score(y) + 15 ? 0 : 1;
}
