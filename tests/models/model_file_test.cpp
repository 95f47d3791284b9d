// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/model_file.hpp"

#include "support/files.hpp"

namespace model_file_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const ModelOptions tiny{.filters = 2, .kernel_decoder = 5, .iterations = 2, .data_net = DataNet::cnn};

template <class T = float>
Buffer<T> drawn_weights(const Model<T>& model, std::uint64_t seed = 1) {
  Buffer<T> weights(model.parameter_count());
  Random(seed).fill_normal(weights.span(), 0.1);
  return weights;
}

/// The file of a tiny model after `change(metadata, arrays)`; arrays are (extents, values) by name.
using Arrays = std::map<std::string, std::pair<std::vector<Index>, std::vector<float>>>;
template <class Change>
Bytes changed_file(Change&& change) {
  const Model<float> model(tiny);
  const Safetensors good(model_writer<float>(model, drawn_weights(model).span()).bytes(), "good");
  Metadata metadata = good.metadata();
  Arrays arrays;
  for (const std::string& name : good.names()) {
    const auto values = good.values<float>(name);
    arrays[name] = {good.extents(name), {values.begin(), values.end()}};
  }
  change(metadata, arrays);
  SafetensorsWriter writer;
  for (const auto& [key, value] : metadata) writer.set_metadata(key, value);
  for (const auto& [name, array] : arrays) writer.add<float>(name, array.second, array.first);
  return writer.bytes();
}

template <class Change>
std::string refused(Change&& change) {
  const Bytes file = changed_file(change);
  return refusal([&] { read_model<float>(Safetensors(file, "w.safetensors"), "w.safetensors"); });
}

}  // namespace

TEMPLATE_TEST_CASE("a model rebuilds itself from its file alone", "", float, double) {
  const TemporaryDirectory folder;
  const ModelOptions untied{.channels = 3,
                            .filters = 2,
                            .kernel_encoder = 2,
                            .kernel_decoder = 3,
                            .iterations = 2,
                            .rho = 0.123,
                            .norm = InstanceNormPolicy::channel,
                            .tied = false,
                            .learn_rho = true};
  for (const ModelOptions& options : {tiny, untied, ModelOptions{.filters = 1, .data_net = DataNet::none}}) {
    const Model<TestType> model(options);
    Buffer<TestType> weights = drawn_weights(model);
    for (TestType& w : weights) w = static_cast<float>(w);
    write_model<TestType>(folder / "w.safetensors", model, weights.span(), {{"name", "mine"}, {"filters", "999"}});
    const auto read = read_model<TestType>(folder / "w.safetensors");
    REQUIRE(read.model.options() == options);
    REQUIRE(std::ranges::equal(read.parameters, weights));
    REQUIRE(read.metadata.at("name") == "mine");
    const Safetensors file(folder / "w.safetensors");
    for (const std::string& name : file.names()) REQUIRE(file.raw(name).type == NumberType::f32);
  }
}

TEST_CASE("a weights file may hold more for its trainer") {
  const Bytes file = changed_file([](Metadata&, Arrays& arrays) { arrays["training.step"] = {{1}, {7}}; });
  REQUIRE_NOTHROW(read_model<float>(Safetensors(file, "w"), "w"));
}

TEST_CASE("wrong arrays are all named in one sentence") {
  CHECK_THAT(refused([](Metadata&, Arrays&) {}), ContainsSubstring("nothing was refused"));
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) { arrays.erase("prior.encoder.1.norm.gamma"); }),
             ContainsSubstring("w.safetensors: not the weights of the videoonenet-cnn with 2 filters that its metadata "
                               "describe: it lacks prior.encoder.1.norm.gamma (1)"));
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) { arrays["prior.decoder.bias"] = {{2}, {0, 0}}; }),
             ContainsSubstring("misshaped: prior.decoder.bias is 2 instead of 1"));
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) { arrays["prior.decoder.bias"].first = {1, 1}; }),
             ContainsSubstring("prior.decoder.bias is 1x1 instead of 1"));
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) { arrays["prior.extra"] = {{1}, {0}}; }),
             ContainsSubstring("unexpected: prior.extra"));
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) {
               arrays.erase("data.decoder.bias");
               arrays["data.decoder.offset"] = {{2}, {0, 0}};
             }),
             ContainsSubstring("it lacks data.decoder.bias (2); unexpected: data.decoder.offset"));
  // the metadata describe another model than the arrays
  const auto other = refused([](Metadata& metadata, Arrays&) { metadata["data_net"] = "bcrnn"; });
  CHECK_THAT(other, ContainsSubstring("videoonenet-bcrnn"));
  CHECK_THAT(other, ContainsSubstring("it lacks data.birnn.forward.kernel (3x3x2x2)"));
  CHECK_THAT(other, ContainsSubstring("and 3 more; misshaped: data.decoder.kernel is 5x5x2x2 instead of 5x5x2x4"));
  const auto larger = refused([](Metadata& metadata, Arrays&) { metadata["filters"] = "16384"; });
  CHECK_THAT(larger, ContainsSubstring("prior.encoder.0.conv.kernel is 3x3x2x2 instead of 3x3x2x16384"));
  const auto one =
      refused([](Metadata& metadata, Arrays&) { metadata["model"] = "onenet", metadata["data_net"] = "none"; });
  CHECK_THAT(one, ContainsSubstring("onenet"));
}

TEST_CASE("weights that are not finite are neither read nor written") {
  CHECK_THAT(refused([](Metadata&, Arrays& arrays) {
               arrays["data.encoder.0.conv.bias"].second[1] = std::numeric_limits<float>::quiet_NaN();
             }),
             ContainsSubstring("w.safetensors: data.encoder.0.conv.bias: entry 1 is nan"));
  const Model<double> model(tiny);
  auto weights = drawn_weights<double>(model);
  weights[0] = 1e300;
  CHECK_THROWS_AS(model_writer<double>(model, weights.span()), NumericalError);
  CHECK_THROWS_AS(model_writer<double>(model, weights.span().first(3)), ShapeError);
}

TEST_CASE("a file without a model is refused") {
  const TemporaryDirectory folder;
  CHECK_THROWS_AS(read_model<float>(folder / "absent.safetensors"), InputError);
  SafetensorsWriter().write(folder / "empty.safetensors");
  CHECK_THAT(refusal([&] { read_model<float>(folder / "empty.safetensors"); }),
             ContainsSubstring("empty.safetensors: the metadata lacks the key \"format\""));
  CHECK_THAT(refused([](Metadata& metadata, Arrays&) { metadata["version"] = "3"; }), ContainsSubstring("version"));
}

TEST_CASE("truncated and changed weights files never crash the reader of models") {
  survives_damage(changed_file([](Metadata&, Arrays&) {}),
                  [](const Bytes& file) { read_model<float>(Safetensors(file, "w.safetensors"), "w.safetensors"); });
}

}  // namespace model_file_test
