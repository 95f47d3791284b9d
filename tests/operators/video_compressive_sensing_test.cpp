// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing.hpp"

#include "support/operator_checks.hpp"

namespace video_compressive_sensing_test {

using namespace operator_checks;

namespace {

/// Frame 0 first; row (t, i, f) has Φ(i, p) at (t + 1, p, f) and −Φ(i, p) at (t, p, f).
template <class T>
Eigen::MatrixXd reference(const Shape& s, Index m, const Buffer<T>& phi) {
  const Index pixels = s.h * s.w, frame = pixels * s.f;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(frame + (s.t - 1) * m * s.f, s.size());
  a.topLeftCorner(frame, frame).setIdentity();
  for (Index t = 0; t + 1 < s.t; ++t)
    for (Index i = 0; i < m; ++i)
      for (Index f = 0; f < s.f; ++f)
        for (Index p = 0; p < pixels; ++p) {
          const Index row = frame + (t * m + i) * s.f + f;
          a(row, (t + 1) * frame + p * s.f + f) += double(phi[i * pixels + p]);
          a(row, t * frame + p * s.f + f) -= double(phi[i * pixels + p]);
        }
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("video compressive sensing keeps frame 0 and projects the differences", "", float, double) {
  const VideoCompressiveSensing<TestType> a({.t = 3, .h = 1, .w = 2}, 1, {1, 10});
  const auto y = applied(a, {1, 2, 4, 3, 5, 8});
  REQUIRE(y.size() == 4);
  CHECK((y[0] == 1 && y[1] == 2 && y[2] == 13 && y[3] == 51));
}

TEMPLATE_TEST_CASE("video compressive sensing equals its matrix", "", float, double) {
  using T = TestType;
  static_assert(std::is_same_v<structure_of<VideoCompressiveSensing<T>>, structure::CompressedDifferences>);
  for (const Shape& s : shapes())
    for (Index m : {1, 14, 21}) {
      const auto phi = gaussian<T>(m * s.h * s.w, 41);
      const VideoCompressiveSensing<T> a(s, m, phi);
      INFO(s << " with " << m << " measurements");
      CHECK(a.range() == flat_shape(s.frame_size() + (s.t - 1) * m * s.f));
      CHECK(a.measurements() == m);
      CHECK(std::ranges::equal(a.sensing_matrix(), phi.span()));
      require_operator(a, reference(s, m, phi));
      require_size_checks(a);
    }
}

TEMPLATE_TEST_CASE(
    "video compressive sensing of frames larger than a tile gives the same bits on any number of threads", "", float,
    double) {
  using T = TestType;
  const Shape s{.t = 3, .h = 27, .w = 41, .f = 3};
  const auto phi = gaussian<T>(131 * 27 * 41, 42);
  const VideoCompressiveSensing<T> a(s, 131, phi);
  require_same_bits(a);
  const auto x = gaussian<T>(s.size(), 43);
  const Eigen::VectorXd expected = reference(s, 131, phi) * as_vector(x);
  CHECK((as_vector(applied(a, x)) - expected).norm() <= tolerance<T>() * expected.norm());
}

TEST_CASE("video compressive sensing refuses bad arguments") {
  const Shape s{.t = 2, .h = 2, .w = 2, .f = 3};
  CHECK_THROWS_AS(VideoCompressiveSensing<float>(s, 2, Buffer<float>(7)), ShapeError);
  CHECK_THROWS_AS(VideoCompressiveSensing<float>(s, 0, Buffer<float>()), ShapeError);
  CHECK_THROWS_AS(VideoCompressiveSensing<float>(s, 1, {1, 2, 3, std::numeric_limits<float>::infinity()}), InputError);
  CHECK_THROWS_AS(VideoCompressiveSensing<float>({.n = 2, .h = 2, .w = 2}, 1, Buffer<float>(4)), ShapeError);
}

}  // namespace video_compressive_sensing_test
