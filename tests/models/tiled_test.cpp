// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/tiled/tiled.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

namespace tiled_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// y = θ times the sum over the 3×3×3 entries around, zero outside, of the first channel: looks one entry far.
template <class T>
struct Neighbours {
  using value_type = T;
  struct Cache {};
  Index shrink = 1;  ///< divides h, to be refused
  Shape output_shape(const Shape& x) const { return {.n = x.n, .t = x.t, .h = x.h / shrink, .w = x.w, .f = 2}; }
  Index parameter_count() const { return 1; }
  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <Executor Ex>
  void forward(const Ex&, Input<T> parameters, View<const T> x, View<T> y, Cache&) const {
    const Shape& s = x.shape;
    const auto inside = [](Index i, Index extent) { return i >= 0 && i < extent; };
    for (Index n = 0; n < s.n; ++n)
      for (Index t = 0; t < s.t; ++t)
        for (Index h = 0; h < s.h; ++h)
          for (Index w = 0; w < s.w; ++w) {
            T sum = 0;
            for (Index i = t - 1; i <= t + 1; ++i)
              for (Index j = h - 1; j <= h + 1; ++j)
                for (Index k = w - 1; k <= w + 1; ++k)
                  if (inside(i, s.t) && inside(j, s.h) && inside(k, s.w)) sum += x(n, i, j, k, 0);
            y(n, t, h, w, 0) = parameters[0] * sum;
            y(n, t, h, w, 1) = sum;
          }
  }
  template <Executor Ex>
  void adjoint(const Ex&, Input<T>, const Cache&, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    grad_x.data[0] += grad_y.data[0];
  }
};

template <class T>
Tensor<T> noise(const Shape& shape) {
  Tensor<T> x(shape);
  Random random(5);
  random.fill_normal(x.flat());
  return x;
}

template <class T, class Net>
Tensor<T> applied(const Net& net, const Tensor<T>& x, const Cpu& ex = {}) {
  Buffer<T> parameters(net.parameter_count());
  Random(3).fill_normal(parameters.span(), 0.3);
  Tensor<T> y(net.output_shape(x.shape()));
  auto planned = plan(ex, [&](auto& m) { return net.make_cache(m, x.shape()); }, Purpose::inference);
  net.forward(ex, parameters.span(), x.view(), y.view(), planned.cache);
  return y;
}

double distance(const auto& a, const auto& b) {
  double largest = 0;
  for (Index i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double(a[i]) - double(b[i])));
  return largest;
}

constexpr Shape video{.n = 2, .t = 7, .h = 19, .w = 23, .f = 3};

}  // namespace

TEST_CASE("the tiles of an axis cover it, overlap enough, and their weights add up to one") {
  for (Index extent : {1, 5, 16, 17, 40, 101})
    for (Index size : {0, 7, 8, 16, 200})
      for (const TileExtent tile : {TileExtent{size, 0, 0}, TileExtent{size, 2, 1}, TileExtent{size, 1, 4}}) {
        const TileAxis axis = TileAxis::cut(extent, tile, "h");
        INFO(extent << " in tiles of " << size << ", halo " << tile.halo << ", blend " << tile.blend);
        REQUIRE(axis.begin(0) == 0);
        REQUIRE(axis.begin(axis.count - 1) + axis.size == extent);
        for (Index i = 0; i + 1 < axis.count; ++i)
          REQUIRE(axis.begin(i) + axis.size - axis.begin(i + 1) >= tile.overlap());
        for (Index p = 0; p < extent; ++p) {
          double sum = 0;
          for (Index i = 0; i < axis.count; ++i) {
            sum += axis.weight(i, p);
            const bool in_halo = (i > 0 && p < axis.begin(i) + tile.halo) ||
                                 (i + 1 < axis.count && p >= axis.begin(i) + axis.size - tile.halo);
            if (in_halo) REQUIRE(axis.weight(i, p) == 0);
          }
          REQUIRE(sum == Approx(1));
        }
      }
}

