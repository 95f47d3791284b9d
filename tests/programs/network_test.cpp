// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// restore and evaluate with trained networks.
#include <sstream>

#include "programs/programs.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/model_file.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace network_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const ModelOptions colour{.channels = 3, .filters = 2, .kernel_decoder = 3, .iterations = 2, .data_net = DataNet::cnn};

/// Writes a small model with weights that were drawn, not trained.
void write_small_model(const std::filesystem::path& path, ModelOptions options = colour, std::uint64_t seed = 1,
                       const Metadata& extra = {}) {
  const Model<float> model(options);
  Buffer<float> weights(model.parameter_count());
  Random(seed).fill_normal(weights.span(), 0.2);
  write_model<float>(path, model, weights.span(), extra);
}

void refuses(const Run& r, const std::string& program, const std::string& saying) {
  INFO(r.err);
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, program));
  CHECK_THAT(r.err, ContainsSubstring(saying));
}

/// `tiny` asks for one thread.
std::string with_threads(std::string arguments, int threads) {
  const std::string one = "--threads 1";
  return arguments.replace(arguments.find(one), one.size(), sentence("--threads ", threads));
}

/// The second cells of a CSV's lines.
std::vector<std::string> methods_in(const std::string& csv) {
  std::vector<std::string> methods;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find(',') + 1;
    methods.push_back(line.substr(begin, line.find(',', begin) - begin));
  }
  return methods;
}

}  // namespace

TEST_CASE("restore applies a network, the same on any number of threads") {
  const Workshop shop;
  write_small_model(shop / "w.safetensors");
  const std::string network = tiny + "--problem pixel_inpaint --method network --weights w.safetensors";
  const auto z = shop.pictured(network, "out");
  REQUIRE(z.shape() == Shape{.t = 3, .h = 12, .w = 16, .f = 3});
  CHECK(shop.files("out") == result_files);
  const auto metrics = shop.json("out/metrics.json");
  CHECK(metrics["method"] == "network");
  CHECK(metrics["weights"] == "w.safetensors");
  CHECK(metrics["iterations"] == 2);
  CHECK(metrics["rho"] == 0.3);
  CHECK(metrics["lambda"].is_null());
  CHECK(same(shop.restored(with_threads(network, 2), "two"), z));
  CHECK(same(shop.restored(tiny + "--problem pixel_inpaint --method w.safetensors", "short"), z));

  // it is what the library computes from what was written
  const auto trained = read_model<float>(shop / "w.safetensors");
  const auto mask = Safetensors(shop / "out/operator.safetensors").values<float>("mask");
  const auto y = shop.array("out/measurement.npy");
  const ShippedOperator<float> a(Mask<float>(z.shape(), mask));
  Tensor<float> expected(z.shape());
  trained.model.restore(Cpu{}, trained.parameters.span(), a, y.flat(), expected.view());
  CHECK(distance(expected, z) < 1e-5);

  // several problems in a row, and other weights
  CHECK(shop.restored(tiny + "--problem disk_blur,super_resolution:0.5 --method w.safetensors", "chain").size() ==
        z.size());
  write_small_model(shop / "other.safetensors", colour, 2);
  CHECK_FALSE(same(shop.restored(tiny + "--problem pixel_inpaint --method other.safetensors", "other"), z));
}

TEST_CASE("restore applies a network tile by tile") {
  const Workshop shop;
  write_small_model(shop / "w.safetensors");
  const std::string network = tiny + "--problem disk_blur --method w.safetensors ";
  const auto whole = shop.restored(network, "whole");
  CHECK(same(shop.restored(network + "--tile 64x64", "one"), whole));
  const auto tiles = shop.restored(network + "--tile 8x8", "tiles");
  CHECK_FALSE(same(tiles, whole));
  CHECK(distance(tiles, whole) < 1);
  CHECK(same(shop.restored(with_threads(network + "--tile 8x8", 2), "threads"), tiles));
  CHECK(same(shop.restored(network + "--tile 10x8x8", "time"), tiles));
  for (const char* tile : {"8", "8x", "x8", "4x4", "8x8x8x8", "axb", "2x8x8", "8x8px", "-8x8"})
    refuses(shop.restore(network + "--output no --tile " + tile), "restore", "--tile");
}

TEST_CASE("restore refuses networks it cannot use, before it writes anything") {
  const Workshop shop;
  const auto refused = [&](const std::string& arguments, const std::string& saying) {
    refuses(shop.restore(tiny + arguments + " --output no"), "restore", saying);
    CHECK(shop.files("no").empty());
  };
  write_small_model(shop / "w.safetensors");
  refused("--method network", "needs --weights");
  refused("--method network --weights absent.safetensors", "absent.safetensors");
  refused("--method absent.safetensors", "absent.safetensors");
  refused("--method nonsense", "expected one of least_squares");
  refused("--method w.safetensors --gray",
          "w.safetensors: the network restores videos of 3 channels, but these have 1");
  refused("--method tv --weights w.safetensors", "--weights, --tile and --memory are for the method network");
  refused("--method tv --tile 8x8", "--weights, --tile and --memory are for the method network");
  refused("--method w.safetensors --rho 1", "--rho and --lambda are not for networks");
  truncate_file(shop / "w.safetensors", 2000);
  refused("--method w.safetensors", "w.safetensors: ");
  shop.restored(tiny + "--problem pixel_inpaint --method least_squares", "plain");
  refused("--method plain/operator.safetensors", "the metadata lacks the key \"format\"");
}

TEST_CASE("evaluate compares networks and methods on the same videos") {
  const Workshop shop;
  write_small_model(shop / "first.safetensors");
  write_small_model(shop / "second.safetensors", colour, 2, {{"name", "Second Net"}});
  const std::string arguments =
      "--dataset synthetic --shape 2,12,12,3 --videos 3 --problems pixel_inpaint,colorization --quiet "
      "--method first.safetensors least_squares second.safetensors first.safetensors ";
  const Run r = shop.evaluate(arguments + "--csv a.csv --markdown a.md --figure a.png --threads 2");
  INFO(r.err);
  REQUIRE(r.code == 0);
  CHECK(methods_in(shop.text("a.csv")) == std::vector<std::string>{"method", "first", "first", "least_squares",
                                                                   "least_squares", "Second Net", "Second Net"});
  CHECK_THAT(shop.text("a.md"), ContainsSubstring("| Second Net |"));
  REQUIRE(shop.evaluate(arguments + "--csv b.csv --markdown b.md --threads 1").code == 0);
  CHECK(shop.text("a.md") == shop.text("b.md"));

  write_small_model(shop / "grey.safetensors", {.filters = 2, .iterations = 1});
  refuses(shop.evaluate(arguments + "grey.safetensors --csv no.csv"), "evaluate", "videos of 1 channels");
  write_small_model(shop / "twin.safetensors", colour, 3, {{"name", "first"}});
  refuses(shop.evaluate(arguments + "twin.safetensors --csv no.csv"), "evaluate", "two methods are called first");
  write_small_model(shop / "comma.safetensors", colour, 3, {{"name", "a,b"}});
  refuses(shop.evaluate(arguments + "comma.safetensors --csv no.csv"), "evaluate", "a character that a table cannot");
  CHECK_FALSE(std::filesystem::exists(shop / "no.csv"));
}

}  // namespace network_test
