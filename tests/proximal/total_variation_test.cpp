// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/total_variation/total_variation.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace total_variation_test {

using namespace videoonenet;

namespace {

template <class T>
using Norm = typename TotalVariation<T>::Norm;

template <class T>
struct Result {
  Tensor<T> x;
  TotalVariationReport report;
};

template <class T>
Result<T> prox(const TotalVariation<T>& prior, const Tensor<T>& v, T tau, const Cpu& ex = {}) {
  auto cache = prior.make_cache(ex, v.shape());
  Tensor<T> x(v.shape());
  prior.apply(ex, cache, v.view(), tau, x.view());
  return {x, cache.reports.back()};
}

template <class T>
Tensor<T> random_video(const Shape& shape, std::uint64_t seed = 5) {
  Tensor<T> v(shape);
  Random(seed).fill_normal(v.flat());
  return v;
}

template <class T>
double rms(const Tensor<T>& a, const Tensor<T>& b) {
  return std::sqrt(squared_distance(Cpu{}, a.flat(), b.flat()) / double(a.size()));
}

// One difference: the entries it joins, and the pixel it belongs to.
struct Difference {
  Index from, to, pixel;
  double weight;
};

std::vector<Difference> differences(const Shape& s, double at, double ah, double aw) {
  std::vector<Difference> all;
  for (Index n = 0; n < s.n; ++n)
    for (Index t = 0; t < s.t; ++t)
      for (Index h = 0; h < s.h; ++h)
        for (Index w = 0; w < s.w; ++w)
          for (Index f = 0; f < s.f; ++f) {
            const Index here = s.offset(n, t, h, w, f);
            if (t + 1 < s.t) all.push_back({here, s.offset(n, t + 1, h, w, f), here, at});
            if (h + 1 < s.h) all.push_back({here, s.offset(n, t, h + 1, w, f), here, ah});
            if (w + 1 < s.w) all.push_back({here, s.offset(n, t, h, w + 1, f), here, aw});
          }
  return all;
}

// Plain projected gradient on the dual, many steps, from the list of differences.
Tensor<double> solve_slowly(const Tensor<double>& v, const std::vector<Difference>& all, double weight,
                            bool isotropic) {
  std::vector<double> p(all.size()), norms(static_cast<std::size_t>(v.size()));
  Tensor<double> x = v;
  for (int step = 0; step < 10000; ++step) {
    x = v;
    for (std::size_t i = 0; i < all.size(); ++i) {
      x[all[i].to] -= weight * all[i].weight * p[i];
      x[all[i].from] += weight * all[i].weight * p[i];
    }
    std::ranges::fill(norms, 0.0);
    for (std::size_t i = 0; i < all.size(); ++i) {
      p[i] += all[i].weight * (x[all[i].to] - x[all[i].from]) / (16 * weight);
      norms[static_cast<std::size_t>(all[i].pixel)] += p[i] * p[i];
    }
    for (std::size_t i = 0; i < all.size(); ++i)
      p[i] /= std::max(1.0, isotropic ? std::sqrt(norms[static_cast<std::size_t>(all[i].pixel)]) : std::abs(p[i]));
  }
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("two levels approach each other by weight over length", "", float, double) {
  using T = TestType;
  // Five zeros, three ones: the mean of each side moves by τλ over its length until they meet.
  for (auto norm : {Norm<T>::isotropic, Norm<T>::anisotropic})
    for (int axis = 0; axis < 3; ++axis) {
      const Shape shape{.t = axis == 0 ? 8 : 1, .h = axis == 1 ? 8 : 1, .w = axis == 2 ? 8 : 1};
      Tensor<T> v(shape);
      for (Index i = 5; i < 8; ++i) v[i] = T(1);
      const auto [x, report] =
          prox(TotalVariation<T>{.lambda = T(0.3), .norm = norm, .iterations = 1000, .tolerance = 0}, v, T(2));
      for (Index i = 0; i < 8; ++i) CHECK(double(x[i]) == Approx(i < 5 ? 0.12 : 0.8).margin(1e-5));
      CHECK(report.error_bound <= 1e-3);
      const auto [flat, ignored] =
          prox(TotalVariation<T>{.lambda = T(3), .norm = norm, .iterations = 1000, .tolerance = 0}, v, T(2));
      for (Index i = 0; i < 8; ++i) CHECK(double(flat[i]) == Approx(0.375).margin(1e-4));
    }
}

TEMPLATE_TEST_CASE("total variation by hand", "", float, double) {
  using T = TestType;
  // Two frames of 1×2: D_t = (1, 4), D_w of the first frame = 2, of the second = 5.
  Tensor<T> x(Shape{.t = 2, .h = 1, .w = 2}, std::vector<T>{T(0), T(2), T(1), T(6)});
  TotalVariation<T> prior{.lambda = T(0.5), .norm = Norm<T>::anisotropic};
  auto cache = prior.make_cache(Cpu{}, x.shape());
  CHECK(prior.value(Cpu{}, cache, x.view()) == Approx(0.5 * (1 + 4 + 2 + 5)));
  prior.norm = Norm<T>::isotropic;
  CHECK(prior.value(Cpu{}, cache, x.view()) == Approx(0.5 * (std::sqrt(1.0 + 4.0) + 4 + 5)));
  prior.weights = {.t = T(3), .h = T(7), .w = T(0)};
  CHECK(prior.value(Cpu{}, cache, x.view()) == Approx(0.5 * 3 * (1 + 4)));
}

TEST_CASE("the result equals that of a slow, independent solver") {
  for (const Shape& shape :
       {Shape{.t = 3, .h = 4, .w = 3, .f = 2}, Shape{.t = 1, .h = 5, .w = 4}, Shape{.t = 2, .h = 1, .w = 5, .f = 3}})
    for (bool isotropic : {true, false}) {
      INFO("shape " << shape << ", isotropic " << isotropic);
      const Tensor<double> v = random_video<double>(shape);
      const TotalVariation<double> prior{.lambda = 0.5,
                                         .norm = isotropic ? Norm<double>::isotropic : Norm<double>::anisotropic,
                                         .weights = {.t = 0.5, .h = 1, .w = 1.25},
                                         .iterations = 5000,
                                         .tolerance = 1e-6};
      const auto [x, report] = prox(prior, v, 0.8);
      CHECK(report.error_bound <= 1e-4);
      CHECK(rms(x, solve_slowly(v, differences(shape, 0.5, 1, 1.25), 0.4, isotropic)) < 1e-5);
    }
}

TEMPLATE_TEST_CASE("TotalVariation is a proximal operator to its tolerance", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.n = 2, .t = 5, .h = 6, .w = 7, .f = 3}, Shape{.t = 9, .h = 14, .w = 14},
                             Shape{.n = 3, .h = 9, .w = 8}, Shape{.n = 2, .t = 4}})
    for (auto norm : {Norm<T>::isotropic, Norm<T>::anisotropic}) {
      const auto report = testing::check_proximal(
          TotalVariation<T>{.lambda = T(0.2), .norm = norm, .iterations = 1000, .tolerance = 3e-4}, shape,
          {.draws = 1, .taus = {1}, .tolerance = 1e-4});
      INFO("shape " << shape << ": " << report);
      CHECK(report.passed);
    }
}

