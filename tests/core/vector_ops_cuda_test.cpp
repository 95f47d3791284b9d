// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/vector_ops_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"

namespace vector_ops_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

struct Arrays {
  std::vector<float> a, b, c;
  explicit Arrays(Index size) {
    Random random(8);
    a = random_values(random, size), b = random_values(random, size), c = random_values(random, size);
  }
};

/// Calls body(ex, a, b, c) with the same arrays, or what lies behind their first entry, on the host and on the device
/// and compares what it left in c.
template <class Body>
void same_on_both(const Body& body) {
  const TestGpu gpu = test_gpu();
  for (const Index size : {1, 3, 1000, 1501})
    for (const std::size_t offset : {0, 1}) {
      Arrays host(size);
      auto a = to_executor(gpu, host.a), b = to_executor(gpu, host.b), c = to_executor(gpu, host.c);
      const auto results = [&](const auto& ex, std::span<const float> x, std::span<const float> y, std::span<float> z) {
        return body(ex, x.subspan(offset), y.subspan(offset), z.subspan(offset));
      };
      const auto on_host = results(Cpu{}, host.a, host.b, host.c);
      const auto on_gpu = results(gpu, a.span(), b.span(), c.span());
      CHECK(relative_error(from_executor(gpu, c), host.c) < 1e-6);
      REQUIRE(on_host.size() == on_gpu.size());
      for (std::size_t i = 0; i < on_host.size(); ++i) CHECK(on_gpu[i] == Approx(on_host[i]).margin(1e-9));
    }
}

const std::vector<double> nothing;

}  // namespace

TEST_CASE("device vector operations equal the host's") {
  same_on_both([](const auto& ex, auto, auto, auto c) { return fill(ex, 3.5f, c), nothing; });
  same_on_both([](const auto& ex, auto a, auto, auto c) { return copy(ex, a, c), nothing; });
  same_on_both([](const auto& ex, auto a, auto, auto c) { return axpby(ex, 2.0f, a, -1.5f, c), nothing; });
  same_on_both([](const auto& ex, auto a, auto, auto c) { return axpby(ex, 2.0f, a, 0.0f, c), nothing; });
  same_on_both(
      [](const auto& ex, auto a, auto b, auto c) { return linear_combination(ex, 2.0f, a, 3.0f, b, c), nothing; });
  same_on_both([](const auto& ex, auto a, auto b, auto c) { return data_step_rhs(ex, a, 0.3f, b, a, c), nothing; });
  same_on_both([](const auto& ex, auto a, auto b, auto c) { return dual_ascent(ex, a, b, c), nothing; });
}

TEST_CASE("device reductions equal the host's") {
  same_on_both([](const auto& ex, auto a, auto b, auto) {
    return std::vector<double>{dot(ex, a, b), squared_norm(ex, a), squared_distance(ex, a, b)};
  });
  same_on_both([](const auto& ex, auto a, auto b, auto c) {
    const auto r = update_residuals(ex, a, b, c);
    return std::vector<double>{r.primal, r.dual};
  });
}

TEST_CASE("a device array with NaN is overwritten, not scaled") {
  const TestGpu gpu = test_gpu();
  const auto x = to_executor(gpu, std::vector<float>{1, 2});
  const auto y = to_executor(gpu, std::vector<float>{std::nanf(""), 1});
  axpby(gpu, 1.0f, x.span(), 0.0f, y.span());
  CHECK(from_executor(gpu, y) == std::vector<float>{1, 2});
}

}  // namespace vector_ops_cuda_test
