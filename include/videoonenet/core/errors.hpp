// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The exceptions of the library: each carries one sentence saying what was given, what is expected, and where.

#include <sstream>
#include <stdexcept>
#include <string>

namespace videoonenet {

/// Base of every exception thrown by the library.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Extents that do not fit together; thrown before any work is done.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// A bad argument or a damaged, missing or unsuitable file.
class InputError : public Error {
 public:
  using Error::Error;
};

/// A computation that cannot be completed to the stated accuracy (not positive definite, NaN, no convergence).
class NumericalError : public Error {
 public:
  using Error::Error;
};

/// Joins its arguments into one sentence.
template <class... Parts>
std::string sentence(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

}  // namespace videoonenet
