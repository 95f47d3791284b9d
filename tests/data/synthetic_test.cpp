// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/synthetic.hpp"

#include "support/catch.hpp"

namespace synthetic_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("generated videos hold multiples of 1/255 and do not depend on the threads", "", float, double) {
  using T = TestType;
  for (auto kind : {SyntheticKind::texture, SyntheticKind::strokes})
    for (Index channels : {1, 3, 4}) {
      const Shape shape{.t = 3, .h = 13, .w = 11, .f = channels};
      Random random(9), same(9);
      const auto one = synthetic_video<T>(Cpu{1}, kind, shape, random),
                 two = synthetic_video<T>(Cpu{2}, kind, shape, same);
      CHECK(one.shape() == shape);
      CHECK(std::ranges::equal(one.flat(), two.flat()));
      T low = 1, high = 0;
      for (T v : one.flat()) {
        REQUIRE((v >= 0 && v <= 1));
        REQUIRE(std::abs(std::round(v * 255) - v * 255) < 1e-4);
        low = std::min(low, v);
        high = std::max(high, v);
      }
      CHECK(high - low > T(0.2));
    }
}

TEST_CASE("one channel is the luminance of three") {
  Random random(2), same(2);
  const auto color = synthetic_video<double>(Cpu{}, SyntheticKind::strokes, {.t = 2, .h = 16, .w = 16, .f = 3}, random);
  const auto gray = synthetic_video<double>(Cpu{}, SyntheticKind::strokes, {.t = 2, .h = 16, .w = 16, .f = 1}, same);
  for (Index i = 0; i < gray.size(); ++i)
    CHECK(gray[i] ==
          Approx(0.299 * color[3 * i] + 0.587 * color[3 * i + 1] + 0.114 * color[3 * i + 2]).margin(1.01 / 255));
}

TEST_CASE("texture videos have motion between frames, at a pixel or two") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Random random(seed);
    const auto video =
        synthetic_video<double>(Cpu{}, SyntheticKind::texture, {.t = 8, .h = 32, .w = 32, .f = 3}, random);
    const Index frame = video.shape().frame_size();
    double near = 0, far = 0;
    for (Index i = 0; i < frame; ++i) {
      near += std::pow(video[i + frame] - video[i], 2);
      far += std::pow(video[i + 7 * frame] - video[i], 2);
    }
    INFO("seed " << seed);
    CHECK(near > 0);
    CHECK(far > 3 * near);
  }
}

TEST_CASE("the data set draws scenes by index and split, and first frames from the generator") {
  const SyntheticOptions options{.shape = {.t = 2, .h = 8, .w = 8, .f = 3}, .split = Split::test, .videos = 5};
  const SyntheticVideos data(options);
  SyntheticOptions training = options;
  training.split = Split::train;
  CHECK(data.size() == 5);
  const auto draw = [](const SyntheticVideos& from, Index index, std::uint64_t seed) {
    Random random(seed);
    Tensor<float> video(from.shape());
    from.sample(index, random, video.view());
    return std::vector<float>(video.flat().begin(), video.flat().end());
  };
  CHECK(draw(data, 1, 7) == draw(data, 1, 7));
  CHECK(draw(data, 1, 7) != draw(data, 1, 8));
  CHECK(draw(data, 1, 7) != draw(data, 2, 7));
  CHECK(draw(data, 1, 7) != draw(SyntheticVideos(training), 1, 7));
  CHECK_THROWS_AS(draw(data, 5, 7), InputError);
}

TEST_CASE("names and shapes that cannot be generated are refused") {
  CHECK(parse_synthetic_kind("texture") == SyntheticKind::texture);
  CHECK(parse_synthetic_kind("strokes") == SyntheticKind::strokes);
  CHECK_THROWS_AS(parse_synthetic_kind("noise"), InputError);
  CHECK_THROWS_AS(SyntheticVideos({.shape = {.n = 2}}), ShapeError);
  CHECK_THROWS_AS(SyntheticVideos({.videos = 0}), InputError);
  Random random(1);
  CHECK_THROWS_AS(synthetic_video<float>(Cpu{}, SyntheticKind::texture, {.n = 2}, random), ShapeError);
}

}  // namespace synthetic_test