TEMPLATE_TEST_CASE("the stated error bound holds and the tolerance stops the steps", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 5, .h = 13, .w = 11, .f = 3});
  const auto exact = prox(TotalVariation<T>{.lambda = T(0.3), .iterations = 5000, .tolerance = 0}, v, T(1)).x;
  int previous = 0;
  for (double tolerance : {1e-1, 1e-2, 1e-3}) {
    const auto [x, report] =
        prox(TotalVariation<T>{.lambda = T(0.3), .iterations = 5000, .tolerance = tolerance}, v, T(1));
    CHECK(report.error_bound <= tolerance);
    CHECK(rms(x, exact) <= report.error_bound + 1e-5);
    CHECK(report.iterations > previous);
    CHECK(report.iterations < 5000);
    previous = report.iterations;
  }
  const auto [x, report] = prox(TotalVariation<T>{.lambda = T(0.3), .iterations = 7, .tolerance = 0}, v, T(1));
  CHECK(report.iterations == 7);
  CHECK(report.gap > 0);
  CHECK(rms(x, exact) <= report.error_bound);
}

TEMPLATE_TEST_CASE("a warm start continues where the cache stopped; without it every call is the first", "", float,
                   double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 5, .h = 13, .w = 11});
  for (bool warm_start : {true, false}) {
    const TotalVariation<T> prior{.lambda = T(0.5), .iterations = 10, .tolerance = 0, .warm_start = warm_start};
    auto cache = prior.make_cache(Cpu{}, v.shape());
    Tensor<T> first(v.shape()), second(v.shape());
    prior.apply(Cpu{}, cache, v.view(), T(1), first.view());
    const double gap = cache.reports[0].gap;
    prior.apply(Cpu{}, cache, v.view(), T(1), second.view());
    if (warm_start) {
      CHECK(cache.reports[0].gap < 0.5 * gap);
    } else {
      CHECK(cache.reports[0].gap == gap);
      CHECK(rms(first, second) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("every other option of TotalVariation has an effect", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 4, .h = 6, .w = 5});
  const TotalVariation<T> base{.lambda = T(0.2)};
  const Tensor<T> reference = prox(base, v, T(1)).x;
  TotalVariation<T> lambda = base, norm = base, t = base, h = base, w = base;
  lambda.lambda = T(0.3);
  norm.norm = Norm<T>::anisotropic;
  t.weights.t = T(0.5);
  h.weights.h = T(0);
  w.weights.w = T(2);
  for (const auto& changed : {lambda, norm, t, h, w}) CHECK(rms(prox(changed, v, T(1)).x, reference) > 1e-2);
}

TEMPLATE_TEST_CASE("any number of threads gives the same bits, for one video and for a batch", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.t = 7, .h = 13, .w = 11, .f = 3}, Shape{.n = 5, .t = 4, .h = 5, .w = 7},
                             Shape{.n = 2, .t = 5, .h = 3, .w = 3}}) {
    const Tensor<T> v = random_video<T>(shape);
    const TotalVariation<T> prior{.lambda = T(0.3), .iterations = 10, .tolerance = 1e-2};
    const auto one = prox(prior, v, T(1));
    for (int threads : {2, 3, 8}) {
      const auto many = prox(prior, v, T(1), Cpu{.threads = threads});
      CHECK(rms(one.x, many.x) == 0);
      CHECK(one.report.gap == many.report.gap);
      CHECK(one.report.iterations == many.report.iterations);
    }
  }
}

