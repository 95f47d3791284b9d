// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/texture_scene.hpp"

#include "support/catch.hpp"

namespace texture_scene_test {

using namespace videoonenet;

namespace {

double distance(const TextureScene::Color& a, const TextureScene::Color& b) {
  return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

}  // namespace

TEST_CASE("a scene is a function of its generator") {
  Random random(3), same(3), other(4);
  const TextureScene scene(random), again(same), different(other);
  CHECK(scene.color(0.1, 0.2, 3, 64) == again.color(0.1, 0.2, 3, 64));
  CHECK(scene.color(0.1, 0.2, 3, 64) != different.color(0.1, 0.2, 3, 64));
}

TEST_CASE("a scene is colourful, changes slowly, and is bounded") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const TextureScene scene(random);
    double step = 0, span = 0, saturation = 0;
    const int count = 400;
    for (int i = 0; i < count; ++i) {
      const double x = random.uniform() - 0.5, y = random.uniform() - 0.5, t = 20 * random.uniform();
      const auto c = scene.color(x, y, t, 64);
      for (double v : c) REQUIRE((v > -1 && v < 2.5));
      step += distance(c, scene.color(x, y, t + 0.1, 64)) / count;
      span += distance(c, scene.color(-y, x, t + 20, 64)) / count;
      saturation += (std::max({c[0], c[1], c[2]}) - std::min({c[0], c[1], c[2]})) / count;
    }
    INFO("seed " << seed);
    CHECK(step < span / 4);
    CHECK(step > 0.001);
    CHECK(saturation > 0.05);
  }
}

TEST_CASE("detail beyond the frame's resolution is faded out") {
  Random random(7);
  const TextureScene scene(random);
  double coarse = 0, fine = 0;
  for (int i = 0; i < 500; ++i) {
    const double x = random.uniform() - 0.5, y = random.uniform() - 0.5;
    coarse += distance(scene.color(x, y, 0, 12), scene.color(x + 0.02, y, 0, 12));
    fine += distance(scene.color(x, y, 0, 256), scene.color(x + 0.02, y, 0, 256));
  }
  CHECK(coarse < 0.7 * fine);
}

}  // namespace texture_scene_test