TEST_CASE("a tile fades into its neighbour in equal steps") {
  // two tiles of 7 on 10 entries share 3 to 6; one at each side of it is the halo
  const TileAxis axis = TileAxis::cut(10, {.size = 7, .halo = 1, .blend = 2}, "w");
  REQUIRE(axis.count == 2);
  const double expected[] = {1, 1, 1, 1, 2.0 / 3, 1.0 / 3, 0, 0, 0, 0};
  for (Index p = 0; p < 10; ++p) REQUIRE(axis.weight(0, p) == Approx(expected[p]).margin(1e-15));
}

TEMPLATE_TEST_CASE("a net that looks no further than the halo gives on tiles what it gives on the whole", "", float,
                   double) {
  const Neighbours<TestType> net;
  const auto x = noise<TestType>(video);
  const auto whole = applied<TestType>(net, x);
  const TileExtent small{.size = 5, .halo = 1, .blend = 1}, wide{.size = 11, .halo = 1, .blend = 4};
  const double rounding = 50 * std::numeric_limits<TestType>::epsilon();
  for (const TileOptions& tiles : {TileOptions{.t = small, .h = small, .w = small}, TileOptions{.h = wide},
                                   TileOptions{.h = small, .w = wide}, TileOptions{.t = small}}) {
    const Tiled<Neighbours<TestType>> tiled{net, tiles};
    REQUIRE(distance(applied<TestType>(tiled, x), whole) < rounding);
    REQUIRE(distance(applied<TestType>(tiled, x, Cpu{.threads = 3}), applied<TestType>(tiled, x)) == 0);
  }
  // without a halo the borders of the tiles show
  const Tiled<Neighbours<TestType>> cut{net, {.h = {.size = 6, .halo = 0, .blend = 2}}};
  REQUIRE(distance(applied<TestType>(cut, x), whole) > 0.1);
}

TEST_CASE("convolutions on tiles leave no seam; what sees the whole frame makes tiles differ a little") {
  const auto plain = sequential(named("a", Conv2d<float>{.in = 3, .out = 4, .kernel = 3}),
                                named("b", Activation<float, Tanh>{}), named("c", Conv2d<float>{.in = 4, .kernel = 5}));
  const auto normed =
      sequential(named("a", Conv2d<float>{.in = 3, .out = 4, .kernel = 3}), named("b", InstanceNorm<float, Tanh>{}),
                 named("c", Conv2d<float>{.in = 4, .kernel = 5}));
  const auto x = noise<float>({.t = 2, .h = 40, .w = 61, .f = 3});
  const auto on_tiles = [&](const auto& net, Index halo) {
    const TileExtent tile{.size = 23, .halo = halo, .blend = 4};
    return applied<float>(Tiled<std::remove_cvref_t<decltype(net)>>{net, {.h = tile, .w = tile}}, x);
  };
  const auto whole = applied<float>(plain, x);
  CHECK(distance(on_tiles(plain, 3), whole) < 1e-5);  // 1 + 2 entries are all they look
  // A halo that is one entry short shows in that entry beside every cut, and nowhere else.
  const auto cut = on_tiles(plain, 2);
  CHECK(distance(cut, whole) > 1e-3);
  const auto shows = [](Index extent, Index p) {
    const TileAxis axis = TileAxis::cut(extent, {.size = 23, .halo = 2, .blend = 4}, "axis");
    bool seen = false;
    for (Index i = 0; i < axis.count; ++i)
      seen = seen || (i > 0 && p == axis.begin(i) + 2) || (i + 1 < axis.count && p == axis.begin(i) + axis.size - 3);
    return seen;
  };
  for (Index i = 0; i < whole.size(); ++i)
    if (!shows(40, i / 61 % 40) && !shows(61, i % 61)) REQUIRE(std::abs(cut[i] - whole[i]) < 1e-5);
  const double change = distance(on_tiles(normed, 3), applied<float>(normed, x));
  CHECK((change > 1e-3 && change < 0.5));
}

TEST_CASE("tiles are counted and announced one by one") {
  const auto x = noise<float>(video);
  const TileExtent tile{.size = 9, .halo = 1, .blend = 2};
  Tiled<Neighbours<float>> tiled{{}, {.h = tile, .w = tile}};
  Index announced = 0;
  tiled.on_tile = [&] { ++announced; };
  applied<float>(tiled, x);
  CHECK(announced == tiled.tiles.count(video));
  CHECK(announced == 3 * 4);
  tiled.tiles = {};
  applied<float>(tiled, x);
  CHECK((tiled.tiles.count(video) == 1 && announced == 3 * 4 + 1));
}

