// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// [program]
#include <videoonenet/core/random.hpp>
#include <videoonenet/datastep/diagonal_solver/diagonal_solver.hpp>
#include <videoonenet/datastep/least_squares/least_squares.hpp>
#include <videoonenet/operators/mask/mask.hpp>
#include <videoonenet/proximal/l1/l1.hpp>
#include <videoonenet/unroll/admm.hpp>

using namespace videoonenet;

int main() {
  const Shape video{.t = 4, .h = 16, .w = 16, .f = 3};  // frames, rows, columns, colours
  Tensor<float> truth(video), y(video), restored(video);
  truth(0, 1, 4, 4, 0) = 1;  // a red pixel in the second frame

  Random random(1);
  Buffer<float> kept(video.size());
  for (float& entry : kept) entry = random.uniform() < 0.9;
  const Mask<float> a(video, kept);  // a camera with dead pixels
  a.apply(Cpu{}, truth.flat(), y.flat());

  const L1<float> prior{.lambda = 0.01f};
  const AdmmReport report = admm(Cpu{.threads = 2}, prior, LeastSquares{}, a, y.flat(), restored.view(), {.rho = 0.3f});
  return report.converged && restored(0, 1, 4, 4, 0) > 0.9f ? 0 : 1;
}
// [/program]
