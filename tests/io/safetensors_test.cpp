// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/safetensors.hpp"

#include "support/files.hpp"

namespace safetensors_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A safetensors file with the given header and this many bytes of zeros.
Bytes safetensors(const std::string& header, std::size_t data) {
  Bytes file;
  for (int shift = 0; shift < 64; shift += 8)
    file.push_back(static_cast<std::uint8_t>(std::uint64_t(header.size()) >> shift));
  for (char c : header) file.push_back(static_cast<std::uint8_t>(c));
  file.resize(file.size() + data);
  return file;
}

std::string refused(const std::string& header, std::size_t data = 4) {
  return refusal([&] { Safetensors(safetensors(header, data), "w.safetensors"); });
}

SafetensorsWriter example() {
  SafetensorsWriter writer;
  const std::vector<double> wide{1.5, -2, 3};
  const std::vector<std::uint8_t> bytes{7, 8, 9};
  Tensor<float> video({.t = 2, .h = 2, .w = 2});
  for (Index i = 0; i < video.size(); ++i) video[i] = float(i);
  writer.add<std::uint8_t>("bytes", bytes, {3});
  writer.add("video", video.view());
  writer.add<double>("wide", wide, {3, 1});
  writer.set_metadata("key", "pixel_inpaint");
  writer.set_metadata("format", "videoonenet");
  return writer;
}

}  // namespace

TEST_CASE("arrays and metadata survive writing and reading") {
  const TemporaryDirectory folder;
  example().write(folder / "w.safetensors");
  const Safetensors file(folder / "w.safetensors");
  CHECK(file.names() == std::vector<std::string>{"bytes", "video", "wide"});
  CHECK(file.metadata("key") == "pixel_inpaint");
  CHECK(file.metadata().size() == 2);
  CHECK(file.contains("video"));
  CHECK_FALSE(file.contains("absent"));
  CHECK(file.tensor<float>("video").shape() == Shape{.t = 2, .h = 2, .w = 2});
  CHECK(file.tensor<double>("video")[7] == 7);
  CHECK(file.extents("wide") == std::vector<Index>{3, 1});
  CHECK(file.values<double>("wide")[1] == -2);
  CHECK(file.values<float>("bytes")[2] == 9);
  CHECK(file.raw("bytes").type == NumberType::u8);
}

TEST_CASE("the written bytes do not depend on the order of additions, and every array is aligned") {
  SafetensorsWriter other;
  const std::vector<double> wide{1.5, -2, 3};
  const std::vector<std::uint8_t> bytes{7, 8, 9};
  const std::vector<float> video{0, 1, 2, 3, 4, 5, 6, 7};
  other.set_metadata("format", "videoonenet");
  other.add<double>("wide", wide, {3, 1});
  other.set_metadata("key", "pixel_inpaint");
  other.add<float>("video", video, {2, 2, 2, 1});
  other.add<std::uint8_t>("bytes", bytes, {3});
  CHECK(other.bytes() == example().bytes());
  const Bytes file = other.bytes();
  const std::string text(file.begin() + 8, file.end());
  CHECK_THAT(text,
             Catch::Matchers::StartsWith("{\"__metadata__\":{\"format\":\"videoonenet\",\"key\":\"pixel_inpaint\"},"
                                         "\"wide\":{\"dtype\":\"F64\",\"shape\":[3,1],\"data_offsets\":[0,24]},"
                                         "\"video\":{\"dtype\":\"F32\",\"shape\":[2,2,2,1],\"data_offsets\":[24,56]},"
                                         "\"bytes\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[56,59]}}"));
  CHECK(file[0] % 8 == 0);
}

TEST_CASE("a copy of a file outlives the original") {
  std::optional<Safetensors> original(std::in_place, example().bytes(), "w.safetensors");
  const Safetensors copy = *original;
  original.reset();
  CHECK(copy.values<double>("wide")[2] == 3);
}

TEST_CASE("a writer refuses what a reader would") {
  SafetensorsWriter writer;
  const std::vector<float> values{1, 2, 3};
  writer.add<float>("x", values, {3});
  CHECK_THAT(refusal([&] { writer.add<float>("x", values, {3}); }),
             ContainsSubstring("\"x\" is reserved or already there"));
  CHECK_THROWS_AS(writer.add<float>("__metadata__", values, {3}), InputError);
  CHECK_THROWS_AS(writer.add<float>("y", values, {2}), ShapeError);
  writer.set_metadata("key", "\xFF\xFE");
  CHECK_THAT(refusal([&] { writer.bytes(); }), ContainsSubstring("not UTF-8"));
}

