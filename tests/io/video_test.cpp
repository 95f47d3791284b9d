// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/video.hpp"

#include "support/files.hpp"

namespace video_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Frame t is flat, with levels that tell frames and channels apart.
Tensor<float> flat_frames(Index frames, Index height, Index width) {
  Tensor<float> video({.t = frames, .h = height, .w = width, .f = 3});
  for (Index i = 0; i < video.size(); ++i)
    video[i] = (10.0f * float(i / video.shape().frame_size()) + 40.0f * float(i % 3)) / 255;
  return video;
}

void write_frames(const std::filesystem::path& folder, const Tensor<float>& video) {
  std::filesystem::create_directories(folder);
  const Shape frame{.h = video.shape().h, .w = video.shape().w, .f = 3};
  for (Index t = 0; t < video.shape().t; ++t)
    write_png(folder / sentence("frame", t, ".png"), View<const float>{video.data() + t * frame.size(), frame});
}

}  // namespace

TEST_CASE("a video file survives writing and reading up to its compression") {
  const TemporaryDirectory folder;
  const auto video = flat_frames(6, 32, 48);
  write_mp4(folder / "x.mp4", video.view(), {.frames_per_second = 10});
  CHECK(folder.files() == std::vector<std::string>{"x.mp4"});
  CHECK(count_frames(folder / "x.mp4") == 6);
  const auto back = read_video<float>(folder / "x.mp4");
  REQUIRE(back.shape() == video.shape());
  for (Index i = 0; i < video.size(); ++i) REQUIRE(back[i] == Approx(video[i]).margin(8.0 / 255));

  const auto part = read_video<double>(folder / "x.mp4", {.start = 2, .frames = 3, .size = FrameSize{8, 6}});
  REQUIRE(part.shape() == Shape{.t = 3, .h = 8, .w = 6, .f = 3});
  for (Index t = 0; t < 3; ++t) CHECK(part(0, t, 4, 3, 1) == Approx((10.0 * double(t + 2) + 40) / 255).margin(0.02));
  CHECK(read_video<float>(folder / "x.mp4", {.start = 4}).shape().t == 2);
  CHECK(read_video<float>(folder / "x.mp4", {.color = Color::gray}).shape().f == 1);
}

TEST_CASE("odd and small videos are written so that players take them") {
  const TemporaryDirectory folder;
  write_mp4(folder / "odd.mp4", flat_frames(2, 15, 17).view());
  CHECK(read_video<float>(folder / "odd.mp4").shape() == Shape{.t = 2, .h = 16, .w = 18, .f = 3});
  Tensor<float> gray({.t = 2, .h = 14, .w = 14});
  write_mp4(folder / "large.mp4", gray.view(), {.magnification = 4});
  CHECK(read_video<float>(folder / "large.mp4").shape() == Shape{.t = 2, .h = 56, .w = 56, .f = 3});
}

TEST_CASE("a directory of pictures is a video in the order people count") {
  const TemporaryDirectory folder;
  const auto video = flat_frames(12, 4, 6);
  write_frames(folder / "frames", video);
  write_text(folder / "frames/notes.txt", "not a frame");
  CHECK(count_frames(folder / "frames") == 12);
  const auto back = read_video<float>(folder / "frames");
  REQUIRE(back.shape() == video.shape());
  for (Index i = 0; i < video.size(); ++i) REQUIRE(back[i] == Approx(video[i]).margin(1e-6));
  CHECK(read_video<float>(folder / "frames", {.start = 10, .frames = 2})[0] == Approx(100.0 / 255));
  CHECK(read_video<float>(folder / "frames/frame3.png").shape() == Shape{.t = 1, .h = 4, .w = 6, .f = 3});
  CHECK(count_frames(folder / "frames/frame3.png") == 1);
}

TEST_CASE("names are ordered by their numbers") {
  const auto less = [](const char* a, const char* b) { return detail::natural_less(a, b); };
  CHECK(less("frame2.png", "frame10.png"));
  CHECK_FALSE(less("frame10.png", "frame2.png"));
  CHECK(less("a1b2", "a1b10"));
  CHECK(less("a", "b"));
  CHECK(less("a", "ab"));
  CHECK(less("000", "001"));
  CHECK(less("00099999999999999999999", "100000000000000000000"));
  CHECK(less("01", "1") != less("1", "01"));
  CHECK_FALSE(less("x7", "x7"));
}

