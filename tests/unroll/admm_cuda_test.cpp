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
#include "videoonenet/unroll/half_quadratic_splitting.hpp"
#include "videoonenet/unroll/primal_dual_hybrid_gradient.hpp"
#include "videoonenet/unroll/proximal_gradient.hpp"
#include "videoonenet/videoonenet.cuh"

namespace admm_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr Shape video{.t = 3, .h = 10, .w = 9, .f = 2};

template <class Report>
struct Restored {
  std::vector<float> z;
  Report report;
};

/// What solve(ex, operator, measurement, result) makes of a video with missing entries.
template <class Ex, class Solve>
auto restored(const Ex& ex, const Solve& solve) {
  Random random(3);
  Buffer<float> kept(video.size());
  std::vector<float> y(static_cast<std::size_t>(video.size()));
  for (float& m : kept) m = random.uniform() < 0.6;
  for (Index i = 0; i < video.size(); ++i)
    y[static_cast<std::size_t>(i)] = kept[i] * static_cast<float>(random.uniform());
  const Mask<float> a(video, kept);
  Restored<decltype(solve(ex, a, std::span<const float>(y), View<float>{}))> result{std::vector<float>(y.size()), {}};
  on_executor(ex, std::span<const float>(y), std::span(result.z), [&](std::span<const float> in, std::span<float> out) {
    result.report = solve(ex, a, in, View<float>{out.data(), video});
  });
  return result;
}

template <class Solve, class Compare>
void check(const Solve& solve, const Compare& compare) {
  const auto host = restored(Cpu{}, solve), device = restored(test_gpu(), solve);
  CHECK(relative_error(device.z, host.z) < 1e-5);
  REQUIRE(device.report.history.size() == host.report.history.size());
  for (std::size_t i = 0; i < host.report.history.size(); ++i)
    compare(device.report.history[i], host.report.history[i]);
}

void compare_residuals(const AdmmResiduals& device, const AdmmResiduals& host) {
  CHECK(device.primal == Approx(host.primal).epsilon(1e-4));
  CHECK(device.dual == Approx(host.dual).epsilon(1e-4));
}

const Wavelet<float> wavelet{.lambda = 0.05f};
const TotalVariation<float> total_variation{.lambda = 0.05f, .iterations = 5, .tolerance = 0};

}  // namespace

TEST_CASE("classical ADMM on the device makes the iterates of the host's") {
  const auto by = [](const auto& prior) {
    return [&](const auto& ex, const auto& a, auto y, auto z) {
      return admm(ex, prior, LeastSquares{}, a, y, z,
                  {.rho = 0.3f, .iterations = 8, .tolerance = 0, .relaxation = 1.4f});
    };
  };
  check(by(wavelet), compare_residuals);
  check(by(total_variation), compare_residuals);
}

TEST_CASE("half-quadratic splitting and proximal gradients on the device make the host's iterates") {
  check(
      [](const auto& ex, const auto& a, auto y, auto z) {
        return half_quadratic_splitting(ex, total_variation, LeastSquares{}, a, y, z,
                                        {.first_rho = 0.1f, .last_rho = 3, .iterations = 5});
      },
      compare_residuals);
  check([](const auto& ex, const auto& a, auto y,
           auto z) { return proximal_gradient(ex, total_variation, a, y, z, {.iterations = 6, .tolerance = 0}); },
        [](const ProximalGradientChange& device, const ProximalGradientChange& host) {
          CHECK(device.change == Approx(host.change).epsilon(1e-3));
          CHECK(device.step == Approx(host.step).epsilon(1e-4));
        });
}

TEST_CASE("primal-dual hybrid gradients on the device make the host's iterates under either error") {
  for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error})
    check(
        [=](const auto& ex, const auto& a, auto y, auto z) {
          return primal_dual_hybrid_gradient(ex, total_variation, a, y, z,
                                             {.data_term = data_term, .iterations = 6, .tolerance = 0});
        },
        [](const PrimalDualResiduals& device, const PrimalDualResiduals& host) {
          CHECK(device.primal == Approx(host.primal).epsilon(1e-3));
          CHECK(device.dual == Approx(host.dual).epsilon(1e-3));
          CHECK(device.step == Approx(host.step).epsilon(1e-4));
        });
}

}  // namespace admm_cuda_test
