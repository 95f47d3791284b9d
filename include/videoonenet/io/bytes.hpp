// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Whole files as bytes: bounded reading, checked slicing, atomic replacement.

#include <unistd.h>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// The contents of a file.
using Bytes = std::vector<std::uint8_t>;

/// How much a reader may take into memory.
struct ReadLimit {
  Index bytes = Index(1) << 34;  ///< refuse larger files (after decompression) [bytes]
};

/// Reads a whole regular file.
/// Errors: InputError when it is missing, is not a regular file, is unreadable, or is larger than the limit.
inline Bytes read_bytes(const std::filesystem::path& path, const ReadLimit& limit = {}) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw InputError(sentence(path.string(), ": the file does not exist"));
  if (!std::filesystem::is_regular_file(status))
    throw InputError(sentence(path.string(), ": expected a regular file, found a directory or a device"));
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw InputError(sentence(path.string(), ": its size cannot be read (", error.message(), ")"));
  if (size > static_cast<std::uintmax_t>(limit.bytes))
    throw InputError(sentence(path.string(), ": ", size, " bytes exceed the limit of ", limit.bytes));
  Bytes bytes(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(sentence(path.string(), ": the file cannot be opened for reading"));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size)
    throw InputError(sentence(path.string(), ": only ", file.gcount(), " of ", size, " bytes could be read"));
  return bytes;
}

/// Takes slices off the front of a file's bytes and never reads past their end.
class ByteReader {
 public:
  /// `name` stands for the file in every sentence.
  ByteReader(std::span<const std::uint8_t> bytes, std::string name) : rest_(bytes), name_(std::move(name)) {}

  /// The next `count` bytes.
  /// Errors: InputError when fewer are left; `what` says what they were needed for.
  std::span<const std::uint8_t> take(std::uint64_t count, const char* what) {
    if (count > rest_.size())
      throw InputError(
          sentence(name_, ": truncated: ", what, " needs ", count, " bytes, but only ", rest_.size(), " are left"));
    const auto slice = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(static_cast<std::size_t>(count));
    return slice;
  }

  /// The next unsigned integer, least significant byte first.
  template <std::unsigned_integral U>
  U little_endian(const char* what) {
    const auto bytes = take(sizeof(U), what);
    U value = 0;
    for (std::size_t i = sizeof(U); i-- > 0;) value = static_cast<U>((std::uint64_t(value) << 8) | bytes[i]);
    return value;
  }
  /// The next unsigned integer, most significant byte first.
  template <std::unsigned_integral U>
  U big_endian(const char* what) {
    U value = 0;
    for (std::uint8_t byte : take(sizeof(U), what)) value = static_cast<U>((std::uint64_t(value) << 8) | byte);
    return value;
  }

  /// Bytes not taken yet.
  std::size_t left() const { return rest_.size(); }
  /// The name used in sentences.
  const std::string& name() const { return name_; }

 private:
  std::span<const std::uint8_t> rest_;
  std::string name_;
};

/// Replaces a file in one step: write `temporary()`, then `commit()`; without a commit the target stays as it was.
///
/// The temporary lies beside the target and ends in the target's name, so that writers that look at the extension work.
class AtomicFile {
 public:
  /// Errors: InputError when the target's directory does not exist or the target is a directory.
  explicit AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
    const auto folder = target_.has_parent_path() ? target_.parent_path() : std::filesystem::path(".");
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
      throw InputError(sentence(target_.string(), ": cannot be written, because the directory ", folder.string(),
                                " does not exist"));
    if (std::filesystem::is_directory(target_, error))
      throw InputError(sentence(target_.string(), ": cannot be written, because it is a directory"));
    static std::atomic<unsigned> counter{0};
    temporary_ = folder / sentence(".partial-", ::getpid(), "-", counter++, "-", target_.filename().string());
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() {
    std::error_code ignored;
    if (!committed_) std::filesystem::remove(temporary_, ignored);
  }

  /// Where to write.
  const std::filesystem::path& temporary() const { return temporary_; }

  /// Moves the finished temporary over the target.
  /// Errors: InputError when the temporary is missing or cannot be moved.
  void commit() {
    std::error_code error;
    std::filesystem::rename(temporary_, target_, error);
    if (error) throw InputError(sentence(target_.string(), ": cannot be replaced (", error.message(), ")"));
    committed_ = true;
  }

 private:
  std::filesystem::path target_, temporary_;
  bool committed_ = false;
};

/// Writes a file atomically from several slices, in order.
/// Errors: InputError when it cannot be written (no directory, no permission, disk full).
inline void write_bytes(const std::filesystem::path& path,
                        std::initializer_list<std::span<const std::uint8_t>> slices) {
  AtomicFile target(path);
  std::ofstream file(target.temporary(), std::ios::binary | std::ios::trunc);
  for (auto slice : slices)
    file.write(reinterpret_cast<const char*>(slice.data()), static_cast<std::streamsize>(slice.size()));
  file.close();
  if (!file) throw InputError(sentence(path.string(), ": cannot be written (no permission, or the disk is full)"));
  target.commit();
}

/// Writes a text file atomically.
/// Errors: as write_bytes.
inline void write_text(const std::filesystem::path& path, const std::string& text) {
  write_bytes(path, {std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())});
}

}  // namespace videoonenet
