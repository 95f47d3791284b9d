// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a video restored by ADMM: an operator, a measurement, a prior, a data step, one call.
// Builds on  01, 02.
// Leaves out how many iterations it takes and why (05), priors of your own (06).
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/admm.hpp"

using namespace videoonenet;

int main() {
  // A colour video of eight frames, of which half the entries are lost.
  const Cpu ex;
  const Shape shape{.t = 8, .h = 64, .w = 64, .f = 3};
  Random random(1);
  const Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, shape, random);
  Buffer<float> kept(shape.size());
  for (float& m : kept) m = random.uniform() < 0.5;

  // The ten lines.
  const Mask<float> a(shape, kept);
  Tensor<float> y(a.range()), restored(a.domain());
  a.apply(ex, truth.flat(), y.flat());
  const Wavelet<float> prior{.lambda = 0.02f};
  const AdmmReport report =
      admm(ex, prior, LeastSquares{}, a, y.flat(), restored.view(), {.rho = 0.3f, .iterations = 100});

  const double before = psnr(ex, y.view(), truth.view()), after = psnr(ex, restored.view(), truth.view());
  std::cout << "measured: " << before << " dB\n";
  std::cout << "restored: " << after << " dB after " << report.iterations()
            << " iterations, RMS(x - z) = " << report.history.back().primal << "\n";
  return after > before + 10 ? 0 : 1;
}
