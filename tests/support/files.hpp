// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the tests of file readers share: a directory that goes away, and a check of refusals.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/io/bytes.hpp"

namespace videoonenet::test {

/// An empty directory that is removed with all its contents at the end of the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() / sentence("videoonenet-test-", ::getpid(), "-", counter++);
    std::filesystem::create_directories(path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  /// Names of all files in it.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename());
    return names;
  }

 private:
  std::filesystem::path path_;
};

/// The bytes of a text.
inline Bytes bytes(const std::string& text) { return Bytes(text.begin(), text.end()); }

/// The sentence of the InputError that `action` throws, or a note that it throws none.
template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const InputError& e) {
    return e.what();
  }
  return "nothing was refused";
}

/// Calls read(damaged) with every truncation of a file and with many single-byte changes.
///
/// A truncated file must be refused; a changed one may be refused or read, but nothing else may happen.
template <class Read>
void survives_damage(const Bytes& file, Read&& read) {
  const std::size_t stride = std::max<std::size_t>(1, file.size() / 300);
  for (std::size_t size = 0; size < file.size(); size += stride) {
    const Bytes truncated(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));  // of its own: for ASan
    INFO("truncated to " << size << " bytes");
    REQUIRE_THROWS_AS(read(truncated), InputError);
  }
  Random random(1);
  for (int i = 0; i < 400; ++i) {
    Bytes changed = file;
    changed[static_cast<std::size_t>(random.integer(std::ssize(file)))] = static_cast<std::uint8_t>(random.bits());
    try {
      read(changed);
    } catch (const InputError&) {
    }
  }
}

}  // namespace videoonenet::test
