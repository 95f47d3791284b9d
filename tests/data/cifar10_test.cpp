// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/cifar10.hpp"

#include "support/files.hpp"

namespace cifar10_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Bytes record(std::uint8_t label) {
  Bytes bytes{label};
  for (int i = 0; i < 3072; ++i) bytes.push_back(static_cast<std::uint8_t>(i / 1024 * 100 + i % 1024 / 32 + i % 32));
  return bytes;
}

}  // namespace

TEST_CASE("a record is a label and three planes") {
  Cifar10 images;
  images.append(record(3), "batch");
  images.append(record(9), "batch");
  CHECK(images.size() == 2);
  CHECK(images.label(0) == 3);
  CHECK(images.label(1) == 9);
  CHECK(images.pixel(1, 0, 0, 0) == 0);
  CHECK(images.pixel(1, 5, 31, 2) == 200 + 5 + 31);
  CHECK(images.pixel(0, 31, 0, 1) == 100 + 31);
}

TEST_CASE("a damaged CIFAR-10 file is refused in a sentence") {
  Cifar10 images;
  const auto refused = [&](const Bytes& file) { return refusal([&] { images.append(file, "data_batch_1.bin"); }); };
  Bytes truncated = record(0);
  truncated.pop_back();
  CHECK_THAT(refused(truncated), ContainsSubstring("data_batch_1.bin: 3072 bytes are not a positive number"));
  CHECK_THAT(refused({}), ContainsSubstring("0 bytes"));
  CHECK_THAT(refused(record(10)), ContainsSubstring("record 0 has the label 10"));
  CHECK(images.size() == 0);
}

}  // namespace cifar10_test
