// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/baselines/bicubic/bicubic.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace bicubic_test {

using namespace videoonenet;

namespace {

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-12;

template <class A, class T>
Tensor<T> measure_and_restore(const A& a, const Tensor<T>& x, const Bicubic<T>& bicubic = {}, const Cpu& ex = {}) {
  Buffer<T> y(a.range().size());
  a.apply(ex, x.flat(), y.span());
  Tensor<T> restored(x.shape());
  bicubic.restore(ex, a, y.span(), restored.view());
  return restored;
}

}  // namespace

TEMPLATE_TEST_CASE("Bicubic equals OpenCV's interpolation, and replicates where no box reaches", "", float, double) {
  using T = TestType;
  // cv2.resize(y, (12, 12), interpolation=cv2.INTER_CUBIC), rows 0, 5 and 11; the video has two more rows and columns.
  const Buffer<T> y{T(0.1), T(0.9), T(0.4), T(0.7), T(0.2), T(0.6), T(0.3), T(0.8), T(0.5)};
  const double expected[3][12] = {
      {-0.069499516487, -0.033591246605, 0.138740420341, 0.413306260109, 0.702951407433, 0.921372532845, 0.981999611855,
       0.864679598808, 0.655982518196, 0.450272917747, 0.335041546822, 0.312232756615},
      {0.71390914917, 0.697306060791, 0.616811108589, 0.485444808006, 0.34803545475, 0.25006301403, 0.236007928848,
       0.31054224968, 0.429185533524, 0.54458899498, 0.611846470833, 0.625412726402},
      {0.189053106308, 0.212280321121, 0.323645377159, 0.500664639473, 0.687560725212, 0.829245209694, 0.87030878067,
       0.79710149765, 0.665032672882, 0.534650707245, 0.461960482597, 0.447605729103}};
  const Shape shape{.h = 14, .w = 14};
  Tensor<T> x(shape);
  Bicubic<T>{.sharpness = -0.75}.restore(Cpu{}, BoxDownsample<T>(shape, 4), y.span(), x.view());
  const Index rows[3] = {0, 5, 11};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t w = 0; w < 12; ++w)
      CHECK(std::abs(x(0, 0, rows[r], static_cast<Index>(w), 0) - expected[r][w]) <= 2e-6);
  // Row 13 lies at 2.875 of 3 samples: only the sample before the last still counts beside the replicated one.
  const double overshoot = -0.75 * 1.875 * 1.875 * 1.875 + 3.75 * 1.875 * 1.875 - 6 * 1.875 + 3;
  const double corner = (1 - overshoot) * (0.5 + overshoot * (0.8 - 0.5)) + overshoot * (0.6 + overshoot * (0.2 - 0.6));
  CHECK(std::abs(x(0, 0, 13, 13, 0) - corner) <= 1e-6);
}

TEMPLATE_TEST_CASE("Bicubic with Keys' sharpness equals Pillow's interpolation away from the border", "", float,
                   double) {
  using T = TestType;
  // Image.fromarray(outer(s, s)).resize((16, 16), Image.BICUBIC), rows 3 to 12 of column 6.
  const double s[8] = {0.1, 0.9, 0.4, 0.6, 0.2, 0.7, 0.5, 0.3};
  const double expected[10] = {0.48941407, 0.29148924, 0.23885925, 0.33152404, 0.300036,
                               0.14439514, 0.16013916, 0.34726807, 0.40259704, 0.32612613};
  const Shape shape{.h = 16, .w = 16};
  Tensor<T> y({.h = 8, .w = 8}), x(shape);
  for (Index i = 0; i < 64; ++i) y[i] = static_cast<T>(s[i / 8] * s[i % 8]);
  Bicubic<T>{}.restore(Cpu{}, BoxDownsample<T>(shape, 2), y.flat(), x.view());
  for (Index h = 3; h < 13; ++h) CHECK(std::abs(x(0, 0, h, 6, 0) - expected[h - 3]) <= 1e-6);
}

TEMPLATE_TEST_CASE("Bicubic reproduces constants everywhere and ramps away from the border", "", float, double) {
  using T = TestType;
  for (const Index factor : {2, 3, 4}) {
    const Shape shape{.t = 2, .h = 23, .w = 26, .f = 3};
    Tensor<T> constant(shape), ramp(shape);
    for (T& v : constant.flat()) v = T(0.7);
    for (Index t = 0; t < shape.t; ++t)
      for (Index h = 0; h < shape.h; ++h)
        for (Index w = 0; w < shape.w; ++w)
          for (Index f = 0; f < shape.f; ++f)
            ramp(0, t, h, w, f) =
                static_cast<T>(0.02 * double(h) - 0.01 * double(w) + 0.1 * double(t) + 0.05 * double(f));
    const BoxDownsample<T> boxes(shape, factor);
    const Tensor<T> flat = measure_and_restore(boxes, constant);
    for (T v : flat.flat()) REQUIRE(std::abs(v - 0.7) <= tolerance<T>);

    const Tensor<T> restored = measure_and_restore(boxes, ramp);
    const Index rows = shape.h / factor * factor, cols = shape.w / factor * factor;
    for (Index t = 0; t < shape.t; ++t)
      for (Index h = 2 * factor; h < rows - 2 * factor; ++h)
        for (Index w = 2 * factor; w < cols - 2 * factor; ++w)
          for (Index f = 0; f < shape.f; ++f)
            REQUIRE(std::abs(restored(0, t, h, w, f) - ramp(0, t, h, w, f)) <= tolerance<T>);
  }
}

