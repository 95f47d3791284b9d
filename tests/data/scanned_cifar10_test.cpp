// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/scanned_cifar10.hpp"

#include "support/files.hpp"

namespace scanned_cifar10_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Pictures whose pixel is 4·(row ≥ 16) + 2·(column ≥ 16) + 10·channel + 100·(picture odd).
void write_batch(const std::filesystem::path& path, int pictures) {
  Bytes file;
  for (int i = 0; i < pictures; ++i) {
    file.push_back(0);
    for (int f = 0; f < 3; ++f)
      for (int h = 0; h < 32; ++h)
        for (int w = 0; w < 32; ++w)
          file.push_back(static_cast<std::uint8_t>(4 * (h >= 16) + 2 * (w >= 16) + 10 * f + 100 * (i % 2)));
  }
  write_bytes(path, {file});
}

}  // namespace

TEST_CASE("the four corners follow each other columns first, boustrophedon") {
  const TemporaryDirectory folder;
  write_batch(folder / "test_batch.bin", 2);
  const ScannedCifar10 data(folder.path());
  CHECK(data.size() == 2);
  Tensor<double> video(data.shape());
  Random random(1);
  data.sample(1, random, video.view());
  const std::array<int, 4> corner{0, 4, 6, 2};  // top left, bottom left, bottom right, top right
  for (Index t = 0; t < 4; ++t)
    for (Index h : {0, 15})
      for (Index f = 0; f < 3; ++f)
        CHECK(video(0, t, h, 15 - h, f) * 255 == Approx(corner[static_cast<std::size_t>(t)] + 10 * int(f) + 100));
}

TEST_CASE("it works with the files that are there and says so") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { ScannedCifar10(folder.path()); }), ContainsSubstring("expected CIFAR-10's test_batch.bin"));
  CHECK_THAT(refusal([&] { ScannedCifar10(folder.path(), {.split = Split::train}); }),
             ContainsSubstring("data_batch_1.bin"));
  CHECK_THAT(refusal([&] { ScannedCifar10(folder / "absent"); }), ContainsSubstring("absent: expected CIFAR-10's"));
  write_batch(folder / "data_batch_2.bin", 12);
  write_batch(folder / "data_batch_4.bin", 8);
  write_batch(folder / "test_batch_first3.bin", 3);
  const ScannedCifar10 train(folder.path(), {.split = Split::train});
  CHECK(train.size() == 18);
  CHECK(ScannedCifar10(folder.path(), {.split = Split::validation}).size() == 2);
  REQUIRE(train.notes().size() == 1);
  CHECK_THAT(train.notes()[0],
             ContainsSubstring("20 of 50000 pictures are there (data_batch_2.bin, data_batch_4.bin)"));
  const ScannedCifar10 test(folder.path());
  CHECK(test.size() == 3);
  CHECK_THAT(test.notes().at(0), ContainsSubstring("3 of 10000"));
  write_batch(folder / "test_batch_first2.bin", 2);
  CHECK_THAT(refusal([&] { ScannedCifar10(folder.path()); }), ContainsSubstring("overlap"));
}

TEST_CASE("the real CIFAR-10 files are read") {
  const auto folder = std::filesystem::path(VIDEOONENET_DATA_DIR) / "cifar10";
  if (!std::filesystem::exists(folder)) VIDEOONENET_SKIP("no CIFAR-10 in " VIDEOONENET_DATA_DIR);
  const ScannedCifar10 test(folder);
  CHECK(test.size() >= 1017);
  Tensor<float> video(test.shape());
  Random random(1);
  test.sample(0, random, video.view());  // test picture 0, a cat: its first pixel is (158, 112, 49)
  CHECK(video(0, 0, 0, 0, 0) * 255 == Approx(158));
  CHECK(video(0, 0, 0, 0, 1) * 255 == Approx(112));
  CHECK(video(0, 0, 0, 0, 2) * 255 == Approx(49));
}

}  // namespace scanned_cifar10_test
