// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/io/bytes.hpp"

#include "support/files.hpp"

namespace bytes_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("read_bytes returns what write_bytes wrote, slices in order") {
  const TemporaryDirectory folder;
  const Bytes first{1, 2, 3}, second{255, 0};
  write_bytes(folder / "a.bin", {first, second});
  CHECK(read_bytes(folder / "a.bin") == Bytes{1, 2, 3, 255, 0});
  write_text(folder / "b.txt", "two\n");
  CHECK(read_bytes(folder / "b.txt") == bytes("two\n"));
  write_bytes(folder / "empty", {});
  CHECK(read_bytes(folder / "empty").empty());
}

TEST_CASE("read_bytes refuses what is missing, no file, or too large") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { read_bytes(folder / "absent"); }), ContainsSubstring("absent: the file does not exist"));
  CHECK_THAT(refusal([&] { read_bytes(folder.path()); }), ContainsSubstring("expected a regular file"));
  write_text(folder / "ten", "0123456789");
  CHECK_THAT(refusal([&] { read_bytes(folder / "ten", {.bytes = 9}); }),
             ContainsSubstring("10 bytes exceed the limit of 9"));
  CHECK(read_bytes(folder / "ten", {.bytes = 10}).size() == 10);
}

TEST_CASE("an atomic write replaces the target at once or not at all") {
  const TemporaryDirectory folder;
  write_text(folder / "target.txt", "old");
  {
    AtomicFile interrupted(folder / "target.txt");
    CHECK(interrupted.temporary().parent_path() == folder.path());
    CHECK(interrupted.temporary().extension() == ".txt");
    std::ofstream(interrupted.temporary()) << "half";
    CHECK(read_bytes(folder / "target.txt") == bytes("old"));
  }
  CHECK(read_bytes(folder / "target.txt") == bytes("old"));
  write_text(folder / "target.txt", "new");
  CHECK(read_bytes(folder / "target.txt") == bytes("new"));
  CHECK(folder.files() == std::vector<std::string>{"target.txt"});
}

TEST_CASE("a file is not written where there is no directory, or over one") {
  const TemporaryDirectory folder;
  CHECK_THAT(refusal([&] { write_text(folder / "absent/file.txt", "x"); }), ContainsSubstring("absent does not exist"));
  CHECK_THAT(refusal([&] { write_text(folder.path(), "x"); }), ContainsSubstring("because it is a directory"));
  AtomicFile never_written(folder / "target.txt");
  CHECK_THAT(refusal([&] { never_written.commit(); }), ContainsSubstring("cannot be replaced"));
}

TEST_CASE("ByteReader hands out slices and integers and stops at the end") {
  const Bytes data{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
  ByteReader reader(data, "data.bin");
  CHECK(reader.little_endian<std::uint16_t>("a pair") == 0x0201);
  CHECK(reader.big_endian<std::uint32_t>("a word") == 0x03040506);
  CHECK(reader.left() == 1);
  CHECK_THAT(refusal([&] { reader.take(2, "the tail"); }),
             ContainsSubstring("data.bin: truncated: the tail needs 2 bytes, but only 1 are left"));
  CHECK_THROWS_AS(reader.take(~std::uint64_t(0), "too much"), InputError);
  CHECK(reader.take(1, "the tail")[0] == 7);
  CHECK(reader.left() == 0);
}

}  // namespace bytes_test
