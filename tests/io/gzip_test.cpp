// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/gzip.hpp"

#include "support/files.hpp"

namespace gzip_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Bytes compress(const Bytes& data) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes packed(deflateBound(&stream, static_cast<uLong>(data.size())));
  stream.next_in = const_cast<Bytef*>(data.data());
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace

TEST_CASE("gunzip undoes gzip at every size around its buffer") {
  Random random(5);
  for (std::size_t size : {0u, 1u, 262143u, 262144u, 262145u, 1000000u}) {
    Bytes data(size);
    for (auto& b : data) b = static_cast<std::uint8_t>(random.bits() & 15);
    CHECK(gunzip(compress(data), "x.gz") == data);
  }
}

TEST_CASE("members that follow each other are joined, as gzip does") {
  Bytes twice = compress(bytes("one "));
  const Bytes second = compress(bytes("two"));
  twice.insert(twice.end(), second.begin(), second.end());
  CHECK(gunzip(twice, "x.gz") == bytes("one two"));
}

TEST_CASE("a damaged gzip file is refused in a sentence") {
  Bytes file = compress(bytes("hello, hello, hello\n"));
  const auto refused = [](const Bytes& data) { return refusal([&] { gunzip(data, "x.gz"); }); };
  Bytes crc = file, left_over = file, header = file;
  crc[crc.size() - 8] ^= 1;
  left_over.push_back(0);
  header[2] = 7;
  CHECK_THAT(refused(crc), ContainsSubstring("x.gz: the gzip data are damaged (incorrect data check)"));
  CHECK_THAT(refused(left_over), ContainsSubstring("left over"));
  CHECK_THAT(refused(header), ContainsSubstring("damaged"));
  CHECK_THAT(refused({}), ContainsSubstring("truncated"));
  file.resize(file.size() - 1);
  CHECK_THAT(refused(file), ContainsSubstring("x.gz: truncated: the gzip data end too early"));
}

TEST_CASE("data that inflate beyond the limit are refused before they fill the memory") {
  const Bytes bomb = compress(Bytes(10'000'000));
  CHECK(bomb.size() < 20'000);
  CHECK_THAT(refusal([&] { gunzip(bomb, "x.gz", {.bytes = 9'999'999}); }), ContainsSubstring("limit of 9999999 bytes"));
  CHECK(gunzip(bomb, "x.gz", {.bytes = 10'000'000}).size() == 10'000'000);
}

TEST_CASE("a file is decompressed only when it is gzip") {
  const TemporaryDirectory folder;
  write_bytes(folder / "a", {compress(bytes("packed"))});
  write_text(folder / "b", "plain");
  CHECK(read_maybe_gzip(folder / "a") == bytes("packed"));
  CHECK(read_maybe_gzip(folder / "b") == bytes("plain"));
  CHECK_FALSE(is_gzip({}));
}

TEST_CASE("truncated and changed gzip files never crash the reader") {
  Random random(6);
  Bytes data(3000);
  for (auto& b : data) b = static_cast<std::uint8_t>(random.bits() & 7);
  survives_damage(compress(data), [](const Bytes& file) { gunzip(file, "x.gz", {.bytes = 1 << 20}); });
}

}  // namespace gzip_test