TEST_CASE("in a stream every tile carries a state of its own") {
  // kernels of one entry: tiles change nothing, so that windows must make what the whole video makes
  using Cell = MinimalRnn<float>;
  const TileExtent tile{.size = 9, .halo = 1, .blend = 2};
  const Tiled<Cell> tiled{Cell{.channels = 3, .kernel = 1}, {.h = tile, .w = tile}};
  const auto x = noise<float>(video);
  const auto expected = applied<float>(Cell{.channels = 3, .kernel = 1}, x);
  Buffer<float> parameters(tiled.parameter_count());
  Random(3).fill_normal(parameters.span(), 0.3);
  Shape window = video;
  window.n = 1, window.t = 3;
  auto planned = plan(Cpu{}, [&](auto& m) { return tiled.make_cache(m, window); }, Purpose::inference, 2);
  Tensor<float> y(window);
  for (Index begin = 0; begin + 3 <= video.t; begin += 2) {
    const Index offset = begin * video.frame_size();
    tiled.forward(Cpu{}, parameters.span(), {x.data() + offset, window}, y.view(), planned.cache);
    for (Index i = 0; i < y.size(); ++i) REQUIRE(y[i] == Approx(expected[offset + i]).margin(1e-6));
  }
}

TEST_CASE("one tile is the net itself") {
  const auto x = noise<float>(video);
  const Tiled<Neighbours<float>> tiled{{}, {.h = {.size = 19}, .w = {.size = 50}}};
  STATIC_REQUIRE(Layer<Tiled<Neighbours<float>>>);
  REQUIRE(distance(applied<float>(tiled, x), applied<float>(Neighbours<float>{}, x)) == 0);
  REQUIRE(planned_bytes(Cpu{}, [&](auto& m) { return tiled.make_cache(m, video); }) == 0);
  REQUIRE(tiled.parameters()[0].name == "parameters");
}

TEST_CASE("the memory of tiles does not grow with the video") {
  const Tiled<Neighbours<float>> tiled{{}, {.h = {.size = 32}, .w = {.size = 32}}};
  const auto bytes = [&](Index extent) {
    const Shape shape{.t = 4, .h = extent, .w = extent, .f = 3};
    return planned_bytes(Cpu{}, [&](auto& m) { return tiled.make_cache(m, shape); }, Purpose::inference);
  };
  REQUIRE(bytes(100) == 4 * 32 * 32 * (3 + 2) * 4);
  REQUIRE(bytes(1000) == bytes(100));
}

TEST_CASE("tiles are refused where they cannot work") {
  const auto refusal = [](const auto& tiled, Purpose purpose = Purpose::inference) {
    try {
      planned_bytes(Cpu{}, [&](auto& m) { return tiled.make_cache(m, video); }, purpose);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const TileExtent good{.size = 9, .halo = 1, .blend = 1};
  CHECK_THAT(refusal(Tiled<Neighbours<float>>{{}, {.h = good}}, Purpose::training),
             ContainsSubstring("trained on whole videos"));
  CHECK_THAT(refusal(Tiled<Neighbours<float>>{{}, {.h = {.size = 9, .halo = 4, .blend = 1}}}),
             ContainsSubstring("tiles of 9 entries along h overlap by 9"));
  CHECK_THAT(refusal(Tiled<Neighbours<float>>{{}, {.w = {.size = 9, .halo = -1}}}),
             ContainsSubstring("none of them negative"));
  CHECK_THAT(refusal(Tiled<Neighbours<float>>{{.shrink = 3}, {.h = good}}),
             ContainsSubstring("expected the same T, H"));
  const Tiled<Neighbours<float>> in_time{{}, {.t = {.size = 4, .halo = 1, .blend = 1}}};
  const auto make = [&](auto& m) { return in_time.make_cache(m, video); };
  CHECK_THROWS_WITH(planned_bytes(Cpu{}, make, Purpose::inference, 1), ContainsSubstring("along h and w only"));
}

}  // namespace tiled_test
