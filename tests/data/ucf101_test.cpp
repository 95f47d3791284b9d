// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/ucf101.hpp"

#include "support/files.hpp"

namespace ucf101_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string refused(const std::string& list) {
  return refusal([&] { parse_ucf_list(bytes(list), "trainlist01.txt"); });
}

}  // namespace

TEST_CASE("official lists are read with either line end, with and without class numbers") {
  const auto clips = parse_ucf_list(
      bytes(
          "Archery/v_Archery_g08_c01.avi 3\r\n\r\nHandstandPushups/v_HandStandPushups_g25_c12.avi\nA/v_A_g01_c01.avi"),
      "list");
  REQUIRE(clips.size() == 3);
  CHECK(clips[0].file == "v_Archery_g08_c01.avi");
  CHECK(clips[0].group == 8);
  CHECK(clips[1].file == "v_HandStandPushups_g25_c12.avi");
  CHECK(clips[1].group == 25);
  CHECK(clips[2].file == "v_A_g01_c01.avi");
}

TEST_CASE("a damaged list is refused with its line") {
  const std::string good = "Archery/v_Archery_g08_c01.avi 3\r\n";
  for (const char* bad :
       {"Archery/v_Archery_g08_c01.avi x", "Archery/v_Archery_g08_c01", "Archery\\v_Archery_g08_c01.avi", "Archery/",
        "../v_Archery_g08_c01.avi", "Archery/../v_Archery_g08_c01.avi", "Archery/v_Bowling_g08_c01.avi", "/", " ",
        "Archery/v_Archery_g0x_c01.avi", "Archery/v_Archery_g08_c00.avi", "Archery/v_Archery_c01.avi", "A/v_.avi"}) {
    INFO(bad);
    CHECK_THAT(refused(good + bad + "\r\n"), ContainsSubstring("trainlist01.txt: line 2 is not of the form"));
  }
  CHECK_THAT(refused(""), ContainsSubstring("names no clip"));
  CHECK_THAT(refused("\r\n\r\n"), ContainsSubstring("names no clip"));
}

TEST_CASE("splits, spelling and missing clips") {
  const TemporaryDirectory folder;
  std::filesystem::create_directories(folder / "ucfTrainTestlist");
  std::filesystem::create_directories(folder / "videos/HandStandPushups");
  write_text(folder / "ucfTrainTestlist/testlist01.txt",
             "HandstandPushups/v_HandStandPushups_g01_c01.avi\r\nArchery/v_Archery_g02_c01.avi\r\n");
  write_text(
      folder / "ucfTrainTestlist/trainlist01.txt",
      "Archery/v_Archery_g08_c01.avi 3\r\nArchery/v_Archery_g22_c01.avi 3\r\nArchery/v_Archery_g23_c01.avi 3\r\n");
  CHECK(Ucf101::split_clips(folder.path(), Split::train, 1).size() == 2);
  CHECK(Ucf101::split_clips(folder.path(), Split::validation, 1).size() == 1);
  CHECK_THAT(refusal([&] { Ucf101::split_clips(folder.path(), Split::test, 4); }),
             ContainsSubstring("no official split 4"));
  CHECK_THAT(refusal([&] { Ucf101::split_clips(folder.path(), Split::test, 2); }), ContainsSubstring("testlist02.txt"));
  CHECK_THAT(refusal([&] { Ucf101(folder.path()); }), ContainsSubstring("expected clips such as"));

  Tensor<float> clip({.t = 5, .h = 16, .w = 16, .f = 3});
  for (Index i = 0; i < clip.size(); ++i) clip[i] = 0.15f * float(i / clip.shape().frame_size());
  write_mp4(folder / "x.mp4", clip.view());
  std::filesystem::rename(folder / "x.mp4", folder / "videos/HandStandPushups/v_HandstandPushups_g01_c01.avi");
  const Ucf101 data(folder.path(), {.shape = {.t = 3, .h = 8, .w = 8, .f = 3}});
  CHECK(data.size() == 1);
  REQUIRE(data.notes().size() == 1);
  CHECK_THAT(data.notes()[0],
             ContainsSubstring("1 of 2 clips of this split are missing and skipped: v_Archery_g02_c01.avi"));

  Tensor<float> video(data.shape());
  std::vector<int> seen(3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    data.sample(0, random, video.view());
    const auto start = std::lround(video[0] / 0.15f);
    REQUIRE((start >= 0 && start <= 2));
    ++seen[static_cast<std::size_t>(start)];
    for (Index t = 0; t < 3; ++t) CHECK(video(0, t, 4, 4, 1) == Approx(0.15 * double(start + t)).margin(0.03));
  }
  for (int count : seen) CHECK(count > 0);
  CHECK_THROWS_AS(Ucf101(folder.path(), {.shape = {.t = 3, .h = 8, .w = 8, .f = 2}}), ShapeError);
}

TEST_CASE("the official split 1 has the published sizes, and real clips are found") {
  const auto folder = std::filesystem::path(VIDEOONENET_DATA_DIR) / "ucf101";
  if (!std::filesystem::exists(folder)) VIDEOONENET_SKIP("no UCF-101 in " VIDEOONENET_DATA_DIR);
  CHECK(Ucf101::split_clips(folder, Split::train, 1).size() == 7953);
  CHECK(Ucf101::split_clips(folder, Split::validation, 1).size() == 1584);
  CHECK(Ucf101::split_clips(folder, Split::test, 1).size() == 3783);
  const Ucf101 test(folder);
  CHECK(test.size() >= 1);
  CHECK(test.clips().size() == static_cast<std::size_t>(test.size()));
  Tensor<float> video(test.shape());
  Random random(1), again(1);
  test.sample(0, random, video.view());
  Tensor<float> same(test.shape());
  test.sample(0, again, same.view());
  CHECK(std::ranges::equal(video.flat(), same.flat()));
}

}  // namespace ucf101_test
