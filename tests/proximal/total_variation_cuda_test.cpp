// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/total_variation/total_variation_cuda.cuh"

#include "support/prior_on_gpu.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/proximal/total_variation/total_variation.hpp"

namespace total_variation_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

using Prior = TotalVariation<float>;

struct Solution {
  std::vector<float> x;
  std::vector<TotalVariationReport> reports;
  int launches = 0;  ///< on an emulated GPU
};

template <class Ex>
Solution solve(const Ex& ex, const Prior& prior, const std::vector<float>& values, const Shape& shape) {
  auto cache = prior.make_cache(ex, shape);
  const auto v = to_executor(ex, values);
  auto x = ex.template allocate<float>(shape.size());
  const auto launches = [&] {
    if constexpr (requires { ex.launches(); })
      return ex.launches();
    else
      return 0;
  };
  const int before = launches();
  prior.apply(ex, cache, View<const float>{v.data(), shape}, 1.f, View<float>{x.data(), shape});
  return {from_executor(ex, x), cache.reports, launches() - before};
}

}  // namespace

TEST_CASE("device total variation equals the host's after a number of steps") {
  for (const Shape& shape : {Shape{.n = 2, .t = 5, .h = 7, .w = 6, .f = 3}, Shape{.n = 3, .h = 9, .w = 8},
                             Shape{.t = 4}, Shape{.n = 2, .t = 3, .h = 1, .w = 5}})
    for (const auto norm : {Prior::Norm::isotropic, Prior::Norm::anisotropic})
      for (const float weight_t : {0.5f, 0.f})
        for (const bool warm_start : {true, false})
          check_prior_on_gpu(Prior{.lambda = 0.3f,
                                   .norm = norm,
                                   .weights = {.t = weight_t, .h = 1.25f, .w = 0.75f},
                                   .iterations = 20,
                                   .tolerance = 0,
                                   .warm_start = warm_start},
                             shape, 1e-5);
}

TEST_CASE("on a device every video stops by itself, and is told how exact it is") {
  const Shape shape{.n = 3, .t = 4, .h = 9, .w = 7, .f = 3};
  Random random(6);
  std::vector<float> v = random_values(random, shape.size());
  const auto video = static_cast<std::size_t>(shape.sample_size());
  for (std::size_t i = 0; i < video; ++i) v[i] *= 0.01f, v[2 * video + i] *= 3.0f;
  const Prior prior{.lambda = 0.2f, .iterations = 200, .tolerance = 2e-3};
  const Solution expected = solve(Cpu{}, prior, v, shape), got = solve(test_gpu(), prior, v, shape);
  CHECK(relative_error(got.x, expected.x) < 1e-5);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(got.reports[n].iterations == expected.reports[n].iterations);
    CHECK(got.reports[n].gap == Approx(expected.reports[n].gap).epsilon(1e-2));
    CHECK(got.reports[n].error_bound <= prior.tolerance);
  }
  CHECK(expected.reports[2].iterations < expected.reports[1].iterations);
  CHECK(expected.reports[1].iterations < expected.reports[0].iterations);
  CHECK(expected.reports[0].iterations < prior.iterations);
}

TEST_CASE("a larger batch of total variation on a device takes no more launches") {
  const auto launches = [](Index videos) {
    const Shape shape{.n = videos, .h = 3, .w = 4};
    const std::vector<float> v(static_cast<std::size_t>(shape.size()), 1.f);
    return solve(test_gpu(), Prior{.tolerance = 0}, v, shape).launches;
  };
  CHECK(launches(5) == launches(1));
}

TEST_CASE("device total variation of nothing to smooth is the video") {
  const Shape shape{.n = 2, .t = 3, .h = 4, .w = 5};
  Random random(6);
  const std::vector<float> v = random_values(random, shape.size());
  CHECK(solve(test_gpu(), Prior{.lambda = 0}, v, shape).x == v);
  CHECK(solve(test_gpu(), Prior{.weights = {.t = 0, .h = 0, .w = 0}}, v, shape).x == v);
}

}  // namespace total_variation_cuda_test
