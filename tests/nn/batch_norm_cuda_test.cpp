// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/batch_norm/batch_norm_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"

namespace batch_norm_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

using Norm = BatchNorm<float, ScaledSoftplus>;
constexpr Shape shape{.n = 3, .t = 2, .h = 5, .w = 7, .f = 6};

/// Weights of a layer of six channels, whose running variances are positive.
std::vector<float> weights() {
  Random random(9);
  auto values = random_values(random, 24, 0.3);
  for (std::size_t i = 18; i < 24; ++i) values[i] = 0.5f + values[i] * values[i];
  return values;
}

struct Pass {
  LayerResults results;
  std::vector<float> updated;  ///< the weights after update_running_statistics
};

/// Forward, adjoint and update of the running statistics; the adjoint is not called for inference.
template <class Ex>
Pass pass(const Ex& ex, const Norm& norm, Purpose purpose) {
  Random random(10);
  auto parameters = to_executor(ex, weights());
  const auto x = to_executor(ex, random_values(random, shape.size(), 2));
  const auto grad_y = to_executor(ex, random_values(random, shape.size()));
  auto y = to_executor(ex, random_values(random, shape.size()));
  auto grad_x = to_executor(ex, random_values(random, shape.size()));
  auto grad_parameters = to_executor(ex, random_values(random, norm.parameter_count()));
  auto planned = plan(ex, [&](auto& memory) { return norm.make_cache(memory, shape); }, purpose);
  const View<const float> in{x.data(), shape};
  norm.forward(ex, parameters.span(), in, View<float>{y.data(), shape}, planned.cache);
  if (purpose == Purpose::training)
    norm.adjoint(ex, parameters.span(), planned.cache, View<const float>{grad_y.data(), shape},
                 View<float>{grad_x.data(), shape}, grad_parameters.span());
  norm.update_running_statistics(ex, planned.cache, parameters.span());
  return {{from_executor(ex, y), from_executor(ex, grad_x), from_executor(ex, grad_parameters)},
          from_executor(ex, parameters)};
}

void check_pass(const Norm& norm, Purpose purpose, bool updates) {
  const Pass expected = pass(Cpu{}, norm, purpose), got = pass(test_gpu(), norm, purpose);
  CHECK(relative_error(got.results.y, expected.results.y) < 1e-6);
  CHECK(relative_error(got.results.grad_x, expected.results.grad_x) < 1e-6);
  CHECK(relative_error(got.results.grad_parameters, expected.results.grad_parameters) < 1e-6);
  CHECK(relative_error(got.updated, expected.updated) < 1e-6);
  CHECK((got.updated == weights()) == !updates);
}

}  // namespace

TEST_CASE("device batch norms equal the host's, with the batch's statistics and with running ones") {
  check_layer_on_gpu(Norm{.channels = 6}, shape, {1, 16});
  check_layer_on_gpu(BatchNorm<float>{.channels = 1}, {.n = 2, .h = 33, .w = 9});
  check_pass({.channels = 6, .momentum = 0.7}, Purpose::training, true);
  check_pass({.channels = 6}, Purpose::inference, false);
  check_pass({.channels = 6, .statistics = BatchNormStatistics::running}, Purpose::training, false);
  check_pass({.channels = 6, .momentum = 0.1, .statistics = BatchNormStatistics::batch}, Purpose::inference, true);
}

}  // namespace batch_norm_cuda_test