TEMPLATE_TEST_CASE("nothing to smooth: no weight, one entry, all weights zero", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 3, .h = 4, .w = 5}), single = random_video<T>({.n = 3});
  CHECK(rms(prox(TotalVariation<T>{.lambda = T(0)}, v, T(1)).x, v) == 0);
  CHECK(rms(prox(TotalVariation<T>{.weights = {.t = T(0), .h = T(0), .w = T(0)}}, v, T(1)).x, v) == 0);
  CHECK(rms(prox(TotalVariation<T>{}, single, T(1)).x, single) == 0);
}

TEST_CASE("TotalVariation refuses bad parameters and another shape than its cache's") {
  Tensor<float> v(Shape{.t = 2, .h = 3, .w = 4});
  CHECK_THROWS_AS(prox(TotalVariation<float>{.lambda = -1}, v, 1.f), InputError);
  CHECK_THROWS_AS(prox(TotalVariation<float>{}, v, -1.f), InputError);
  CHECK_THROWS_AS(prox(TotalVariation<float>{.weights = {.t = -1}}, v, 1.f), InputError);
  CHECK_THROWS_AS(prox(TotalVariation<float>{.iterations = 0}, v, 1.f), InputError);
  CHECK_THROWS_AS(prox(TotalVariation<float>{.tolerance = -1}, v, 1.f), InputError);
  const TotalVariation<float> prior;
  auto cache = prior.make_cache(Cpu{}, Shape{.h = 24});
  CHECK_THROWS_AS(prior.apply(Cpu{}, cache, v.view(), 1.f, v.view()), ShapeError);
}

}  // namespace total_variation_test
