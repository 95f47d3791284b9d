// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/projector_file.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace projector_file_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

const ImageAutoencoderOptions sizes{.in = 2, .out = 2, .filters = 3, .h = 16, .w = 24};

std::string refusal(Metadata metadata, const std::string& key, const std::string& value) {
  metadata[key] = value;
  return test::refusal([&] { projector_options(metadata, "a file"); });
}

}  // namespace

TEST_CASE("a projector rebuilds itself from its file alone") {
  const test::TemporaryDirectory folder;
  const auto net = image_projector<float>(sizes);
  const Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  Metadata metadata = projector_metadata(sizes);
  metadata["name"] = "mine";
  write_weights<float>(folder / "p.safetensors", net.parameters(), weights.span(), metadata);
  CHECK(describes(Safetensors(folder / "p.safetensors").metadata(), projector_model));
  const TrainedProjector<float> read = read_projector<float>(folder / "p.safetensors");
  CHECK((read.sizes.in == 2 && read.sizes.out == 2 && read.sizes.filters == 3));
  CHECK((read.sizes.h == 16 && read.sizes.w == 24));
  CHECK(read.metadata.at("name") == "mine");
  CHECK(std::ranges::equal(read.parameters, weights));
}

TEST_CASE("metadata that describe no projector are refused in a sentence") {
  const Metadata good = projector_metadata(sizes);
  CHECK_THAT(refusal(good, "model", "onenet"), ContainsSubstring("model = \"onenet\", expected projector"));
  CHECK_THAT(refusal(good, "version", "2"), ContainsSubstring("version"));
  CHECK_THAT(refusal(good, "filters", "0"), ContainsSubstring("filters = \"0\""));
  CHECK_THAT(refusal(good, "height", "tall"), ContainsSubstring("height"));
  CHECK_THROWS_AS(projector_metadata({.in = 1, .out = 3}), InputError);
}

TEST_CASE("weights of another projector are refused by name") {
  const test::TemporaryDirectory folder;
  const auto net = image_projector<float>(sizes);
  Metadata metadata = projector_metadata(sizes);
  metadata["filters"] = "4";
  write_weights<float>(folder / "p.safetensors", net.parameters(), Buffer<float>(net.parameter_count()).span(),
                       metadata);
  CHECK_THROWS_WITH(read_projector<float>(folder / "p.safetensors"),
                    ContainsSubstring("not the weights of the projector with 4 filters") &&
                        ContainsSubstring("encoder.0.conv.kernel"));
}

}  // namespace projector_file_test
