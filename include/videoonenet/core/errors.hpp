// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The exceptions of the library: each carries one sentence saying what was given, what is expected, and where.

#include <initializer_list>
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

namespace detail {

/// Anything that can be written to a stream, without its type: sentences are built in hundreds of places, each with
/// other types, and this keeps what the compiler makes of each of them small.
class SentencePart {
 public:
  SentencePart(const char* text) : value_(text), write_(&write_text) {}
  template <class T>
  SentencePart(const T& value) : value_(&value), write_(&write_value<T>) {}

  friend std::ostream& operator<<(std::ostream& out, const SentencePart& part) {
    part.write_(out, part.value_);
    return out;
  }

 private:
  static void write_text(std::ostream& out, const void* text) { out << static_cast<const char*>(text); }
  template <class T>
  static void write_value(std::ostream& out, const void* value) {
    out << *static_cast<const T*>(value);
  }

  const void* value_;
  void (*write_)(std::ostream&, const void*);
};

inline std::string join(std::initializer_list<SentencePart> parts) {
  std::ostringstream out;
  for (const SentencePart& part : parts) out << part;
  return out.str();
}

}  // namespace detail

/// Joins its arguments into one sentence.
template <class... Parts>
std::string sentence(const Parts&... parts) {
  return detail::join({parts...});
}

}  // namespace videoonenet
