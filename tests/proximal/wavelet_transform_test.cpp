// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/wavelet/wavelet_transform.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/io/safetensors.hpp"

namespace wavelet_transform_test {

using namespace videoonenet;

namespace {

template <class T>
Tensor<T> random_video(const Shape& shape, std::uint64_t seed = 3) {
  Tensor<T> x(shape);
  Random(seed).fill_normal(x.flat());
  return x;
}

template <class T>
double norm(const Tensor<T>& x) {
  return std::sqrt(squared_norm(Cpu{}, x.flat()));
}

template <class T>
Tensor<T> forward(const WaveletTransform<T>& w, const Tensor<T>& x, const Cpu& ex = {}) {
  auto scratch = w.make_scratch(ex);
  Tensor<T> c(x.shape());
  w.forward(ex, scratch, x.flat(), c.flat());
  return c;
}

template <class T>
double max_difference(const Tensor<T>& a, const Tensor<T>& b) {
  double worst = 0;
  for (Index i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(a[i]) - double(b[i])));
  return worst;
}

constexpr WaveletName all_wavelets[] = {WaveletName::haar, WaveletName::db2, WaveletName::db3, WaveletName::db4,
                                        WaveletName::db5,  WaveletName::db6, WaveletName::db7, WaveletName::db8};

}  // namespace

TEST_CASE("filters are orthonormal with the vanishing moments of their names") {
  for (WaveletName name : all_wavelets) {
    const auto h = scaling_filter(name);
    const Index taps = std::ssize(h), moments = taps / 2;
    const auto at = [&](Index i) { return i < taps ? h[static_cast<std::size_t>(i)] : 0.0; };
    for (Index shift = 0; shift < taps; shift += 2) {
      double product = 0;
      for (Index i = 0; i < taps; ++i) product += at(i) * at(i + shift);
      CHECK(std::abs(product - (shift == 0)) < 1e-14);
    }
    for (Index moment = 0; moment < moments; ++moment) {
      double sum = 0, scale = 0;
      for (Index i = 0; i < taps; ++i) {
        const double term = std::pow(double(i), double(moment)) * at(taps - 1 - i);
        sum += i % 2 ? -term : term;
        scale += std::abs(term);
      }
      CHECK(std::abs(sum) < 1e-13 * scale);
    }
  }
}

TEST_CASE("wavelets have names") {
  CHECK(wavelet_from_name("haar") == WaveletName::db1);
  for (WaveletName name : all_wavelets) CHECK(wavelet_from_name("db" + std::to_string(int(name))) == name);
  for (const char* bad : {"", "db", "db0", "db9", "db10", "Haar", "sym4"})
    CHECK_THROWS_AS(wavelet_from_name(bad), InputError);
}

TEST_CASE("coefficients equal PyWavelets'") {
  const Safetensors file(VIDEOONENET_GOLDEN_DIR "/operators.safetensors");
  const std::tuple<std::string, WaveletName, Index> cases[] = {{"wavelet.haar.level2", WaveletName::haar, 2},
                                                               {"wavelet.db2.level1", WaveletName::db2, 1},
                                                               {"wavelet.db4.level2", WaveletName::db4, 2},
                                                               {"wavelet.db8.level1", WaveletName::db8, 1}};
  for (const auto& [key, name, level] : cases) {
    INFO(key);
    const auto extents = file.extents(key + ".x");
    REQUIRE(extents.size() == 3);
    const Shape shape{.t = Index(extents[0]), .h = Index(extents[1]), .w = Index(extents[2])};
    const auto values = file.values<double>(key + ".x"), coefficients = file.values<double>(key + ".coefficients");
    const Tensor<double> x(shape, values.span()), expected(shape, coefficients.span());
    const WaveletTransform<double> w(shape, {name, name, name}, {.t = level, .h = level, .w = level});
    Tensor<double> c = forward(w, x), back(shape);
    CHECK(max_difference(c, expected) < 1e-10);
    auto scratch = w.make_scratch(Cpu{});
    w.inverse(Cpu{}, scratch, c.flat(), back.flat());
    CHECK(max_difference(back, x) < 1e-10);
  }
}

