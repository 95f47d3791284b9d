// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/stroke_scene.hpp"

#include "support/catch.hpp"

namespace stroke_scene_test {

using namespace videoonenet;

TEST_CASE("every digit is a connected set of strokes inside the unit square") {
  std::array<int, 10> strokes{};
  for (const auto& stroke : detail::digit_strokes) {
    ++strokes[static_cast<std::size_t>(stroke.digit)];
    for (double p : stroke.points) CHECK((p >= 0 && p <= 1));
  }
  for (int count : strokes) CHECK(count >= 2);
}

TEST_CASE("the digit turns counter-clockwise by 40 degrees a frame") {
  const double a = 40 * std::numbers::pi / 180;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Random random(seed);
    const StrokeScene scene(random);
    for (int i = 0; i < 50; ++i) {
      const double x = random.uniform() - 0.5, y = random.uniform() - 0.5;
      // With y down, a counter-clockwise turn takes (x, y) to (x cos + y sin, y cos − x sin).
      const double turned_x = x * std::cos(a) + y * std::sin(a), turned_y = y * std::cos(a) - x * std::sin(a);
      CHECK(scene.coverage(turned_x, turned_y, 1, 40) == Approx(scene.coverage(x, y, 0, 40)).margin(1e-9));
      CHECK(scene.coverage(x, y, 9, 40) == Approx(scene.coverage(x, y, 0, 40)).margin(1e-9));
    }
  }
}

TEST_CASE("ink covers a digit-like part of the frame and stays inside it") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const StrokeScene scene(random);
    double ink = 0, border = 0;
    for (int h = 0; h < 28; ++h)
      for (int w = 0; w < 28; ++w) {
        const double c = scene.coverage((w + 0.5) / 28 - 0.5, (h + 0.5) / 28 - 0.5, 2, 28);
        REQUIRE((c >= 0 && c <= 1));
        ink += c / (28 * 28);
        if (h == 0 || w == 0 || h == 27 || w == 27) border += c;
      }
    INFO("seed " << seed);
    CHECK((ink > 0.03 && ink < 0.35));
    CHECK(border < 4);
  }
}

TEST_CASE("colour is the ink's, scaled by the coverage") {
  Random random(5), same(5);
  const StrokeScene scene(random), again(same);
  bool covered = false;
  for (int i = 0; i < 200; ++i) {
    const double x = random.uniform() - 0.5, y = random.uniform() - 0.5, c = scene.coverage(x, y, 0, 30);
    const auto color = scene.color(x, y, 0, 30);
    CHECK(color == again.color(x, y, 0, 30));
    CHECK(std::max({color[0], color[1], color[2]}) == Approx(c));
    covered = covered || c == 1;
  }
  CHECK(covered);
}

}  // namespace stroke_scene_test
