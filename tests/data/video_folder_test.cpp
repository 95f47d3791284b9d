// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/video_folder.hpp"

#include <set>

#include "support/files.hpp"

namespace video_folder_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void write_picture(const std::filesystem::path& path, float level) {
  Tensor<float> frame({.h = 6, .w = 8, .f = 3});
  for (float& v : frame.flat()) v = level;
  write_png(path, frame.view());
}

}  // namespace

TEST_CASE("videos and subfolders of pictures are clips; what cannot be used is noted") {
  const TemporaryDirectory folder;
  write_mp4(folder / "b.mp4", Tensor<float>({.t = 4, .h = 16, .w = 16, .f = 3}).view());
  write_mp4(folder / "short.mp4", Tensor<float>({.t = 1, .h = 16, .w = 16, .f = 3}).view());
  write_text(folder / "broken.avi", "no video");
  write_text(folder / "readme.txt", "no clip");
  std::filesystem::create_directories(folder / "a");
  std::filesystem::create_directories(folder / "empty");
  for (int i = 0; i < 3; ++i) write_picture(folder / sentence("a/", i, ".png"), 0.2f * float(i + 1));
  const VideoFolder data(folder.path(), {.shape = {.t = 2, .h = 3, .w = 4, .f = 1}});
  CHECK(data.size() == 2);
  REQUIRE(data.notes().size() == 1);
  CHECK_THAT(data.notes()[0],
             ContainsSubstring("skipped 2 clips") && ContainsSubstring("short.mp4") && ContainsSubstring("broken.avi"));
  Random random(2);
  Tensor<double> video(data.shape());
  data.sample(0, random, video.view());
  CHECK(video(0, 1, 0, 0, 0) - video(0, 0, 2, 3, 0) == Approx(0.2).margin(0.01));
}

TEST_CASE("pictures are clips of their own for T = 1 and frames of one clip otherwise") {
  const TemporaryDirectory folder;
  for (int i = 0; i < 3; ++i) write_picture(folder / sentence("p", i, ".png"), 0.2f * float(i + 1));
  const VideoFolder single(folder.path(), {.shape = {.t = 1, .h = 6, .w = 8, .f = 3}});
  CHECK(single.size() == 3);
  Random random(2);
  Tensor<float> image(single.shape());
  single.sample(2, random, image.view());
  CHECK(image[0] == Approx(0.6).margin(0.003));
  CHECK(VideoFolder(folder.path(), {.shape = {.t = 3, .h = 6, .w = 8, .f = 3}}).size() == 1);
  CHECK_THAT(refusal([&] { VideoFolder(folder.path(), {.shape = {.t = 4, .h = 6, .w = 8, .f = 3}}); }),
             ContainsSubstring("with at least 4 frames"));
}

TEST_CASE("cropped videos are parts of the stored frames, the same part of every frame, at places that differ") {
  const TemporaryDirectory folder;
  std::filesystem::create_directories(folder / "clip");
  for (int t = 0; t < 2; ++t) {
    Tensor<float> frame({.h = 6, .w = 8, .f = 3});  // red tells the row, green the column, blue the time
    for (Index h = 0; h < 6; ++h)
      for (Index w = 0; w < 8; ++w) {
        frame(0, 0, h, w, 0) = float(h) / 8;
        frame(0, 0, h, w, 1) = float(w) / 8;
        frame(0, 0, h, w, 2) = float(t) / 8;
      }
    write_png(folder / sentence("clip/", t, ".png"), frame.view());
  }
  const Shape shape{.t = 2, .h = 3, .w = 4, .f = 3};
  const VideoFolder data(folder.path(), {.shape = shape, .framing = Framing::crop});
  std::set<std::pair<long, long>> places;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Tensor<float> video(shape);
    data.sample(0, random, video.view());
    const auto at = [&](Index t, Index h, Index w, Index f) { return std::lround(8 * video(0, t, h, w, f)); };
    const long top = at(0, 0, 0, 0), left = at(0, 0, 0, 1);
    places.emplace(top, left);
    for (Index t = 0; t < 2; ++t)
      for (Index h = 0; h < 3; ++h)
        for (Index w = 0; w < 4; ++w)
          if (at(t, h, w, 0) != top + h || at(t, h, w, 1) != left + w || at(t, h, w, 2) != t)
            FAIL_CHECK("the entry " << t << ", " << h << ", " << w << " is not that of the stored frame");
  }
  CHECK(places.size() == 4 * 5);
  const VideoFolder large(folder.path(), {.shape = {.t = 2, .h = 7, .w = 4, .f = 3}, .framing = Framing::crop});
  Random random(1);
  Tensor<float> video(large.shape());
  CHECK_THAT(refusal([&] { large.sample(0, random, video.view()); }),
             ContainsSubstring("the frames are 6x8, too small to cut out 7x4"));
}

TEST_CASE("a folder that is not there, or a shape that videos cannot have, is refused") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { VideoFolder(folder / "absent"); }), ContainsSubstring("expected a folder of videos"));
  CHECK_THROWS_AS(VideoFolder(folder.path(), {.shape = {.t = 1, .h = 6, .w = 8, .f = 2}}), ShapeError);
  CHECK_THROWS_AS(VideoFolder(folder.path(), {.shape = {.n = 2, .h = 6, .w = 8, .f = 3}}), ShapeError);
}

TEST_CASE("a clip that announces more frames than it holds is read from an earlier frame") {
  const TemporaryDirectory folder;
  const auto path = folder / "cut.avi";
  {
    cv::VideoWriter writer(path.string(), cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25, cv::Size(320, 240));
    if (!writer.isOpened()) VIDEOONENET_SKIP("OpenCV has no motion-JPEG writer here");
    for (int t = 0; t < 10; ++t) writer.write(cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(20.0 * t)));
  }
  const Bytes file = read_bytes(path);
  std::size_t end = 0;
  for (int t = 0; t < 8; ++t)  // an AVI frame begins with "00dc": cut before the eighth
    end = std::string_view(reinterpret_cast<const char*>(file.data()), file.size()).find("00dc", end + 1);
  REQUIRE(end < file.size());
  std::filesystem::resize_file(path, end);
  const Index announced = detail::announced_frames(path), counted = count_frames(path);
  REQUIRE(counted < announced);
  REQUIRE(counted >= 2);
  Tensor<float> video({.t = 2, .h = 8, .w = 8, .f = 1});
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Random random(seed);
    detail::read_random_clip(path, Framing::resize, random, video.view());
    CHECK(video(0, 1, 4, 4, 0) - video(0, 0, 4, 4, 0) == Approx(20.0 / 255).margin(0.02));
  }
  Tensor<float> longer({.t = counted + 1, .h = 8, .w = 8, .f = 1});
  Random random(1);
  CHECK_THROWS_AS(detail::read_random_clip(path, Framing::resize, random, longer.view()), InputError);
}

}  // namespace video_folder_test
