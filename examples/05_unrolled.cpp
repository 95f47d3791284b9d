// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      ADMM with a fixed number of iterations as one function of the measurement: the skeleton of a network.
// Builds on  04.
// Leaves out training what stands in the prior's place, which makes do with K = 13 (VideoOneNet).
#include <iostream>
#include <utility>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/unroll.hpp"

using namespace videoonenet;

namespace {

const Cpu ex;
const Wavelet<float> prior{.lambda = 0.02f};

// The PSNR that K iterations reach. K is part of the type, so the compiler sees the whole computation.
template <int K>
double unrolled_psnr(const Mask<float>& a, const Tensor<float>& y, const Tensor<float>& truth) {
  const auto net = unroll<K>(prior, LeastSquares{}, {.rho = 0.3f});
  Tensor<float> z(a.domain());
  net(ex, a, y.flat(), z.view());
  const double score = psnr(ex, z.view(), truth.view());
  std::cout << "  K = " << K << ":\t" << score << " dB\n";
  return score;
}

}  // namespace

int main() {
  const Shape shape{.t = 8, .h = 32, .w = 32, .f = 3};
  Random random(1);
  const Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, shape, random);
  Buffer<float> kept(shape.size());
  for (float& m : kept) m = random.uniform() < 0.5;
  const Mask<float> a(shape, kept);
  Tensor<float> y(a.range());
  a.apply(ex, truth.flat(), y.flat());

  std::cout << "measured:\t" << psnr(ex, y.view(), truth.view()) << " dB\nafter K iterations\n";
  const double few = unrolled_psnr<1>(a, y, truth), more = unrolled_psnr<13>(a, y, truth);
  const double many = unrolled_psnr<100>(a, y, truth);

  // The unrolled function is the solver of 04, iteration by iteration and bit by bit.
  Tensor<float> classical(shape), unrolled(shape);
  admm(ex, prior, LeastSquares{}, a, y.flat(), classical.view(), {.rho = 0.3f, .iterations = 13, .tolerance = 0});
  unroll<13>(prior, LeastSquares{}, {.rho = 0.3f})(ex, a, std::as_const(y).flat(), unrolled.view());
  const bool equal = std::ranges::equal(classical.flat(), unrolled.flat());
  std::cout << "unroll<13> and 13 iterations of admm are " << (equal ? "equal" : "DIFFERENT") << " in every bit\n";
  return equal && few < more && more < many ? 0 : 1;
}
