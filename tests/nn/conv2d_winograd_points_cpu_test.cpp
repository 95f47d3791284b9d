// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv2d/conv2d_winograd_points_cpu.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace conv2d_winograd_points_cpu_test {

using namespace videoonenet;
using namespace videoonenet::cpu::convolution::winograd;

namespace {

template <std::size_t N>
std::array<double, N> normals(std::uint64_t seed) {
  std::array<double, N> values;
  Random random(seed);
  for (double& v : values) v = random.normal();
  return values;
}

template <std::size_t N>
double dot(const std::array<double, N>& a, const std::array<double, N>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < N; ++i) sum += a[i] * b[i];
  return sum;
}

/// What the points of M outputs and a kernel of K taps have to satisfy.
template <Index M, Index K>
void require_transforms() {
  using Transforms = Interpolation<double, K>;
  constexpr std::size_t N = points_of<M, K>;
  INFO("F(" << M << ", " << K << ")");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto d = normals<N>(3 * seed), m = normals<N>(3 * seed + 1);
    const auto k = normals<K>(3 * seed + 2);
    const auto e = normals<M>(5 * seed);
    const auto v = Transforms::source(d);
    const auto u = Transforms::kernel(k);

    std::array<double, N> products;
    for (std::size_t i = 0; i < N; ++i) products[i] = v[i] * u[i];
    const auto y = Transforms::outputs(products);
    for (std::size_t r = 0; r < M; ++r) {
      double expected = 0;
      for (std::size_t s = 0; s < K; ++s) expected += k[s] * d[r + s];
      REQUIRE(std::abs(y[r] - expected) < 1e-13);
    }

    REQUIRE(std::abs(dot(Transforms::outputs(m), e) - dot(m, Transforms::gradient(e))) < 1e-13);

    // every row of a pair is a sum of even and one of odd inputs, added and subtracted but for 0 and ∞
    for (Index pair = 0; 2 * pair < static_cast<Index>(N); ++pair) {
      const auto source = PairOfPoints<double, K>::source(M, pair),
                 gradient = PairOfPoints<double, K>::gradient(M, pair);
      const auto sums = [&](const auto& terms, const auto& from) {
        std::array<double, 2> sum{};
        for (std::size_t i = 0; i < terms.input.size(); ++i)
          if (terms.factor[i] != 0) sum[i % 2] += terms.factor[i] * from[static_cast<std::size_t>(terms.input[i])];
        return pair == 0 ? sum : std::array{sum[0] + sum[1], sum[0] - sum[1]};
      };
      const auto w = Transforms::gradient(e);
      for (std::size_t i = 0; i < 2; ++i) {
        REQUIRE(std::abs(sums(source, d)[i] - v[static_cast<std::size_t>(2 * pair) + i]) < 1e-13);
        REQUIRE(std::abs(sums(gradient, e)[i] - w[static_cast<std::size_t>(2 * pair) + i]) < 1e-13);
      }
    }
  }
}

template <Index K>
void require_kernels() {
  using Transforms = Interpolation<double, K>;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto k = normals<K>(seed);
    const auto u = normals<points<K>>(seed + 100);
    REQUIRE(std::abs(dot(Transforms::kernel(k), u) - dot(k, Transforms::kernel_gradient(u))) < 1e-13);
  }
}

}  // namespace

TEST_CASE("Winograd's transforms compute short correlations, and have their adjoints") {
  require_transforms<wide, 3>();
  require_transforms<narrow, 3>();
  require_transforms<wide, 5>();
  require_transforms<narrow, 5>();
  require_kernels<3>();
  require_kernels<5>();
}

}  // namespace conv2d_winograd_points_cpu_test
