// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Gzip-compressed files, through zlib.

#include <zlib.h>

#include <algorithm>

#include "videoonenet/io/bytes.hpp"

namespace videoonenet {

/// Whether the bytes begin like a gzip file.
inline bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

/// Decompresses a gzip file of one or more members.
/// Errors: InputError naming the file when it is damaged, truncated, followed by something else, or inflates beyond the
/// limit.
inline Bytes gunzip(std::span<const std::uint8_t> bytes, const std::string& name, const ReadLimit& limit = {}) {
  constexpr std::size_t chunk = std::size_t(1) << 18;
  constexpr int gzip_format = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_format) != Z_OK) throw Error("gunzip: zlib cannot be initialised");
  struct End {
    z_stream& stream;
    ~End() { inflateEnd(&stream); }
  } end{stream};

  Bytes result;
  bool member_complete = false;
  while (!member_complete || !bytes.empty()) {
    if (member_complete) {
      if (!is_gzip(bytes)) throw InputError(sentence(name, ": bytes are left over behind the gzip data"));
      inflateReset(&stream);
    }
    const std::size_t used = result.size(), taken = std::min(bytes.size(), chunk);
    const auto room = std::min(chunk, static_cast<std::size_t>(limit.bytes) + 1 - used);
    result.resize(used + room);
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(taken);
    stream.next_out = result.data() + used;
    stream.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream, Z_NO_FLUSH);
    bytes = bytes.subspan(taken - stream.avail_in);
    result.resize(used + room - stream.avail_out);
    if (result.size() > static_cast<std::size_t>(limit.bytes))
      throw InputError(sentence(name, ": the gzip data inflate to more than the limit of ", limit.bytes, " bytes"));
    member_complete = status == Z_STREAM_END;
    if (status == Z_BUF_ERROR || (status == Z_OK && bytes.empty() && stream.avail_out > 0))
      throw InputError(sentence(name, ": truncated: the gzip data end too early"));
    if (status != Z_OK && status != Z_STREAM_END)
      throw InputError(sentence(name, ": the gzip data are damaged (", stream.msg ? stream.msg : "unknown", ")"));
  }
  return result;
}

/// Reads a whole file, decompressing it when it is gzip.
/// Errors: as read_bytes and gunzip.
inline Bytes read_maybe_gzip(const std::filesystem::path& path, const ReadLimit& limit = {}) {
  Bytes bytes = read_bytes(path, limit);
  return is_gzip(bytes) ? gunzip(bytes, path.string(), limit) : bytes;
}

}  // namespace videoonenet
