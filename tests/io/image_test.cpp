// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/image.hpp"

#include "support/files.hpp"

namespace image_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class T>
Tensor<T> levels(const Shape& shape) {
  Tensor<T> frame(shape);
  for (Index i = 0; i < frame.size(); ++i) frame[i] = T(i * 37 % 256) / T(255);
  return frame;
}

}  // namespace

TEMPLATE_TEST_CASE("8-bit pictures survive writing and reading", "", float, double) {
  using T = TestType;
  const TemporaryDirectory folder;
  const auto color = levels<T>({.h = 5, .w = 7, .f = 3});
  write_png(folder / "color.png", color.view());
  const auto back = read_image<T>(folder / "color.png");
  REQUIRE(back.shape() == color.shape());
  for (Index i = 0; i < color.size(); ++i) REQUIRE(back[i] == Approx(color[i]).margin(1e-6));

  const auto gray = levels<T>({.h = 4, .w = 3});
  write_png(folder / "gray.png", gray.view());
  const auto gray_back = read_image<T>(folder / "gray.png", {.color = Color::gray});
  REQUIRE(gray_back.shape() == gray.shape());
  for (Index i = 0; i < gray.size(); ++i) REQUIRE(gray_back[i] == Approx(gray[i]).margin(1e-6));
}

TEST_CASE("grey is 0.299 R + 0.587 G + 0.114 B") {
  const TemporaryDirectory folder;
  const Tensor<double> color({.h = 1, .w = 1, .f = 3}, std::vector<double>{1.0, 0.2, 0.4});
  write_png(folder / "x.png", color.view());
  const auto gray = read_image<double>(folder / "x.png", {.color = Color::gray});
  CHECK(gray.size() == 1);
  CHECK(gray[0] == Approx(0.299 + 0.587 * 0.2 + 0.114 * 0.4));
}

TEST_CASE("shrinking averages areas") {
  const TemporaryDirectory folder;
  const Tensor<float> frame({.h = 2, .w = 4}, std::vector<float>{0, 1, 0.2f, 0.2f, 1, 0, 0.6f, 0.6f});
  write_png(folder / "x.png", frame.view());
  const auto small = read_image<float>(folder / "x.png", {.size = FrameSize{1, 2}, .color = Color::gray});
  REQUIRE(small.shape() == Shape{.h = 1, .w = 2});
  CHECK(small[0] == Approx(0.5).margin(0.003));
  CHECK(small[1] == Approx(0.4).margin(0.003));
  CHECK_THAT(refusal([&] { read_image<float>(folder / "x.png", {.size = FrameSize{0, 2}}); }),
             ContainsSubstring("cannot be resized to 0x2"));
}

TEST_CASE("16-bit pictures keep their depth") {
  const TemporaryDirectory folder;
  const cv::Mat picture(1, 2, CV_16UC1, cv::Scalar(257 * 100 + 1));
  REQUIRE(cv::imwrite((folder / "deep.png").string(), picture));
  CHECK(read_image<double>(folder / "deep.png")[0] == Approx(25701.0 / 65535).epsilon(1e-12));
}

TEST_CASE("values outside [0, 1] are clamped and NaN is black") {
  const TemporaryDirectory folder;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor<float> frame({.h = 1, .w = 4}, std::vector<float>{-3, 7, nan, 0.5f});
  write_png(folder / "x.png", frame.view());
  const auto back = read_image<float>(folder / "x.png", {.color = Color::gray});
  CHECK(back[0] == 0);
  CHECK(back[1] == Approx(1));
  CHECK(back[2] == 0);
  CHECK(back[3] == Approx(128.0 / 255));
}

TEST_CASE("pictures that cannot be read or written are refused in a sentence") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { read_image<float>(folder / "absent.png"); }), ContainsSubstring("does not exist"));
  write_text(folder / "text.png", "no picture");
  CHECK_THAT(refusal([&] { read_image<float>(folder / "text.png"); }), ContainsSubstring("text.png: not a picture"));
  write_text(folder / "empty.png", "");
  CHECK_THAT(refusal([&] { read_image<float>(folder / "empty.png"); }), ContainsSubstring("not a picture"));
  CHECK_THROWS_AS(write_png(folder / "x.png", Tensor<float>({.h = 2, .w = 2, .f = 2}).view()), ShapeError);
  CHECK_THROWS_AS(write_png(folder / "x.png", Tensor<float>({.t = 2, .h = 2, .w = 2}).view()), ShapeError);
}

}  // namespace image_test
