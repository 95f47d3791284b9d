// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/normalization/normalization_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"

namespace normalization_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device instance norms equal the host's, with any activation") {
  const Shape shape{.n = 3, .t = 2, .h = 11, .w = 7, .f = 6};
  check_layer_on_gpu(InstanceNorm<float, ScaledSoftplus>{}, shape, {1, 16, 64});
  check_layer_on_gpu(InstanceNorm<float, ScaledSoftplus>{.policy = InstanceNormPolicy::channel, .channels = 6}, shape,
                     {1, 16});
  check_layer_on_gpu(InstanceNorm<float, Elu>{}, shape);
  check_layer_on_gpu(InstanceNorm<float>{.policy = InstanceNormPolicy::channel, .channels = 300},
                     Shape{.n = 1, .t = 1, .h = 3, .w = 2, .f = 300});
}

TEST_CASE("device norms of any size, from any address on, equal the host's") {
  const TestGpu gpu = test_gpu(cuda::Precision::tf32, 6);
  const Normalization cases[] = {{.groups = 3, .pixels = 5000},
                                 {.groups = 270, .pixels = 36},
                                 {.groups = 2, .pixels = 4999},
                                 {.groups = 2, .pixels = 333, .channels = 3},
                                 {.groups = 1, .pixels = 3001, .channels = 4},
                                 {.groups = 2, .pixels = 501, .channels = 64},
                                 {.groups = 2, .pixels = 101, .channels = 65}};
  const ScaledSoftplus f;
  for (const Normalization& g : cases)
    for (const std::size_t offset : {0, 1}) {
      CAPTURE(g.groups, g.pixels, g.channels, offset);
      Random random(3);
      const auto size = static_cast<std::size_t>(g.size()), channels = static_cast<std::size_t>(g.channels);
      const auto x = random_values(random, g.size() + 1), grad_y = random_values(random, g.size() + 1);
      const auto grad_x = random_values(random, g.size() + 1), parameters = random_values(random, 2 * g.channels);
      const auto results = [&](const auto& ex) {
        const auto on_x = to_executor(ex, x), on_grad_y = to_executor(ex, grad_y), on_p = to_executor(ex, parameters);
        auto y = to_executor(ex, x), to = to_executor(ex, grad_x), grad_p = to_executor(ex, parameters);
        auto scratch = ex.template allocate<double>(normalization_scratch_size(ex, g));
        auto moments = ex.template allocate<Moments>(g.groups * g.channels);
        const auto in = [&](const auto& buffer) { return std::span<const float>(buffer.span()).subspan(offset, size); };
        const auto out = [&](auto& buffer) { return buffer.span().subspan(offset, size); };
        const auto first = [&](const auto& span) { return span.first(channels); };
        const auto last = [&](const auto& span) { return span.last(channels); };
        const std::span<const float> p = on_p.span();
        normalization_moments(ex, g, in(on_x), scratch.span(), moments.span());
        const std::span<const Moments> known = moments.span();
        normalization_forward(ex, g, f, in(on_x), first(p), last(p), known, out(y));
        normalization_adjoint(ex, g, f, in(on_x), first(p), last(p), known, in(on_grad_y), scratch.span(), out(to),
                              first(grad_p.span()), last(grad_p.span()));
        return std::array{from_executor(ex, y), from_executor(ex, to), from_executor(ex, grad_p)};
      };
      const auto on_gpu = results(gpu), on_host = results(Cpu{});
      for (std::size_t i = 0; i < on_host.size(); ++i) CHECK(relative_error(on_gpu[i], on_host[i]) < 1e-5);
    }
}

TEST_CASE("device norms of equal entries and of a large mean stay accurate") {
  const TestGpu gpu = test_gpu();
  const Normalization g{.groups = 2, .pixels = 3000};
  std::vector<float> values(6000, 0.1f);
  Random random(2);
  for (std::size_t i = 3000; i < 6000; ++i) values[i] = 1e4f + static_cast<float>(random.normal());
  const auto x = to_executor(gpu, values);
  auto scratch = gpu.allocate<double>(normalization_scratch_size(gpu, g));
  auto moments = gpu.allocate<Moments>(2);
  normalization_moments(gpu, g, std::span<const float>(x.span()), scratch.span(), moments.span());
  const auto got = from_executor(gpu, moments);
  std::vector<Moments> expected(2);
  std::vector<double> host_scratch(static_cast<std::size_t>(normalization_scratch_size(Cpu{}, g)));
  normalization_moments(Cpu{}, g, std::span<const float>(values), std::span(host_scratch), std::span(expected));
  CHECK(got[0].mean == Approx(double(0.1f)));
  CHECK(got[0].deviation == 0);
  CHECK(got[1].mean == Approx(expected[1].mean).epsilon(1e-12));
  CHECK(got[1].deviation == Approx(expected[1].deviation).epsilon(1e-6));
}

}  // namespace normalization_cuda_test
