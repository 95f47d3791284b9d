// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// MNIST's IDX files, plain or gzip-compressed.

#include "videoonenet/core/shape.hpp"
#include "videoonenet/io/gzip.hpp"

namespace videoonenet {

/// An IDX file of unsigned bytes.
struct IdxArray {
  std::vector<Index> extents;  ///< slowest first
  Bytes values;

  /// Entries of one item, the product of all extents but the first.
  Index item_size() const {
    Index size = 1;
    for (std::size_t i = 1; i < extents.size(); ++i) size *= extents[i];
    return size;
  }
  /// The values of item `i`.
  std::span<const std::uint8_t> item(Index i) const {
    return std::span(values).subspan(static_cast<std::size_t>(i * item_size()), static_cast<std::size_t>(item_size()));
  }
};

/// Reads the bytes of an IDX file.
/// Errors: InputError naming the file and the defect: magic, number type, extents, truncated, bytes left over.
inline IdxArray parse_idx(std::span<const std::uint8_t> bytes, const std::string& name) {
  constexpr std::uint8_t unsigned_byte = 0x08;
  ByteReader reader(bytes, name);
  const auto magic = reader.take(4, "the IDX magic");
  if (magic[0] != 0 || magic[1] != 0)
    throw InputError(sentence(name, ": not an IDX file: it does not begin with two zero bytes"));
  if (magic[2] != unsigned_byte)
    throw InputError(sentence(name, ": an IDX file of number type ", int(magic[2]), ", expected 8 (unsigned bytes)"));
  if (magic[3] < 1 || magic[3] > 4)
    throw InputError(sentence(name, ": an IDX file of rank ", int(magic[3]), ", expected 1 to 4"));
  IdxArray array;
  Index size = 1;
  constexpr Index limit = Index(1) << 40;
  for (int i = 0; i < magic[3]; ++i) {
    const auto extent = static_cast<Index>(reader.big_endian<std::uint32_t>("an IDX extent"));
    if (extent == 0 || extent > limit / size)
      throw InputError(sentence(name, ": an IDX extent of ", extent, " is zero or absurdly large"));
    size *= extent;
    array.extents.push_back(extent);
  }
  const auto values = reader.take(static_cast<std::uint64_t>(size), "the IDX data");
  if (reader.left() != 0)
    throw InputError(sentence(name, ": ", reader.left(), " bytes are left over behind the IDX data"));
  array.values.assign(values.begin(), values.end());
  return array;
}

/// Reads an IDX file, plain or .gz.
/// Errors: as read_maybe_gzip and parse_idx; files that inflate beyond 1 GiB are refused.
inline IdxArray read_idx(const std::filesystem::path& path) {
  return parse_idx(read_maybe_gzip(path, {.bytes = Index(1) << 30}), path.string());
}

/// Reads the pictures of MNIST (or a set in its format) from `directory`: `stem` is "train" or "t10k".
///
/// The file is `<stem>-images-idx3-ubyte` or `<stem>-images.idx3-ubyte`, with or without .gz.
/// Errors: InputError when none of them is there, or the file is damaged or does not hold pictures.
inline IdxArray read_mnist_images(const std::filesystem::path& directory, const std::string& stem) {
  for (const char* ending :
       {"-images-idx3-ubyte", "-images.idx3-ubyte", "-images-idx3-ubyte.gz", "-images.idx3-ubyte.gz"}) {
    const auto path = directory / (stem + ending);
    if (!std::filesystem::exists(path)) continue;
    IdxArray images = read_idx(path);
    if (images.extents.size() != 3)
      throw InputError(sentence(path.string(), ": an IDX file of rank ", images.extents.size(),
                                ", expected 3 (count, rows, columns)"));
    return images;
  }
  throw InputError(sentence(directory.string(), ": expected MNIST's ", stem,
                            "-images-idx3-ubyte or the same with .gz in this directory, found neither"));
}

}  // namespace videoonenet
