// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/inf_admm_file.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace inf_admm_file_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

const InfAdmmSizes<float> sizes{.inverse = {.channels = 1, .filters = {3, 6}, .kernel = 5},
                                .denoiser = {.channels = 2, .factor = 2, .filters = 5, .kernel = 3, .condition = 1},
                                .rho = 0.7f};

std::string refusal(Metadata metadata, const std::string& key, const std::string& value) {
  metadata[key] = value;
  return test::refusal([&] { inf_admm_sizes<float>(metadata, "a file"); });
}

}  // namespace

TEST_CASE("an Inf-ADMM-ADNN rebuilds itself from its file alone") {
  const test::TemporaryDirectory folder;
  const auto parameters = inf_admm_parameters(sizes);
  const Buffer<float> weights = initial_parameters<float>(parameters, 1);
  Metadata metadata = inf_admm_metadata(sizes);
  metadata["name"] = "mine";
  write_weights<float>(folder / "i.safetensors", parameters, weights.span(), metadata);
  CHECK(describes(Safetensors(folder / "i.safetensors").metadata(), inf_admm_model));
  const TrainedInfAdmm<float> read = read_inf_admm<float>(folder / "i.safetensors");
  CHECK(inf_admm_metadata(read.sizes) == inf_admm_metadata(sizes));
  CHECK(read.sizes.rho == 0.7f);
  CHECK(read.metadata.at("name") == "mine");
  CHECK(std::ranges::equal(read.parameters, weights));
  // Both networks take their own part of the weights.
  const InfAdmmAdnn<float, Linear> model(read.sizes);
  CHECK(read.parameters.size() == model.denoiser().parameter_count() + model.inverse().parameter_count());
  CHECK(parameters.front().name == "denoiser.encoder.0.conv.kernel");
  CHECK(parameters.back().name == "inverse.1.kernel");
}

TEST_CASE("what files of Inf-ADMM-ADNN do not hold is refused in a sentence") {
  const Metadata good = inf_admm_metadata(sizes);
  CHECK_THAT(refusal(good, "model", "onenet"), ContainsSubstring("model = \"onenet\", expected inf_admm"));
  CHECK_THAT(refusal(good, "rho", "0"), ContainsSubstring("rho = \"0\""));
  CHECK_THAT(refusal(good, "inverse_filters", "few"), ContainsSubstring("inverse_filters"));
  auto other = sizes;
  other.form = InverseForm::normal;
  CHECK_THROWS_WITH(inf_admm_metadata(other), ContainsSubstring("this one is another"));
  other = sizes;
  other.inverse.filters = {3, 7};
  CHECK_THROWS_AS(inf_admm_metadata(other), InputError);
  other = sizes;
  other.inverse.channels = 2;
  CHECK_THROWS_AS(inf_admm_metadata(other), InputError);
}

TEST_CASE("weights of another Inf-ADMM-ADNN are refused by name") {
  const test::TemporaryDirectory folder;
  const auto parameters = inf_admm_parameters(sizes);
  Metadata metadata = inf_admm_metadata(sizes);
  metadata["inverse_filters"] = "4";
  const Buffer<float> weights = initial_parameters<float>(parameters, 1);
  write_weights<float>(folder / "i.safetensors", parameters, weights.span(), metadata);
  CHECK_THROWS_WITH(
      read_inf_admm<float>(folder / "i.safetensors"),
      ContainsSubstring("not the weights of the Inf-ADMM-ADNN") && ContainsSubstring("inverse.0.kernel is 5x5x1x3"));
}

}  // namespace inf_admm_file_test