TEMPLATE_TEST_CASE("Bicubic puts the pixels that a strided blur kept where they came from", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 2, .h = 12, .w = 16, .f = 2};
  Tensor<T> x(shape), delta({.h = 1, .w = 1});
  Random random(5);
  for (T& v : x.flat()) v = static_cast<T>(random.uniform());
  delta[0] = 1;
  const Tensor<T> restored = measure_and_restore(StridedBlur<T>(shape, delta, 4), x);
  for (Index t = 0; t < shape.t; ++t)
    for (Index h = 0; h < shape.h; h += 4)
      for (Index w = 0; w < shape.w; w += 4)
        for (Index f = 0; f < shape.f; ++f) REQUIRE(restored(0, t, h, w, f) == x(0, t, h, w, f));

  // A symmetric kernel keeps a ramp, so the interpolant is the ramp again where the circular boundary is out of reach.
  const Shape wide{.h = 8, .w = 28};
  Tensor<T> kernel({.h = 3, .w = 3}), ramp(wide);
  for (T& v : kernel.flat()) v = T(1) / 9;
  for (Index i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<T>(0.03 * double(i % 28));
  const Tensor<T> back = measure_and_restore(StridedBlur<T>(wide, kernel, 4), ramp);
  for (Index w = 8; w <= 20; ++w) CHECK(std::abs(back(0, 0, 5, w, 0) - ramp(0, 0, 5, w, 0)) <= tolerance<T>);
}

TEST_CASE("Bicubic knows that a kernel of even size is centred between pixels") {
  const Shape shape{.t = 2, .h = 12, .w = 16, .f = 3};
  Tensor<double> x(shape), box({.h = 2, .w = 2});
  Random random(7);
  for (double& v : x.flat()) v = random.uniform();
  for (double& v : box.flat()) v = 0.25;
  // Flat 2 x 2, every second pixel: exactly the box means.
  const StridedBlur<double> strided(shape, box, 2);
  const BoxDownsample<double> boxes(shape, 2);
  Buffer<double> y(boxes.range().size());
  strided.apply(Cpu{}, x.flat(), y.span());
  Buffer<double> means(boxes.range().size());
  boxes.apply(Cpu{}, x.flat(), means.span());
  for (Index i = 0; i < y.size(); ++i) REQUIRE(std::abs(y[i] - means[i]) <= 1e-15);
  Tensor<double> from_strided(shape), from_boxes(shape);
  Bicubic<double>{}.restore(Cpu{}, strided, y.span(), from_strided.view());
  Bicubic<double>{}.restore(Cpu{}, boxes, y.span(), from_boxes.view());
  for (Index i = 0; i < x.size(); ++i) REQUIRE(from_strided[i] == from_boxes[i]);
}

TEST_CASE("Bicubic's sharpness has an effect, and threads have none") {
  const Shape shape{.t = 3, .h = 12, .w = 10, .f = 3};
  Tensor<float> x(shape);
  Random random(6);
  for (float& v : x.flat()) v = static_cast<float>(random.uniform());
  const BoxDownsample<float> boxes(shape, 2);
  const Tensor<float> keys = measure_and_restore(boxes, x),
                      parallel = measure_and_restore(boxes, x, {}, {.threads = 4});
  const Tensor<float> sharper = measure_and_restore(boxes, x, {.sharpness = -0.75});
  float difference = 0;
  for (Index i = 0; i < x.size(); ++i) {
    REQUIRE(keys[i] == parallel[i]);
    difference = std::max(difference, std::abs(keys[i] - sharper[i]));
  }
  CHECK(difference > 0.01f);
}

TEST_CASE("Bicubic refuses what does not fit in a sentence") {
  const Shape shape{.t = 2, .h = 6, .w = 8};
  const BoxDownsample<float> boxes(shape, 2);
  Buffer<float> y(boxes.range().size());
  Tensor<float> x(shape), wrong({.t = 2, .h = 8, .w = 6});
  CHECK_THROWS_AS(Bicubic<float>{}.restore(Cpu{}, boxes, y.span().first(3), x.view()), ShapeError);
  CHECK_THROWS_AS(Bicubic<float>{}.restore(Cpu{}, boxes, y.span(), wrong.view()), ShapeError);
  CHECK_THROWS_WITH(
      Bicubic<float>{.sharpness = std::numeric_limits<double>::infinity()}.restore(Cpu{}, boxes, y.span(), x.view()),
      "Bicubic::restore: the sharpness is inf, expected a finite number");
}

}  // namespace bicubic_test
