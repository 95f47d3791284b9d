// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/npy.hpp"

#include "support/files.hpp"

namespace npy_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A .npy file with the given header and data.
Bytes npy(const std::string& header, const Bytes& data, std::uint8_t version = 1) {
  Bytes file = bytes("\x93NUMPY");
  file.insert(file.end(), {version, 0, static_cast<std::uint8_t>(header.size()), 0});
  if (version > 1) file.insert(file.end(), {0, 0});
  for (char c : header) file.push_back(static_cast<std::uint8_t>(c));
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

std::string npy_refusal(const Bytes& file) {
  return refusal([&] { to_tensor<float>(parse_npy(file, "x.npy"), "x.npy"); });
}

}  // namespace

TEMPLATE_TEST_CASE("a video survives writing and reading", "", float, double) {
  using T = TestType;
  const TemporaryDirectory folder;
  Tensor<T> video({.t = 3, .h = 2, .w = 5, .f = 3}), batch({.n = 2, .t = 1, .h = 2, .w = 3});
  Random random(3);
  for (T& v : video.flat()) v = static_cast<T>(random.normal());
  for (T& v : batch.flat()) v = static_cast<T>(random.normal());
  for (const Tensor<T>* x : {&video, &batch}) {
    write_npy(folder / "x.npy", x->view());
    const auto back = read_npy<T>(folder / "x.npy");
    CHECK(back.shape() == x->shape());
    CHECK(std::ranges::equal(back.flat(), x->flat()));
  }
  write_npy<T>(folder / "flat.npy", video.flat(), std::vector<Index>{video.size()});
  CHECK(read_npy<T>(folder / "flat.npy").shape() == flat_shape(video.size()));
}

TEST_CASE("the written bytes are those NumPy writes") {
  const TemporaryDirectory folder;
  const std::vector<float> values{1, 2};
  write_npy<float>(folder / "x.npy", values, std::vector<Index>{2});
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  header.resize(117, ' ');
  const Bytes data{0, 0, 0x80, 0x3F, 0, 0, 0, 0x40};
  CHECK(read_bytes(folder / "x.npy") == npy(header + "\n", data));
  CHECK(npy_preamble(NumberType::f64, std::vector<Index>{3, 4}).substr(10, 60) ==
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } ");
}

TEST_CASE("versions, number types and orders that NumPy writes are read") {
  const auto values = [](const Bytes& file) {
    const auto tensor = to_tensor<double>(parse_npy(file, "x.npy"), "x.npy");
    return std::vector<double>(tensor.flat().begin(), tensor.flat().end());
  };
  for (std::uint8_t version : {1, 2, 3})
    CHECK(values(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", {5, 6}, version)) ==
          std::vector<double>{5, 6});
  CHECK(values(npy("{\"shape\":(1,2),\"fortran_order\":False,\"descr\":\">i2\"}", {1, 0, 0, 1})) ==
        std::vector<double>{256, 1});
  CHECK(values(npy("{'descr': '|b1', 'fortran_order': True, 'shape': (2, 2), }", {1, 0, 0, 1})) ==
        std::vector<double>{1, 0, 0, 1});
  CHECK(values(npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2), }", {1, 2, 3, 4})) ==
        std::vector<double>{1, 3, 2, 4});
  CHECK(values(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", {9})) == std::vector<double>{9});
}

TEST_CASE("a damaged .npy file is refused in a sentence that names the defect") {
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n";
  const Bytes one{0, 0, 0x80, 0x3F};
  CHECK_THAT(npy_refusal({}), ContainsSubstring("x.npy: truncated: the .npy magic"));
  CHECK_THAT(npy_refusal(bytes("PK-zip file")), ContainsSubstring("does not begin with"));
  CHECK_THAT(npy_refusal(npy(good, one, 4)), ContainsSubstring("version 4.0 is unknown"));
  CHECK_THAT(npy_refusal(npy(good, {0, 0, 0x80})),
             ContainsSubstring("truncated: the .npy data needs 4 bytes, but only 3"));
  CHECK_THAT(npy_refusal(npy(good, {0, 0, 0x80, 0x3F, 1})), ContainsSubstring("1 bytes are left over"));
  CHECK_THAT(npy_refusal(npy(good, {0, 0, 0xC0, 0x7F})), ContainsSubstring("entry 0 is nan"));
  const auto header = [&](const std::string& text) { return npy_refusal(npy(text, one)); };
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, }"), ContainsSubstring("lacks one of the keys"));
  CHECK_THAT(header("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"), ContainsSubstring("the type '<c8'"));
  CHECK_THAT(header("{'descr': '', 'fortran_order': False, 'shape': (1,)}"), ContainsSubstring("the type ''"));
  CHECK_THAT(header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
             ContainsSubstring("structured types"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}"),
             ContainsSubstring("neither True nor False"));
  CHECK_THAT(header("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"),
             ContainsSubstring("repeated"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), ContainsSubstring("non-negative"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
             ContainsSubstring("non-negative integers"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999)}"),
             ContainsSubstring("absurdly large"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}"),
             !ContainsSubstring("nothing was refused"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} import os"),
             ContainsSubstring("closing brace"));
  CHECK_THAT(header("{'descr: '<f4'"), !ContainsSubstring("nothing was refused"));
  CHECK_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)"), ContainsSubstring("lacks a '}'"));
}

TEST_CASE("truncated and changed .npy files never crash the reader") {
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
  survives_damage(npy(header, Bytes(24)), [](const Bytes& file) { to_tensor<float>(parse_npy(file, "x"), "x"); });
}

}  // namespace npy_test
