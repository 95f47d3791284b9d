// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/rotated_mnist.hpp"

#include "support/files.hpp"
#include "support/golden.hpp"

namespace rotated_mnist_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An IDX file of `count` 4×4 pictures; picture i is flat at level i.
void write_pictures(const std::filesystem::path& path, std::uint8_t count) {
  Bytes file{0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 4, 0, 0, 0, 4};
  for (std::uint8_t i = 0; i < count; ++i) file.insert(file.end(), 16, i);
  write_bytes(path, {file});
}

}  // namespace

TEST_CASE("the splits are the first nine tenths, the last tenth, and the test file") {
  const TemporaryDirectory folder;
  write_pictures(folder / "train-images-idx3-ubyte", 20);
  write_pictures(folder / "t10k-images-idx3-ubyte", 5);
  const RotatedMnist train(folder.path(), {.split = Split::train});
  const RotatedMnist validation(folder.path(), {.split = Split::validation});
  const RotatedMnist test(folder.path(), {.split = Split::test, .frames = 2});
  CHECK(train.size() == 18);
  CHECK(validation.size() == 2);
  CHECK(test.size() == 5);
  CHECK(train.shape() == Shape{.t = 9, .h = 2, .w = 2});
  Random random(1);
  Tensor<float> video(test.shape());
  REQUIRE(video.shape().t == 2);
  test.sample(4, random, video.view());
  CHECK(video(0, 0, 1, 1, 0) == 4.0f / 255);  // the centre of a flat picture stays flat at any angle
  CHECK(random.position() == 1);
  Tensor<float> nine(validation.shape());
  validation.sample(1, random, nine.view());
  CHECK(nine(0, 8, 1, 1, 0) == 19.0f / 255);
  CHECK_THROWS_AS(test.sample(5, random, video.view()), InputError);
  CHECK_THROWS_AS(test.sample(0, random, nine.view()), ShapeError);
}

TEST_CASE("what Rotated MNIST cannot be made of is refused") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { RotatedMnist(folder.path()); }),
             ContainsSubstring("expected MNIST's t10k-images-idx3-ubyte"));
  write_pictures(folder / "train-images-idx3-ubyte", 5);
  CHECK_THAT(refusal([&] { RotatedMnist(folder.path(), {.split = Split::validation}); }),
             ContainsSubstring("too few pictures"));
  CHECK_THROWS_AS(RotatedMnist(folder.path(), {.split = Split::train, .frames = 0}), InputError);
}

TEST_CASE("the frames are those Pillow's rotation gives") {
  const auto folder = std::filesystem::path(VIDEOONENET_DATA_DIR) / "mnist";
  const auto file = std::filesystem::path(VIDEOONENET_DATA_DIR) / "../golden/rotated_mnist.safetensors";
  if (!std::filesystem::exists(folder) || !std::filesystem::exists(file))
    VIDEOONENET_SKIP("no MNIST or no golden/rotated_mnist.safetensors beside " VIDEOONENET_DATA_DIR);
  const auto index = golden::load(file.string(), "index"), phase = golden::load(file.string(), "phase_degrees");
  const auto frames = golden::load(file.string(), "frames");
  const RotatedMnist data(folder);
  CHECK(data.size() == 10000);
  Tensor<double> video(data.shape());
  REQUIRE(std::ssize(frames.values) == std::ssize(index.values) * video.size());
  double largest = 0;
  for (std::size_t i = 0; i < index.values.size(); ++i) {
    data.render(static_cast<Index>(index.values[i]), phase.values[i], video.view());
    for (Index k = 0; k < video.size(); ++k) {
      const double expected = frames.values[i * static_cast<std::size_t>(video.size()) + static_cast<std::size_t>(k)];
      largest = std::max(largest, std::abs(255 * video[k] - expected));
    }
  }
  CHECK(largest < 1e-9);
}

}  // namespace rotated_mnist_test