TEST_CASE("endings tell pictures from videos in any case") {
  CHECK(is_image_file("a/b.PNG"));
  CHECK(is_video_file("clip.Mp4"));
  CHECK_FALSE(is_image_file("clip.mp4"));
  CHECK_FALSE(is_video_file("png"));
}

TEST_CASE("videos that cannot be read are refused in a sentence") {
  const TemporaryDirectory folder;
  const auto refused = [&](const std::string& name, const VideoOptions& options = {}) {
    return refusal([&] { read_video<float>(folder / name, options); });
  };
  CHECK_THAT(refused("absent.avi"), ContainsSubstring("absent.avi: the file does not exist"));
  write_text(folder / "text.avi", "no video");
  CHECK_THAT(refused("text.avi"), ContainsSubstring("text.avi: not a video that can be decoded"));
  std::filesystem::create_directories(folder / "empty");
  CHECK_THAT(refused("empty"), ContainsSubstring("holds no pictures"));

  write_frames(folder / "frames", flat_frames(3, 4, 6));
  CHECK_THAT(refused("frames", {.start = 2, .frames = 2}),
             ContainsSubstring("has 3 frames, but 2 from frame 2 on were asked for"));
  CHECK_THAT(refused("frames", {.start = 3}), ContainsSubstring("has 3 frames"));
  CHECK_THAT(refused("frames", {.start = -1}), ContainsSubstring("negative"));
  CHECK_THAT(refused("frames", {.frames = 0}), ContainsSubstring("at least one"));
  write_png(folder / "frames/frame4.png", Tensor<float>({.h = 5, .w = 6}).view());
  CHECK_THAT(refused("frames"), ContainsSubstring("the frame is 5x6, but the first one is 4x6"));
  CHECK(read_video<float>(folder / "frames", {.size = FrameSize{4, 6}}).shape().t == 4);

  const auto video = flat_frames(4, 16, 16);
  write_mp4(folder / "x.mp4", video.view());
  CHECK_THAT(refused("x.mp4", {.start = 1, .frames = 4}), ContainsSubstring("x.mp4: has 4 frames"));
}

TEST_CASE("videos that cannot be written are refused in a sentence") {
  const TemporaryDirectory folder;
  const auto video = flat_frames(1, 4, 4);
  CHECK_THAT(refusal([&] { write_mp4(folder / "x.avi", video.view()); }), ContainsSubstring("must end in .mp4"));
  CHECK_THAT(refusal([&] { write_mp4(folder / "no/x.mp4", video.view()); }), ContainsSubstring("does not exist"));
  CHECK_THROWS_AS(write_mp4(folder / "x.mp4", video.view(), {.frames_per_second = 0}), InputError);
  CHECK_THROWS_AS(write_mp4(folder / "x.mp4", Tensor<float>({.h = 4, .w = 4, .f = 2}).view()), ShapeError);
  CHECK_THROWS_AS(write_mp4(folder / "x.mp4", Tensor<float>({.n = 2, .h = 4, .w = 4}).view()), ShapeError);
  CHECK(folder.files().empty());
}

TEST_CASE("a real clip is decoded") {
  const std::filesystem::path clip =
      std::filesystem::path(VIDEOONENET_DATA_DIR) / "ucf101/videos/Archery/v_Archery_g01_c06.avi";
  if (!std::filesystem::exists(clip)) VIDEOONENET_SKIP("no UCF-101 clip in " VIDEOONENET_DATA_DIR);
  CHECK(count_frames(clip) == 108);
  const auto video = read_video<float>(clip, {.start = 100, .frames = 8});
  REQUIRE(video.shape() == Shape{.t = 8, .h = 240, .w = 320, .f = 3});
  for (float v : video.flat()) REQUIRE((v >= 0 && v <= 1));
  CHECK_THROWS_AS(read_video<float>(clip, {.start = 101, .frames = 8}), InputError);
}

}  // namespace video_test
