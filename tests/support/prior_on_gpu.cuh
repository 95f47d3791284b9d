// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Holds a prior's device kernels against its host kernels.

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/concepts/proximal_operator.hpp"

namespace videoonenet::support {

/// What a prior computes: a first result, a second one with the same cache and in place, and φ of it.
struct PriorResults {
  std::vector<float> first, second;
  double value = 0;
};

/// Runs a prior with the same random video on any executor.
template <class Ex, class P>
PriorResults prior_results(const Ex& ex, const P& prior, const Shape& shape) {
  Random random(5);
  auto cache = make_cache(prior, ex, shape);
  auto v = to_executor(ex, random_values(random, shape.size()));
  auto x = to_executor(ex, random_values(random, shape.size()));
  const View<const float> from{v.data(), shape};
  const View<float> to{x.data(), shape};
  PriorResults results;
  apply_proximal(prior, ex, cache, from, 1.5f, to);
  results.first = from_executor(ex, x);
  apply_proximal(prior, ex, cache, to, 0.4f, to);
  results.second = from_executor(ex, x);
  if constexpr (requires { prior.value(ex, cache, from); })
    results.value = prior.value(ex, cache, to);
  else if constexpr (requires { prior.value(ex, from); })
    results.value = prior.value(ex, to);
  return results;
}

/// Checks two results and φ, each to a relative error.
template <class P>
void check_prior_on_gpu(const P& prior, const Shape& shape, double error = 1e-6) {
  INFO("shape " << shape);
  const PriorResults expected = prior_results(Cpu{}, prior, shape), got = prior_results(test_gpu(), prior, shape);
  CHECK(relative_error(got.first, expected.first) < error);
  CHECK(relative_error(got.second, expected.second) < error);
  CHECK(got.value == Approx(expected.value).epsilon(error));
}

}  // namespace videoonenet::support