namespace {

// The definition, entry by entry, along one axis of a block at the origin.
void analyse_by_definition(Tensor<double>& c, const Shape& block, int axis, WaveletName name) {
  const auto h = scaling_filter(name);
  const Index taps = std::ssize(h), extents[] = {block.t, block.h, block.w};
  const Index n = extents[axis], half = n / 2, even = 2 * half;
  const Tensor<double> x = c;
  for (Index v = 0; v < block.n; ++v)
    for (Index t = 0; t < block.t; ++t)
      for (Index i = 0; i < block.h; ++i)
        for (Index j = 0; j < block.w; ++j)
          for (Index f = 0; f < block.f; ++f) {
            Index at[] = {t, i, j};
            const Index k = at[axis];
            double sum = 0;
            if (n % 2 && k == half) {
              at[axis] = n - 1;
              sum = x(v, at[0], at[1], at[2], f);
            } else {
              const bool detail = k >= n - half;
              for (Index tap = 0; tap < taps; ++tap) {
                const Index position = 2 * (detail ? k - (n - half) : k) + 1 - taps / 2 + tap;
                at[axis] = ((position % even) + even) % even;
                const auto mirrored = static_cast<std::size_t>(taps - 1 - tap), same = static_cast<std::size_t>(tap);
                sum += (detail ? (tap % 2 ? -h[mirrored] : h[mirrored]) : h[same]) * x(v, at[0], at[1], at[2], f);
              }
            }
            c(v, t, i, j, f) = sum;
          }
}

Tensor<double> forward_by_definition(Tensor<double> c, const AxisWavelets& wavelets, const Levels& levels) {
  const WaveletName names[] = {wavelets.t, wavelets.h, wavelets.w};
  const Index most[] = {levels.t, levels.h, levels.w};
  Shape block = c.shape();
  for (Index level = 1; level <= std::max({levels.t, levels.h, levels.w}); ++level) {
    for (int axis = 0; axis < 3; ++axis)
      if (most[axis] >= level) analyse_by_definition(c, block, axis, names[axis]);
    const auto halved = [&](Index n, Index axis_levels) { return axis_levels >= level ? (n + 1) / 2 : n; };
    block = {.n = block.n,
             .t = halved(block.t, most[0]),
             .h = halved(block.h, most[1]),
             .w = halved(block.w, most[2]),
             .f = block.f};
  }
  return c;
}

struct Case {
  Shape shape;
  AxisWavelets wavelets;
  Levels levels;
};

const Case cases[] = {
    {{.n = 2, .t = 5, .h = 13, .w = 11, .f = 3}, {}, {.t = 2, .h = 1, .w = 3}},
    {{.t = 9, .h = 14, .w = 14},
     {.t = WaveletName::db2, .h = WaveletName::db3, .w = WaveletName::db5},
     {.t = 3, .h = 2, .w = 1}},
    {{.t = 1, .h = 31, .w = 26, .f = 2}, {}, {.t = 0, .h = 3, .w = 2}},
    {{.t = 8, .h = 1, .w = 1}, {}, {.t = 3, .h = 0, .w = 0}},
    {{.t = 6, .h = 10, .w = 2, .f = 3},
     {.t = WaveletName::db8, .h = WaveletName::db7, .w = WaveletName::db6},
     {.t = 2, .h = 3, .w = 1}},
    {{.n = 3, .t = 4, .h = 7, .w = 5},
     {.t = WaveletName::db4, .h = WaveletName::haar, .w = WaveletName::db8},
     {.t = 1, .h = 0, .w = 2}},
    {{.t = 3, .h = 40, .w = 70, .f = 3}, {}, Levels::automatic},
    {{.t = 3, .h = 4, .w = 5, .f = 6}, {}, {}},
};

}  // namespace

TEMPLATE_TEST_CASE("coefficients follow the definition at any shape, levels and wavelets", "", float, double) {
  using T = TestType;
  constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  for (const Case& k : cases) {
    INFO("shape " << k.shape);
    const WaveletTransform<T> w(k.shape, k.wavelets, k.levels);
    const Tensor<T> x = random_video<T>(k.shape);
    Tensor<double> wide(k.shape);
    for (Index i = 0; i < x.size(); ++i) wide[i] = double(x[i]);
    const Tensor<double> expected = forward_by_definition(wide, k.wavelets, w.levels());
    const Tensor<T> c = forward(w, x);
    for (Index i = 0; i < c.size(); ++i) REQUIRE(std::abs(double(c[i]) - expected[i]) < tolerance * 10);
  }
}

TEMPLATE_TEST_CASE("the transform is orthonormal: norms stay, the inverse is the adjoint", "", float, double) {
  using T = TestType;
  constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  for (const Case& k : cases) {
    INFO("shape " << k.shape);
    const WaveletTransform<T> w(k.shape, k.wavelets, k.levels);
    const Tensor<T> x = random_video<T>(k.shape), y = random_video<T>(k.shape, 4);
    const Tensor<T> c = forward(w, x);
    CHECK(std::abs(norm(c) - norm(x)) < tolerance * norm(x));
    auto scratch = w.make_scratch(Cpu{});
    Tensor<T> copy_of_y = y, adjoint(k.shape), copy_of_c = c, back(k.shape);
    w.inverse(Cpu{}, scratch, copy_of_y.flat(), adjoint.flat());
    CHECK(std::abs(dot(Cpu{}, c.flat(), y.flat()) - dot(Cpu{}, x.flat(), adjoint.flat())) <
          tolerance * norm(x) * norm(y));
    w.inverse(Cpu{}, scratch, copy_of_c.flat(), back.flat());
    CHECK(max_difference(back, x) < 20 * tolerance);
  }
}

