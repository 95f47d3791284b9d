// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a proximal operator: the compromise between staying near a point and pleasing a prior.
// Builds on  nothing.
// Leaves out measurements (02) and the algorithm that joins the two (04).
#include <cstdio>

#include "videoonenet/core/random.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

using namespace videoonenet;

namespace {

// What prox minimises over x: τ φ(x) + ½‖x − v‖².
double objective(const L1<double>& prior, const Tensor<double>& v, double tau, const Tensor<double>& x) {
  return tau * prior.value(Cpu{}, x.view()) + 0.5 * squared_distance(Cpu{}, v.flat(), x.flat());
}

}  // namespace

int main() {
  const L1<double> prior{.lambda = 0.5};
  const double tau = 1;
  Tensor<double> v({.w = 6}), x({.w = 6});
  for (Index i = 0; i < v.size(); ++i) v[i] = double(i) * 0.4 - 1;
  prior.apply(Cpu{}, v.view(), tau, x.view());

  std::printf("The proximal operator of 0.5 |x| shrinks by 0.5 and sets what is smaller to zero:\n      v   prox(v)\n");
  for (Index i = 0; i < v.size(); ++i) std::printf("  %+5.2f     %+5.2f\n", v[i], x[i]);

  // prox(v) is the minimiser, so no point around it may reach a smaller objective.
  const double best = objective(prior, v, tau, x);
  double nearest = objective(prior, v, tau, v);
  std::printf("objective: %.4f at v itself, %.4f at prox(v), ", nearest, best);
  Random random(1);
  for (int trial = 0; trial < 1000; ++trial) {
    Tensor<double> other = x;
    for (double& entry : other.flat()) entry += 0.1 * random.normal();
    nearest = std::min(nearest, objective(prior, v, tau, other));
  }
  std::printf("at least %.4f at 1000 points around it\n", nearest);
  return best < nearest ? 0 : 1;
}
