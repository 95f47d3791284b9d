// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/admm.hpp"
#include "videoonenet/videoonenet.cuh"

namespace admm_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr Shape video{.t = 3, .h = 10, .w = 9, .f = 2};

struct Restored {
  std::vector<float> z;
  AdmmReport report;
};

template <class Ex, class Prior>
Restored restored(const Ex& ex, const Prior& prior) {
  Random random(3);
  Buffer<float> kept(video.size());
  std::vector<float> y(static_cast<std::size_t>(video.size()));
  for (float& m : kept) m = random.uniform() < 0.6;
  for (Index i = 0; i < video.size(); ++i)
    y[static_cast<std::size_t>(i)] = kept[i] * static_cast<float>(random.uniform());
  const Mask<float> a(video, kept);
  Restored result{std::vector<float>(y.size()), {}};
  on_executor(ex, std::span<const float>(y), std::span(result.z), [&](std::span<const float> in, std::span<float> out) {
    result.report = admm(ex, prior, LeastSquares{}, a, in, View<float>{out.data(), video},
                         {.rho = 0.3f, .iterations = 8, .tolerance = 0, .relaxation = 1.4f});
  });
  return result;
}

template <class Prior>
void check(const Prior& prior) {
  const Restored host = restored(Cpu{}, prior), device = restored(test_gpu(), prior);
  CHECK(relative_error(device.z, host.z) < 1e-5);
  REQUIRE(device.report.history.size() == host.report.history.size());
  for (std::size_t i = 0; i < host.report.history.size(); ++i) {
    CHECK(device.report.history[i].primal == Approx(host.report.history[i].primal).epsilon(1e-4));
    CHECK(device.report.history[i].dual == Approx(host.report.history[i].dual).epsilon(1e-4));
  }
}

}  // namespace

TEST_CASE("classical ADMM on the device makes the iterates of the host's") {
  check(Wavelet<float>{.lambda = 0.05f});
  check(TotalVariation<float>{.lambda = 0.05f, .iterations = 5, .tolerance = 0});
}

}  // namespace admm_cuda_test
