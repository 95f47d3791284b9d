// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Triplets as the batches of a StepEngine.

#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/datastep/problem_batch/problem_factor.hpp"
#include "videoonenet/train/batch_step/batch_step.hpp"
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

namespace videoonenet {

/// Writes a triplet to place n of a batch: truth, Aᵀy, pinv(A) y and the factor of its data step.
/// Errors: those of the operator's solver and of `factor_problem`.
template <class T>
void put_triplet(HostBatch<T>& batch, Index n, const Triplet<T>& triplet, T rho) {
  const Cpu one{};
  const auto& a = triplet.problem.a;
  Buffer<T> aty(batch.video.sample_size()), start(aty.size());
  a.apply_adjoint(one, triplet.y.span(), aty.span());
  NormalSolver<ShippedOperator<T>>(one, a).pseudo_inverse(one, triplet.y.span(), start.span());
  const ProblemFactor<T> factor = factor_problem(a, rho);
  batch.put(n, triplet.truth.flat(), std::as_const(aty).span(), std::as_const(start).span(), factor.layout,
            factor.values.span());
}

/// Bounds of the factors of all problems of a set, by drawing each once: their sizes do not depend on chance.
/// Errors: InputError for a problem without a factor.
template <class T>
FactorBounds factor_bounds(const ProblemSet& problems, const Shape& video, T rho) {
  FactorBounds bounds;
  for (Index i = 0; i < problems.size(); ++i) {
    Random random(1);
    bounds = bounds_of(bounds, factor_problem(draw_problem<T>(Cpu{}, problems[i], video, random).a, rho));
  }
  return bounds;
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE void put_triplet(HostBatch<float>&, Index, const Triplet<float>&, float);
VIDEOONENET_INSTANCE FactorBounds factor_bounds(const ProblemSet&, const Shape&, float);
#endif

}  // namespace videoonenet
