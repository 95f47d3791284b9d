// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// CIFAR-10's binary files.

#include "videoonenet/core/shape.hpp"
#include "videoonenet/io/bytes.hpp"

namespace videoonenet {

/// Pictures of CIFAR-10: records of a label and 32×32 red, green and blue bytes.
class Cifar10 {
 public:
  static constexpr Index side = 32, record_size = 1 + 3 * side * side;

  /// Takes the bytes of a batch file.
  /// Errors: InputError when the file is empty, is not a whole number of records, or has a label above 9.
  void append(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.empty() || std::ssize(bytes) % record_size != 0)
      throw InputError(sentence(name, ": ", bytes.size(), " bytes are not a positive number of CIFAR-10 records of ",
                                record_size, " bytes; the file is truncated or not a binary batch"));
    for (std::size_t i = 0; i < bytes.size(); i += static_cast<std::size_t>(record_size))
      if (bytes[i] > 9)
        throw InputError(sentence(name, ": record ", i / static_cast<std::size_t>(record_size), " has the label ",
                                  int(bytes[i]), ", expected 0 to 9"));
    records_.insert(records_.end(), bytes.begin(), bytes.end());
  }

  /// Number of pictures.
  Index size() const { return std::ssize(records_) / record_size; }
  /// Class of picture `i`, 0 to 9.
  int label(Index i) const { return records_[static_cast<std::size_t>(i * record_size)]; }
  /// Byte of picture `i` at row h, column w, channel f (red, green, blue).
  std::uint8_t pixel(Index i, Index h, Index w, Index f) const {
    return records_[static_cast<std::size_t>(i * record_size + 1 + (f * side + h) * side + w)];
  }

 private:
  Bytes records_;
};

}  // namespace videoonenet