TEST_CASE("asking for what is not there says what is missing") {
  const Safetensors file(example().bytes(), "w.safetensors");
  CHECK_THAT(refusal([&] { file.values<float>("kernel"); }),
             ContainsSubstring("w.safetensors: there is no array called \"kernel\""));
  CHECK_THAT(refusal([&] { (void)file.metadata("rho"); }), ContainsSubstring("lacks the key \"rho\""));
}

TEST_CASE("numbers that are not finite are refused by array") {
  SafetensorsWriter writer;
  const std::vector<float> values{1, std::numeric_limits<float>::quiet_NaN()};
  writer.add<float>("mask", values, {2});
  const Safetensors file(writer.bytes(), "w.safetensors");
  CHECK_THAT(refusal([&] { file.values<float>("mask"); }), ContainsSubstring("w.safetensors: mask: entry 1 is nan"));
  CHECK(std::isnan(file.values<float>("mask", NonFinite::allow)[1]));
}

TEST_CASE("a damaged safetensors file is refused in a sentence that names the defect") {
  CHECK_THAT(refusal([] { Safetensors(Bytes(7), "w.safetensors"); }), ContainsSubstring("w.safetensors: truncated"));
  CHECK_THAT(refusal([] { Safetensors(Bytes(64, 0xFF), "w.safetensors"); }), ContainsSubstring("absurdly long"));
  CHECK_THAT(refused(""), ContainsSubstring("does not begin with '{'"));
  CHECK_THAT(refused(" {}"), ContainsSubstring("does not begin with '{'"));
  CHECK_THAT(refused("{"), ContainsSubstring("not valid JSON"));
  CHECK_THAT(refused("{}"), ContainsSubstring("describes 0 bytes of data, but 4 are there"));
  CHECK_THAT(refused(R"({"x":1})"), ContainsSubstring("\"x\" does not have exactly the keys"));
  const auto entry = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"x":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  CHECK_THAT(refused(entry("\"F32\"", "[1]", "[0,4]")), ContainsSubstring("nothing was refused"));
  CHECK_THAT(refused(entry("\"F33\"", "[1]", "[0,4]")), ContainsSubstring("unknown dtype"));
  CHECK_THAT(refused(entry("32", "[1]", "[0,4]")), ContainsSubstring("unknown dtype"));
  CHECK_THAT(refused(entry("\"F32\"", "1", "[0,4]")), ContainsSubstring("a shape that is not a list"));
  CHECK_THAT(refused(entry("\"F32\"", "[-1]", "[0,4]")), ContainsSubstring("not a non-negative integer"));
  CHECK_THAT(refused(entry("\"F32\"", "[1.5]", "[0,4]")), ContainsSubstring("not a non-negative integer"));
  CHECK_THAT(refused(entry("\"F32\"", "[281474976710656,65536,4]", "[0,4]")), ContainsSubstring("absurdly large"));
  CHECK_THAT(refused(entry("\"F32\"", "[1]", "[0]")), ContainsSubstring("not a pair"));
  CHECK_THAT(refused(entry("\"F32\"", "[1]", "[4,0]")), ContainsSubstring("data_offsets outside the file"));
  CHECK_THAT(refused(entry("\"F32\"", "[2]", "[0,8]")), ContainsSubstring("data_offsets outside the file"));
  CHECK_THAT(refused(entry("\"F32\"", "[2]", "[0,4]")), ContainsSubstring("do not fit its shape and dtype"));
  CHECK_THAT(refused(entry("\"F32\"", "[1]", "[0,4]"), 5),
             ContainsSubstring("describes 4 bytes of data, but 5 are there"));
  const std::string x = R"("x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";
  CHECK_THAT(refused("{" + x + "," + x + "}"), ContainsSubstring("names \"x\" twice"));
  CHECK_THAT(refused("{" + x + R"(,"y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})"),
             ContainsSubstring("overlap"));
  CHECK_THAT(refused("{" + x + R"(,"y":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}})", 6),
             ContainsSubstring("a hole"));
  CHECK_THAT(refused("{" + x + R"(,"__metadata__":{"rho":0.3}})"), ContainsSubstring("\"rho\" is not a string"));
  CHECK_THAT(refused("{" + x + R"(,"__metadata__":{"rho":"1","rho":"2"}})"), ContainsSubstring("\"rho\" twice"));
  CHECK_THAT(refused("{" + x + R"(,"__metadata__":[]})"), ContainsSubstring("not a JSON object"));
  CHECK_THAT(refused(R"({"x":{"a":{"b":{"c":{}}}}})"), ContainsSubstring("nested too deeply"));
}

TEST_CASE("truncated and changed safetensors files never crash the reader") {
  survives_damage(example().bytes(), [](const Bytes& file) {
    const Safetensors read(file, "w.safetensors");
    for (const auto& name : read.names()) (void)read.values<float>(name, NonFinite::allow);
  });
}

}  // namespace safetensors_test
