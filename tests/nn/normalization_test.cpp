// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "nn/layer_checks.hpp"
#include "videoonenet/nn/normalization/normalization_cpu.hpp"
#include "videoonenet/nn/normalization/normalization_reference.hpp"

namespace normalization_test {

using namespace videoonenet;
using layer_checks::deviation;

namespace {

template <class T>
struct Arrays {
  explicit Arrays(const Normalization& g, double mean = 0)
      : x(g.size()),
        y(g.size()),
        grad_y(g.size()),
        grad_x(g.size()),
        gamma(g.channels),
        beta(g.channels),
        grad_gamma(g.channels),
        grad_beta(g.channels),
        moments(g.groups * g.channels),
        scratch(normalization_scratch_size(Cpu{}, g)) {
    Random random(11);
    for (auto* a : {&x, &grad_y, &grad_x, &gamma, &beta, &grad_gamma, &grad_beta}) random.fill_normal(a->span());
    for (T& v : x) v += T(mean);
  }
  template <class F>
  void run(const Cpu& ex, const Normalization& g, const F& f) {
    const auto& constant = *this;
    normalization_moments(ex, g, constant.x.span(), scratch.span(), moments.span());
    normalization_forward(ex, g, f, x.span(), gamma.span(), beta.span(), constant.moments.span(), y.span());
    normalization_adjoint(ex, g, f, x.span(), gamma.span(), beta.span(), constant.moments.span(), grad_y.span(),
                          scratch.span(), grad_x.span(), grad_gamma.span(), grad_beta.span());
  }
  template <class F>
  void run_reference(const Normalization& g, const F& f) {
    const auto& constant = *this;
    reference::normalization_moments(g, constant.x.span(), moments.span());
    reference::normalization_forward(g, f, x.span(), gamma.span(), beta.span(), constant.moments.span(), y.span());
    reference::normalization_adjoint(g, f, x.span(), gamma.span(), beta.span(), constant.moments.span(), grad_y.span(),
                                     grad_x.span(), grad_gamma.span(), grad_beta.span());
  }

  Buffer<T> x, y, grad_y, grad_x, gamma, beta, grad_gamma, grad_beta;
  Buffer<Moments> moments;
  Buffer<double> scratch;
};

template <class T>
void require_agreement(const Arrays<T>& a, const Arrays<T>& b, double tolerance) {
  for (Index k = 0; k < a.moments.size(); ++k) {
    REQUIRE(a.moments[k].mean == Approx(b.moments[k].mean).epsilon(tolerance).margin(tolerance));
    REQUIRE(a.moments[k].deviation == Approx(b.moments[k].deviation).epsilon(tolerance).margin(tolerance));
  }
  REQUIRE(deviation(a.y, b.y) < 4 * tolerance);
  REQUIRE(deviation(a.grad_x, b.grad_x) < 4 * tolerance);
  REQUIRE(deviation(a.grad_gamma, b.grad_gamma) < 20 * tolerance);
  REQUIRE(deviation(a.grad_beta, b.grad_beta) < 20 * tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("normalization agrees with its definition for odd and large extents", "", float, double) {
  for (auto [groups, pixels, channels] : {std::array<Index, 3>{1, 1, 1},
                                          {2, 37, 1},
                                          {3, 9001, 1},
                                          {1, 70001, 1},
                                          {2, 35, 3},
                                          {1, 2500, 17},
                                          {3, 1100, 33}})
    for (auto placement : {EpsilonPlacement::deviation, EpsilonPlacement::variance})
      for (bool constant : {false, true}) {
        const Normalization g{groups, pixels, channels, 1e-2, placement, constant};
        INFO(groups << " groups, " << pixels << " pixels, " << channels << " channels");
        Arrays<TestType> a(g), b(g);
        a.run(Cpu{.threads = 2}, g, ScaledSoftplus{});
        b.run_reference(g, ScaledSoftplus{});
        require_agreement(a, b, sizeof(TestType) == 4 ? 2e-6 : 1e-12);
      }
}

TEST_CASE("normalization keeps float's digits however large the mean is, and wherever its parts differ") {
  for (Index channels : {1, 5}) {
    const Normalization g{.groups = 2, .pixels = 20000 / channels, .channels = channels};
    for (double mean : {1e2, 1e4, -3e5}) {
      Arrays<float> a(g, mean), b(g, mean);
      a.run(Cpu{}, g, Linear{});
      b.run_reference(g, Linear{});
      require_agreement(a, b, 2e-6);
    }
    // The first entries of every block, from which the first guess of the mean is taken, unlike all the others.
    Arrays<float> a(g), b(g);
    const Index block = cpu::detail::normalization_block(g) * channels;
    for (Index i = 0; i < g.size(); ++i)
      if (i % (g.pixels * channels) % block >= block / 16) a.x[i] = b.x[i] = a.x[i] + 1000;
    a.run(Cpu{}, g, Linear{});
    b.run_reference(g, Linear{});
    require_agreement(a, b, 4e-6);
  }
}

TEMPLATE_TEST_CASE("equal entries have no deviation, a finite result and no gradient through it", "", float, double) {
  using T = TestType;
  for (Index channels : {1, 3})
    for (double value : {0.0, 0.1, 1234.5678, -1e-20}) {
      const Normalization g{.groups = 2, .pixels = 997, .channels = channels};
      Arrays<T> a(g), b(g);
      std::ranges::fill(a.x, T(value));
      std::ranges::fill(b.x, T(value));
      a.run(Cpu{}, g, Linear{});
      b.run_reference(g, Linear{});
      for (const Moments& m : a.moments) REQUIRE(m.deviation == 0);
      for (Index i = 0; i < a.y.size(); ++i)
        REQUIRE(a.y[i] == Approx(a.beta[i % channels]).epsilon(1e-4).margin(sizeof(T) == 4 ? 1e-1 : 1e-9));
      for (T v : a.grad_x) REQUIRE(std::isfinite(v));
    }
}

TEST_CASE("normalization gives the same bits for every number of threads") {
  for (Index channels : {1, 20}) {
    const Normalization g{.groups = 3, .pixels = 100000 / channels, .channels = channels};
    Arrays<float> one(g), several(g);
    one.run(Cpu{.threads = 1}, g, ScaledSoftplus{});
    several.run(Cpu{.threads = 3}, g, ScaledSoftplus{});
    REQUIRE(std::ranges::equal(one.y, several.y));
    REQUIRE(std::ranges::equal(one.grad_x, several.grad_x));
    REQUIRE(std::ranges::equal(one.grad_gamma, several.grad_gamma));
    REQUIRE(std::ranges::equal(one.grad_beta, several.grad_beta));
  }
}

TEST_CASE("normalization keeps NaN") {
  const Normalization g{.pixels = 50};
  Arrays<float> a(g);
  a.x[49] = std::numeric_limits<float>::quiet_NaN();
  a.run(Cpu{}, g, ScaledSoftplus{});
  for (float v : a.y) REQUIRE(v != v);
}

}  // namespace normalization_test