TEMPLATE_TEST_CASE("in place, with one thread or three: the same bits", "", float, double) {
  using T = TestType;
  for (const Case& k : cases) {
    const WaveletTransform<T> w(k.shape, k.wavelets, k.levels);
    const Tensor<T> x = random_video<T>(k.shape), c = forward(w, x);
    CHECK(max_difference(c, forward(w, x, Cpu{.threads = 3})) == 0);
    Tensor<T> in_place = x, back(k.shape);
    auto scratch = w.make_scratch(Cpu{});
    w.forward(Cpu{}, scratch, in_place.flat(), in_place.flat());
    CHECK(max_difference(c, in_place) == 0);
    Tensor<T> copy_of_c = c;
    w.inverse(Cpu{}, scratch, copy_of_c.flat(), back.flat());
    w.inverse(Cpu{.threads = 3}, scratch, in_place.flat(), in_place.flat());
    CHECK(max_difference(back, in_place) == 0);
  }
}

TEST_CASE("polynomials up to the vanishing moments have no details away from the ends") {
  const Shape shape{.t = 1, .h = 1, .w = 64};
  Tensor<double> x(shape);
  for (Index i = 0; i < 64; ++i) x[i] = std::pow(double(i) / 64, 3);
  const auto c = forward(WaveletTransform<double>(shape, {}, {.w = 1}), x);
  for (Index k = 3; k < 29; ++k) CHECK(std::abs(c[32 + k]) < 1e-13);
}

TEST_CASE("levels follow their rules") {
  const AxisWavelets db4{WaveletName::db4, WaveletName::db4, WaveletName::db4};
  const auto published = [&](Index t, Index h, Index w) {
    return resolve_levels(Levels::published, {.t = t, .h = h, .w = w}, db4);
  };
  CHECK(published(9, 14, 14).w == 0);  // Rotated MNIST: pixels are thresholded
  CHECK(published(4, 32, 32).h == 0);
  CHECK(published(16, 240, 320).t == 1);
  CHECK(published(16, 240, 320).w == 1);
  CHECK(published(28, 56, 28).h == 2);

  const auto automatic = [](Index t, Index h, Index w) {
    return resolve_levels(Levels::automatic, {.t = t, .h = h, .w = w}, {});
  };
  CHECK(automatic(9, 14, 13).t == 3);  // 9, 5, 3 and 2 frames: the carried frame is never filtered
  CHECK(automatic(9, 14, 13).h == 1);
  CHECK(automatic(9, 14, 13).w == 0);
  CHECK(automatic(13, 14, 14).t == 2);  // 13, 7, 4: here it would be
  CHECK(automatic(4, 32, 240).t == 2);
  CHECK(automatic(4, 32, 240).h == 2);
  CHECK(automatic(4, 32, 240).w == 5);
  CHECK(automatic(1, 1, 1).t == 0);

  const Shape shape{.t = 4, .h = 8, .w = 9};
  CHECK(resolve_levels({.t = 2, .h = 3, .w = 4}, shape, {}).w == 4);
  CHECK_THROWS_AS(resolve_levels({.t = 3}, shape, {}), InputError);
  CHECK_THROWS_AS(resolve_levels({.w = 5}, shape, {}), InputError);
  CHECK_THROWS_AS(resolve_levels({.h = -1}, shape, {}), InputError);
}

TEST_CASE("wrong sizes and wavelets are refused before any work") {
  const Shape shape{.h = 8, .w = 8};
  const WaveletTransform<float> w(shape, {}, {.h = 1, .w = 1});
  auto scratch = w.make_scratch(Cpu{});
  Buffer<float> right(64), wrong(63);
  CHECK_THROWS_AS(w.forward(Cpu{}, scratch, wrong.span(), right.span()), ShapeError);
  CHECK_THROWS_AS(w.inverse(Cpu{}, scratch, right.span(), wrong.span()), ShapeError);
  CHECK_THROWS_AS(WaveletTransform<float>(Shape{.w = 0}, {}, {}), ShapeError);
  CHECK_THROWS_AS(WaveletTransform<float>(shape, {.w = WaveletName(9)}, {}), InputError);
}

}  // namespace wavelet_transform_test
