// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/video_one_net.hpp"

#include "models/golden_network.hpp"

using namespace videoonenet;
using namespace videoonenet::test;

TEMPLATE_TEST_CASE("VideoOneNet gives the golden outputs and gradients", "", float, double) {
  for (const char* name : {"videoonenet_cnn", "videoonenet_bcrnn", "videoonenet_bcrnn_color"}) {
    INFO(name);
    const GoldenNetwork golden(name);
    const VideoOneNet<TestType> net = video_one_net<TestType>(golden.options());
    meets_golden<TestType>(net, golden);
  }
}

TEST_CASE("a VideoOneNet has a parameter for every array of SPEC 5, tied and untied") {
  const ModelOptions small{.filters = 2, .kernel_decoder = 3, .iterations = 2};
  const auto names = [](const ModelOptions& o) {
    std::vector<std::string> all;
    for (const Parameter& p : video_one_net<float>(o).parameters()) all.push_back(p.name);
    return all;
  };
  const auto tied = names(small);
  REQUIRE(tied.size() == 2 * (3 * 4 + 2 * 3 + 2));
  for (const char* name :
       {"prior.encoder.0.conv.kernel", "prior.encoder.2.norm.beta", "prior.decoder.bias", "data.encoder.1.conv.bias",
        "data.birnn.forward.recurrent_kernel", "data.birnn.backward.bias"})
    REQUIRE(std::ranges::count(tied, name) == 1);
  ModelOptions untied = small;
  untied.tied = false;
  untied.learn_rho = true;
  const auto more = names(untied);
  REQUIRE(more.size() == 2 * tied.size() + 1);
  REQUIRE(std::ranges::count(more, "iteration.1." + tied[0]) == 1);
  REQUIRE(more.back() == "log_rho");
}

TEST_CASE("a VideoOneNet without a data net is refused") {
  REQUIRE_THROWS_AS(video_one_net<float>({.data_net = DataNet::none}), InputError);
}
