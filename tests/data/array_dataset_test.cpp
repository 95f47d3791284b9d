// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/array_dataset.hpp"

#include "support/files.hpp"

namespace array_dataset_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("data sets without a decoder know their own names only") {
  CHECK(is_array_dataset("rotated_mnist"));
  CHECK(is_array_dataset("synthetic:strokes"));
  CHECK(!is_array_dataset("ucf101"));
  CHECK(open_array_dataset<float>({.name = "synthetic"}).size() > 0);
  const auto refused = [](const DatasetOptions& options) {
    return refusal([&] { open_array_dataset<float>(options); });
  };
  CHECK_THAT(refused({.name = "ucf101"}), ContainsSubstring("\"ucf101\" is unknown"));
  CHECK_THAT(refused({.name = "scanned_cifar10"}), ContainsSubstring("needs a directory"));
  CHECK_THAT(refused({.name = "synthetic", .framing = Framing::crop}), ContainsSubstring("can be cropped"));
}

}  // namespace array_dataset_test
