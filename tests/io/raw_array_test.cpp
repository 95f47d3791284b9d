// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/raw_array.hpp"

#include "support/files.hpp"

namespace raw_array_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("numbers of every type are converted without scaling", "", float, double) {
  using T = TestType;
  const auto read = [](NumberType type, Bytes data, bool big_endian = false) {
    const RawArray array{
        .type = type, .extents = {std::ssize(data) / bytes_of(type)}, .bytes = data, .big_endian = big_endian};
    const Buffer<T> values = to_buffer<T>(array, "array");
    return std::vector<T>(values.begin(), values.end());
  };
  using Values = std::vector<T>;
  CHECK(read(NumberType::boolean, {0, 1}) == Values{0, 1});
  CHECK(read(NumberType::u8, {0, 255}) == Values{0, 255});
  CHECK(read(NumberType::i8, {127, 128}) == Values{127, -128});
  CHECK(read(NumberType::u16, {1, 2}) == Values{513});
  CHECK(read(NumberType::u16, {1, 2}, true) == Values{258});
  CHECK(read(NumberType::i16, {0xFE, 0xFF}) == Values{-2});
  CHECK(read(NumberType::u32, {0, 0, 1, 0}) == Values{65536});
  CHECK(read(NumberType::i32, {0xFF, 0xFF, 0xFF, 0xFF}) == Values{-1});
  CHECK(read(NumberType::u64, {0, 1, 0, 0, 0, 0, 0, 0}) == Values{256});
  CHECK(read(NumberType::i64, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE}, true) == Values{-2});
  CHECK(read(NumberType::f16, {0x00, 0x3C, 0x01, 0x00, 0xFF, 0xFB}) == Values{1, T(0x1p-24), -65504});
  CHECK(read(NumberType::bf16, {0x80, 0x3F, 0x20, 0xC1}) == Values{1, -10});
  CHECK(read(NumberType::f32, {0, 0, 0x20, 0x3E}) == Values{T(0.15625)});
  CHECK(read(NumberType::f32, {0x3E, 0x20, 0, 0}, true) == Values{T(0.15625)});
  CHECK(read(NumberType::f64, {0, 0, 0, 0, 0, 0, 0xE0, 0x3F}) == Values{T(0.5)});
}

TEST_CASE("NaN and infinity are refused unless allowed") {
  const Bytes half_infinity{0x00, 0x7C}, half_nan{0x01, 0x7C};
  const double huge = 1e300;
  const RawArray infinite{.type = NumberType::f16, .extents = {1}, .bytes = half_infinity};
  const RawArray nan{.type = NumberType::f16, .extents = {1}, .bytes = half_nan};
  const RawArray wide{.type = NumberType::f64, .extents = {1}, .bytes = as_file_bytes(std::span(&huge, 1))};
  CHECK_THAT(refusal([&] { to_buffer<float>(infinite, "x.npy"); }), ContainsSubstring("x.npy: entry 0 is inf"));
  CHECK_THAT(refusal([&] { to_buffer<float>(nan, "x.npy"); }), ContainsSubstring("x.npy: entry 0 is nan"));
  CHECK_THROWS_AS(to_buffer<float>(wide, "x.npy"), InputError);
  CHECK(to_buffer<double>(wide, "x.npy")[0] == huge);
  CHECK(std::isinf(to_buffer<float>(infinite, "x.npy", NonFinite::allow)[0]));
  CHECK(std::isnan(to_buffer<float>(nan, "x.npy", NonFinite::allow)[0]));
}

TEST_CASE("column-major arrays are turned into row-major ones") {
  const Bytes data{0, 1, 2, 3, 4, 5};  // entry (i, j) of 2×3 at i + 2 j
  const RawArray array{.type = NumberType::u8, .extents = {2, 3}, .bytes = data, .column_major = true};
  const Buffer<double> values = to_buffer<double>(array, "array");
  CHECK(std::vector<double>(values.begin(), values.end()) == std::vector<double>{0, 2, 4, 1, 3, 5});
}

TEST_CASE("the rank says what an array is") {
  const auto shape = [](std::vector<Index> extents) { return video_shape(extents, "array"); };
  CHECK(shape({}) == flat_shape(1));
  CHECK(shape({7}) == flat_shape(7));
  CHECK(shape({2, 3}) == Shape{.h = 2, .w = 3});
  CHECK(shape({2, 3, 4}) == Shape{.h = 2, .w = 3, .f = 4});
  CHECK(shape({2, 3, 4, 5}) == Shape{.t = 2, .h = 3, .w = 4, .f = 5});
  CHECK(shape({2, 3, 4, 5, 6}) == Shape{.n = 2, .t = 3, .h = 4, .w = 5, .f = 6});
  CHECK_THROWS_AS(shape({1, 1, 1, 1, 1, 1}), InputError);
  CHECK_THROWS_AS(shape({2, 0}), InputError);
  CHECK(video_extents({.t = 2, .h = 3, .w = 4, .f = 5}) == std::vector<Index>{2, 3, 4, 5});
  CHECK(video_extents({.n = 2, .h = 3}) == std::vector<Index>{2, 1, 3, 1, 1});
}

TEST_CASE("sizes that do not fit or overflow are refused") {
  const Index large = Index(1) << 40;
  const Bytes three(3);
  CHECK(entry_count(std::vector<Index>{3, 0, 5}, "array") == 0);
  CHECK_THROWS_AS(entry_count(std::vector<Index>{large, large}, "array"), InputError);
  CHECK_THROWS_AS(entry_count(std::vector<Index>{0, large, large}, "array"), InputError);
  CHECK_THROWS_AS(entry_count(std::vector<Index>{-1}, "array"), InputError);
  CHECK_THAT(refusal([&] { to_buffer<float>({.type = NumberType::u16, .extents = {1}, .bytes = three}, "array"); }),
             ContainsSubstring("array: the array holds 3 bytes, expected 1 numbers of 2 bytes"));
}

}  // namespace raw_array_test
