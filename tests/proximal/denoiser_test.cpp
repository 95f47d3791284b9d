// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/denoiser/denoiser.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace denoiser_test {

using namespace videoonenet;

namespace {

// The best linear denoiser of signals with unit variance, written so that it must not work in place.
template <class T>
void shrink(View<const T> v, T sigma, View<T> x) {
  std::ranges::fill(x.flat(), T(0));
  for (Index i = 0; i < v.size(); ++i) x.data[i] += v.data[i] / (1 + sigma * sigma);
}

struct NotADenoiser {};

}  // namespace

static_assert(ProximalOperator<Denoiser<float, decltype(&shrink<float>)>>);
static_assert(!ProximalOperator<Denoiser<float, NotADenoiser>>);

TEMPLATE_TEST_CASE("the denoiser is told the square root of tau lambda", "", float, double) {
  using T = TestType;
  T seen = T(0);
  const auto prior = denoiser<T>([&](View<const T>, T sigma, View<T>) { seen = sigma; }, T(0.5));
  Tensor<T> v(Shape{.w = 4}), x(v.shape());
  auto cache = make_cache(prior, Cpu{}, v.shape());
  apply_proximal(prior, Cpu{}, cache, v.view(), T(8), x.view());
  CHECK(seen == T(2));
}

TEMPLATE_TEST_CASE("a denoiser that cannot work in place is a safe prior", "", float, double) {
  using T = TestType;
  const auto report = testing::check_proximal(denoiser<T>(shrink<T>), {.n = 2, .t = 5, .h = 13, .w = 11, .f = 3});
  INFO(report);
  CHECK(report.passed);
}

TEMPLATE_TEST_CASE("a denoiser that takes an executor is given the caller's", "", float, double) {
  using T = TestType;
  int threads = 0;
  const auto prior = denoiser<T>([&](const Cpu& ex, View<const T> v, T, View<T> x) {
    threads = ex.threads;
    copy(ex, v.flat(), x.flat());
  });
  Tensor<T> v(Shape{.w = 4});
  v[2] = T(7);
  auto cache = make_cache(prior, Cpu{}, v.shape());
  apply_proximal(prior, Cpu{.threads = 2}, cache, v.view(), T(1), v.view());
  CHECK(threads == 2);
  CHECK(v[2] == T(7));
}

TEST_CASE("a denoiser refuses a negative noise level") {
  const auto prior = denoiser<float>(shrink<float>, -1.f);
  Tensor<float> v(Shape{.w = 4}), x(v.shape());
  auto cache = make_cache(prior, Cpu{}, v.shape());
  CHECK_THROWS_AS(prior.apply(Cpu{}, cache, v.view(), 1.f, x.view()), InputError);
}

}  // namespace denoiser_test
