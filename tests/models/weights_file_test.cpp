// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/weights_file.hpp"

#include "support/files.hpp"
#include "videoonenet/core/random.hpp"

namespace weights_file_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<Parameter> parameters{{"conv.kernel", {2, 2, 1, 3}}, {"conv.bias", {3}}, {"log_rho", {}}};

Buffer<double> drawn() {
  Buffer<double> weights(16);
  Random(1).fill_normal(weights.span());
  for (double& w : weights) w = static_cast<float>(w);
  return weights;
}

}  // namespace

TEST_CASE("the weights of any list of parameters come back from their file, in its order") {
  const TemporaryDirectory folder;
  const Buffer<double> weights = drawn();
  write_weights<double>(folder / "w.safetensors", parameters, weights.span(), {{"rho", "0.3"}});
  REQUIRE(std::ranges::equal(read_weights<double>(folder / "w.safetensors", parameters), weights));
  const Safetensors file(folder / "w.safetensors");
  REQUIRE(file.metadata().at("rho") == "0.3");
  REQUIRE(file.extents("conv.kernel") == std::vector<Index>{2, 2, 1, 3});
  const std::vector<Parameter> other_order{parameters[2], parameters[0], parameters[1]};
  REQUIRE(read_weights<double>(folder / "w.safetensors", other_order)[0] == weights[15]);
}

TEST_CASE("weights that are not the network's are refused by name") {
  const Safetensors file(weights_writer<double>(parameters, drawn().span()).bytes(), "w");
  auto expected = parameters;
  expected[1].extents = {4};
  expected.push_back({"more", {2}});
  expected.erase(expected.begin());
  const std::string said = refusal([&] { read_weights<float>(file, "w", expected, "this test"); });
  CHECK_THAT(said, ContainsSubstring("w: not the weights of this test: it lacks more (2); misshaped: conv.bias is 3 "
                                     "instead of 4; unexpected: conv.kernel"));
  Buffer<double> weights = drawn();
  REQUIRE_THROWS_AS(weights_writer<double>(parameters, std::as_const(weights).span().first(5)), ShapeError);
  weights[13] = std::nan("");
  REQUIRE_THROWS_WITH(weights_writer<double>(parameters, std::as_const(weights).span()),
                      ContainsSubstring("entry 1 of conv.bias is nan"));
}

}  // namespace weights_file_test
