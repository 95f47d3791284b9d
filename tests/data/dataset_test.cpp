// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/dataset.hpp"

#include "support/files.hpp"

namespace dataset_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string refused(const DatasetOptions& options) {
  return refusal([&] { open_dataset<float>(options); });
}

}  // namespace

TEMPLATE_TEST_CASE("generated videos need no directory and any shape", "", float, double) {
  const auto texture = open_dataset<TestType>({});
  CHECK(texture.shape() == Shape{.t = 4, .h = 32, .w = 32, .f = 3});
  const Shape shape{.t = 2, .h = 9, .w = 8, .f = 1};
  const auto strokes = open_dataset<TestType>({.name = "synthetic:strokes", .shape = shape});
  Random random(1);
  CHECK(strokes.sample(0, random).shape() == shape);
  CHECK_THROWS_AS(open_dataset<TestType>({.name = "synthetic:noise"}), InputError);
  CHECK_THROWS_AS(open_dataset<TestType>({.name = "synthetic:"}), InputError);
}

TEST_CASE("unknown names and missing directories say what was expected") {
  const TemporaryDirectory folder;
  CHECK_THAT(refused({.name = "mnist"}),
             ContainsSubstring("\"mnist\" is unknown, expected rotated_mnist, scanned_cifar10"));
  CHECK_THAT(refused({.name = "ucf101"}), ContainsSubstring("ucf101 needs a directory"));
  CHECK_THAT(refused({.name = "rotated_mnist", .directory = folder / "absent"}), ContainsSubstring("absent"));
  CHECK_THAT(refused({.name = "rotated_mnist", .directory = folder.path()}),
             ContainsSubstring("t10k-images-idx3-ubyte"));
  CHECK_THAT(refused({.name = "scanned_cifar10", .directory = folder.path()}), ContainsSubstring("test_batch.bin"));
  CHECK_THAT(refused({.name = "ucf101", .directory = folder.path()}),
             ContainsSubstring("ucfTrainTestlist/testlist01.txt"));
  CHECK_THAT(refused({.name = "video", .directory = folder.path()}), ContainsSubstring("holds no video"));
}

TEST_CASE("a shape that the data do not have is refused, not ignored") {
  const TemporaryDirectory folder;
  Bytes idx{0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 6};
  idx.resize(idx.size() + 24);
  write_bytes(folder / "t10k-images-idx3-ubyte", {idx});
  const DatasetOptions options{.name = "rotated_mnist", .directory = folder.path()};
  const auto with_shape = [&](const Shape& shape) {
    DatasetOptions asked = options;
    asked.shape = shape;
    return open_dataset<float>(asked).shape();
  };
  CHECK(open_dataset<float>(options).shape() == Shape{.t = 9, .h = 2, .w = 3});
  CHECK(with_shape({.t = 4, .h = 2, .w = 3}) == Shape{.t = 4, .h = 2, .w = 3});
  CHECK_THROWS_AS(with_shape({.t = 9, .h = 3, .w = 3}), ShapeError);
}

TEST_CASE("only clips can be cropped") {
  CHECK_THAT(refusal([&] { open_dataset<float>({.name = "synthetic", .framing = Framing::crop}); }),
             ContainsSubstring("only the videos of ucf101 and video can be cropped, not those of synthetic"));
}

TEST_CASE("a folder's subfolder named like the split is taken when it is there") {
  const TemporaryDirectory folder;
  const Shape image{.h = 4, .w = 4, .f = 3};
  std::filesystem::create_directories(folder / "train");
  write_png(folder / "a.png", Tensor<float>(image).view());
  write_png(folder / "train/b.png", Tensor<float>(image).view());
  write_png(folder / "train/c.png", Tensor<float>(image).view());
  const auto open = [&](Split split) {
    return open_dataset<float>({.name = "video", .directory = folder.path(), .split = split, .shape = image});
  };
  CHECK(open(Split::train).size() == 2);
  CHECK(open(Split::train).notes().empty());
  CHECK_THAT(open(Split::test).notes().at(0), ContainsSubstring("has no subfolder test"));
}

}  // namespace dataset_test
