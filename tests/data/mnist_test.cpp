// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/mnist.hpp"

#include "support/files.hpp"

namespace mnist_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An IDX file of unsigned bytes 0, 1, 2, …
Bytes idx(const std::vector<std::uint32_t>& extents) {
  Bytes file{0, 0, 8, static_cast<std::uint8_t>(extents.size())};
  std::size_t size = 1;
  for (std::uint32_t extent : extents) {
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(static_cast<std::uint8_t>(extent >> shift));
    size *= extent;
  }
  for (std::size_t i = 0; i < size; ++i) file.push_back(static_cast<std::uint8_t>(i));
  return file;
}

std::string refused(const Bytes& file) {
  return refusal([&] { parse_idx(file, "x-idx3-ubyte"); });
}

}  // namespace

TEST_CASE("an IDX file gives its extents and items") {
  const IdxArray array = parse_idx(idx({3, 2, 4}), "x");
  CHECK(array.extents == std::vector<Index>{3, 2, 4});
  CHECK(array.item_size() == 8);
  CHECK(array.item(2)[0] == 16);
  CHECK(array.item(2).size() == 8);
  CHECK(parse_idx(idx({5}), "x").item(4)[0] == 4);
}

TEST_CASE("a damaged IDX file is refused in a sentence that names the defect") {
  Bytes magic = idx({2, 2}), type = magic, rank = magic, zero = magic, absurd = magic, extra = magic;
  magic[0] = 1;
  type[2] = 0x0D;
  rank[3] = 9;
  zero[7] = 0;
  absurd = idx({2, 2});
  for (std::size_t i = 4; i < 12; ++i) absurd[i] = 0xFF;
  extra.push_back(0);
  CHECK_THAT(refused({0, 0, 8}), ContainsSubstring("x-idx3-ubyte: truncated: the IDX magic"));
  CHECK_THAT(refused(magic), ContainsSubstring("does not begin with two zero bytes"));
  CHECK_THAT(refused(type), ContainsSubstring("number type 13, expected 8"));
  CHECK_THAT(refused(rank), ContainsSubstring("rank 9"));
  CHECK_THAT(refused(zero), ContainsSubstring("an IDX extent of 0 is zero or absurdly large"));
  CHECK_THAT(refused(absurd), ContainsSubstring("absurdly large"));
  CHECK_THAT(refused(extra), ContainsSubstring("1 bytes are left over"));
}

TEST_CASE("truncated and changed IDX files never crash the reader") {
  survives_damage(idx({4, 5, 6}), [](const Bytes& file) { parse_idx(file, "x"); });
}

TEST_CASE("MNIST's pictures are found under their names, plain or packed") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { read_mnist_images(folder.path(), "t10k"); }), ContainsSubstring("t10k-images-idx3-ubyte"));
  write_bytes(folder / "t10k-images.idx3-ubyte", {idx({2, 3, 3})});
  CHECK(read_mnist_images(folder.path(), "t10k").extents[0] == 2);
  write_bytes(folder / "train-images-idx3-ubyte", {idx({9})});
  CHECK_THAT(refusal([&] { read_mnist_images(folder.path(), "train"); }), ContainsSubstring("rank 1, expected 3"));
}

TEST_CASE("the real MNIST files are read") {
  const auto folder = std::filesystem::path(VIDEOONENET_DATA_DIR) / "mnist";
  if (!std::filesystem::exists(folder)) VIDEOONENET_SKIP("no MNIST in " VIDEOONENET_DATA_DIR);
  CHECK(read_mnist_images(folder, "t10k").extents == std::vector<Index>{10000, 28, 28});
  CHECK(read_idx(folder / "t10k-labels-idx1-ubyte.gz").extents == std::vector<Index>{10000});
}

}  // namespace mnist_test
