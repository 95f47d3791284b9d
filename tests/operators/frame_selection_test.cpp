// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/frame_selection/frame_selection.hpp"

#include "support/operator_checks.hpp"

namespace frame_selection_test {

using namespace operator_checks;
using Frames = std::vector<Index>;

namespace {

/// Row (j, p) has a one in column (frames[j], p).
Eigen::MatrixXd reference(const Shape& s, const Frames& frames) {
  const Index pixels = s.h * s.w * s.f;
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(std::ssize(frames) * pixels, s.size());
  for (Index j = 0; j < std::ssize(frames); ++j)
    for (Index p = 0; p < pixels; ++p) m(j * pixels + p, frames[static_cast<std::size_t>(j)] * pixels + p) = 1;
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("frame selection keeps the listed frames in order", "", float, double) {
  const FrameSelection<TestType> a({.t = 3, .h = 1, .w = 2}, {2, 0});
  const auto y = applied(a, {1, 2, 3, 4, 5, 6});
  REQUIRE(y.size() == 4);
  CHECK((y[0] == 5 && y[1] == 6 && y[2] == 1 && y[3] == 2));
  const auto x = adjoint_applied(a, {1, 2, 3, 4});
  CHECK((x[0] == 3 && x[1] == 4 && x[2] == 0 && x[3] == 0 && x[4] == 1 && x[5] == 2));
}

TEMPLATE_TEST_CASE("frame selection equals its matrix", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes()) {
    Frames last_and_first{s.t - 1};
    if (s.t > 1) last_and_first.push_back(0);
    for (const Frames& frames : {prediction_frames(s.t, 0.4), last_and_first, interpolation_frames(s.t, 1)}) {
      const FrameSelection<T> a(s, frames);
      INFO(s << " keeping " << frames.size());
      CHECK(a.range() == Shape{.t = std::ssize(frames), .h = s.h, .w = s.w, .f = s.f});
      CHECK(a.frames() == frames);
      require_operator(a, reference(s, frames));
      require_diagonal(a);
      require_size_checks(a);
    }
  }
  require_same_bits(FrameSelection<T>(large_shape(), {0, 2, 4}));
}

TEST_CASE("interpolation keeps every q-th frame, as many as the ratio says") {
  CHECK(interpolation_frames(9, 0.5) == Frames{0, 2, 4, 6});
  CHECK(interpolation_frames(9, 0.25) == Frames{0, 4});
  CHECK(interpolation_frames(4, 0.5) == Frames{0, 2});
  CHECK(interpolation_frames(9, 1.0 / 3) == Frames{0, 3, 6});
  CHECK_THROWS_AS(interpolation_frames(9, 0.4), InputError);
  CHECK_THROWS_AS(interpolation_frames(3, 0.25), InputError);
  CHECK_THROWS_AS(interpolation_frames(9, 0.0), InputError);
  CHECK_THROWS_AS(interpolation_frames(9, 2.0), InputError);
}

TEST_CASE("prediction keeps the first frames, dropping what the ratio says") {
  CHECK(prediction_frames(9, 0.25) == Frames{0, 1, 2, 3, 4, 5, 6});
  CHECK(prediction_frames(9, 0.5) == Frames{0, 1, 2, 3, 4});
  CHECK(prediction_frames(9, 0.75) == Frames{0, 1, 2});
  CHECK(prediction_frames(4, 0.25) == Frames{0, 1, 2});
  CHECK(prediction_frames(4, 0.75) == Frames{0});
  CHECK(prediction_frames(100, 0.29).size() == 71);
  CHECK_THROWS_AS(prediction_frames(4, 1.0), InputError);
  CHECK_THROWS_AS(prediction_frames(4, -0.1), InputError);
}

TEST_CASE("frame selection refuses bad arguments") {
  const Shape s{.t = 3, .h = 2, .w = 2};
  CHECK_THROWS_AS(FrameSelection<float>(s, {}), InputError);
  CHECK_THROWS_AS(FrameSelection<float>(s, {0, 3}), InputError);
  CHECK_THROWS_AS(FrameSelection<float>(s, {-1}), InputError);
  CHECK_THROWS_AS(FrameSelection<float>(s, {1, 1}), InputError);
  CHECK_THROWS_AS(FrameSelection<float>({.n = 2, .t = 3, .h = 2, .w = 2}, {0}), ShapeError);
}

}  // namespace frame_selection_test
