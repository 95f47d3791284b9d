// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/model_options.hpp"

#include "support/catch.hpp"

namespace model_options_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

const Metadata least{{"format", "videoonenet"}, {"version", "1"}, {"model", "videoonenet"}};

Metadata with(Metadata metadata, const std::string& key, const std::string& value) {
  metadata[key] = value;
  return metadata;
}

std::string refusal(const Metadata& metadata) {
  try {
    model_options(metadata, "w.safetensors");
  } catch (const InputError& e) {
    return e.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("options survive a file, whatever they are") {
  const ModelOptions odd{.channels = 3,
                         .filters = 20,
                         .kernel_encoder = 5,
                         .kernel_decoder = 7,
                         .iterations = 4,
                         .rho = 0.1 + 0.2,
                         .prior_input = PriorInput::difference,
                         .prior_recurrent = false,
                         .data_net = DataNet::bcrnn,
                         .norm = InstanceNormPolicy::channel,
                         .residual = ResidualNets::data,
                         .tied = false,
                         .learn_rho = true,
                         .learn_start = true};
  const ModelOptions images{
      .prior_recurrent = false, .data_net = DataNet::cnn, .net = NetKind::autoencoder, .height = 24, .width = 160};
  for (const ModelOptions& o : {ModelOptions{}, odd, images}) REQUIRE(model_options(metadata_of(o), "") == o);
  for (const char* name : model_names) {
    const ModelOptions o = named_model(name);
    REQUIRE(model_options(metadata_of(o), "") == o);
    REQUIRE(name_of(o) == name);
  }
  REQUIRE(metadata_of(odd).at("rho") == "0.30000000000000004");
}

TEST_CASE("absent keys take the papers' values") {
  REQUIRE(model_options(least, "") == named_model("videoonenet-bcrnn"));
  REQUIRE(model_options(with(least, "data_net", "cnn"), "") == named_model("videoonenet-cnn"));
  const Metadata one = with(least, "model", "onenet");
  REQUIRE(model_options(one, "") == named_model("onenet-cnn"));
  REQUIRE(model_options(with(one, "prior_recurrent", "true"), "") == named_model("onenet-bcrnn"));
  const ModelOptions o = model_options(least, "");
  REQUIRE((o.iterations == 13 && o.rho == 0.3 && o.filters == 64 && o.kernel_encoder == 3 && o.kernel_decoder == 11));
  REQUIRE((o.prior_input == PriorInput::concatenation && o.norm == InstanceNormPolicy::joint && o.tied));
  REQUIRE(model_options(with(least, "trained on", "a card's own key"), "") == o);
}

TEST_CASE("metadata that describe no model are refused by key") {
  for (const char* key : {"format", "version", "model"}) {
    Metadata without = least;
    without.erase(key);
    CHECK_THAT(refusal(without), ContainsSubstring(sentence("w.safetensors: the metadata lacks the key \"", key)));
  }
  CHECK_THAT(refusal(with(least, "format", "pt")), ContainsSubstring("format = \"pt\", expected videoonenet"));
  CHECK_THAT(refusal(with(least, "version", "2")), ContainsSubstring("version = \"2\", expected 1"));
  CHECK_THAT(refusal(with(least, "model", "dua")), ContainsSubstring("expected onenet or videoonenet"));
  CHECK_THAT(refusal(with(least, "model", "onenet or videoonenet")), ContainsSubstring("expected onenet"));
  for (const char* key : {"channels", "filters", "kernel_encoder", "kernel_decoder", "iterations", "rho"})
    for (const char* value : {"", "0", "-1", "many", "3x", " 3", "99999999999999999999", "nan", "inf"})
      CHECK_THAT(refusal(with(least, key, value)), ContainsSubstring(sentence("w.safetensors: the metadata say ", key,
                                                                              " = \"", value, "\", expected a")));
  CHECK_THAT(refusal(with(least, "filters", "2.5")), ContainsSubstring("a whole number from 1 to 16384"));
  CHECK_THAT(refusal(with(least, "tied", "yes")), ContainsSubstring("expected true or false"));
  CHECK_THAT(refusal(with(least, "norm", "batch")), ContainsSubstring("expected joint or channel"));
  CHECK_THAT(refusal(with(least, "residual", "true")), ContainsSubstring("expected none or prior or data or both"));
  CHECK_THAT(refusal(with(least, "prior_input", "sum")), ContainsSubstring("expected difference or concatenation"));
  const Metadata images = with(with(least, "net", "autoencoder"), "data_net", "cnn");
  CHECK_THAT(refusal(images), ContainsSubstring("nothing"));
  CHECK_THAT(refusal(with(images, "prior_recurrent", "true")), ContainsSubstring("no recurrent form"));
  CHECK_THAT(refusal(with(images, "data_net", "bcrnn")), ContainsSubstring("no recurrent form"));
  CHECK_THAT(refusal(with(images, "width", "20")), ContainsSubstring("64x20 pixels was asked for, expected multiples"));
  CHECK_THAT(refusal(with(images, "net", "gan")), ContainsSubstring("expected convolutional or autoencoder"));
  CHECK_THAT(refusal(with(least, "data_net", "none")), ContainsSubstring("contradict"));
  CHECK_THAT(refusal(with(with(least, "model", "onenet"), "data_net", "cnn")), ContainsSubstring("contradict"));
}

TEST_CASE("options of a program are checked like those of a file") {
  REQUIRE_NOTHROW(require_valid(ModelOptions{}, "train"));
  REQUIRE_THROWS_AS(require_valid(ModelOptions{.kernel_encoder = 0}, "train"), InputError);
  REQUIRE_THROWS_AS(require_valid(ModelOptions{.rho = std::numeric_limits<double>::quiet_NaN()}, "train"), InputError);
  REQUIRE_THROWS_AS(named_model("videoonenet"), InputError);
}

}  // namespace model_options_test
