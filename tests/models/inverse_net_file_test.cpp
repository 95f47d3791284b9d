// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/inverse_net_file.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace inverse_net_file_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

const InverseNetOptions sizes{.inversion = {.in = 2, .out = 2, .levels = 2, .filters = 3},
                              .denoiser = {.channels = 2, .factor = 2, .filters = 5, .kernel = 3}};

std::string refusal(Metadata metadata, const std::string& key, const std::string& value) {
  metadata[key] = value;
  return test::refusal([&] { inverse_net_options(metadata, "a file"); });
}

}  // namespace

TEST_CASE("an InverseNet rebuilds itself from its file alone") {
  const test::TemporaryDirectory folder;
  const auto net = inverse_net<float>(sizes);
  const Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  Metadata metadata = inverse_net_metadata(sizes);
  metadata["name"] = "mine";
  write_weights<float>(folder / "i.safetensors", net.parameters(), weights.span(), metadata);
  CHECK(describes(Safetensors(folder / "i.safetensors").metadata(), inverse_net_model));
  CHECK_FALSE(describes({}, inverse_net_model));
  const TrainedInverseNet<float> read = read_inverse_net<float>(folder / "i.safetensors");
  CHECK(inverse_net_metadata(read.sizes) == inverse_net_metadata(sizes));
  CHECK(read.sizes.denoiser.channels == 2);
  CHECK(read.metadata.at("name") == "mine");
  CHECK(std::ranges::equal(read.parameters, weights));
}

TEST_CASE("metadata that describe no InverseNet are refused in a sentence") {
  const Metadata good = inverse_net_metadata(sizes);
  CHECK_THAT(refusal(good, "model", "onenet"), ContainsSubstring("model = \"onenet\", expected inverse_net"));
  CHECK_THAT(refusal(good, "levels", "31"), ContainsSubstring("levels = \"31\""));
  CHECK_THAT(refusal(good, "denoiser_kernel", "wide"), ContainsSubstring("denoiser_kernel"));
  CHECK_THROWS_WITH(inverse_net_metadata({.inversion = {.in = 1}}), ContainsSubstring("from 1 channels to 3"));
  CHECK_THROWS_WITH(inverse_net_metadata({.inversion = {.out = 1}}), ContainsSubstring("the inversion makes 1"));
}

TEST_CASE("weights of another InverseNet are refused by name") {
  const test::TemporaryDirectory folder;
  const auto net = inverse_net<float>(sizes);
  Metadata metadata = inverse_net_metadata(sizes);
  metadata["levels"] = "3";
  const Buffer<float> weights(net.parameter_count());
  write_weights<float>(folder / "i.safetensors", net.parameters(), weights.span(), metadata);
  CHECK_THROWS_WITH(
      read_inverse_net<float>(folder / "i.safetensors"),
      ContainsSubstring("not the weights of the InverseNet of 3 levels") && ContainsSubstring("inversion.down.2"));
}

}  // namespace inverse_net_file_test
