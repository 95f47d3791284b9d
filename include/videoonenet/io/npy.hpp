// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// NumPy's .npy files, versions 1 to 3: reading every plain number type, writing row-major arrays.

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "videoonenet/io/raw_array.hpp"

namespace videoonenet {

namespace detail {

/// Reads the header of a .npy file, a Python dictionary with exactly the keys descr, fortran_order and shape.
class NpyHeader {
 public:
  NpyHeader(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  void parse(RawArray& array) {
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        parse_type(array);
      } else if (key == "fortran_order" && !order) {
        order = true;
        array.column_major = boolean();
      } else if (key == "shape" && !shape) {
        shape = true;
        parse_extents(array);
      } else {
        refuse("has an unknown or repeated key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty()) refuse("has text after its closing brace");
    if (!descr || !order || !shape) refuse("lacks one of the keys descr, fortran_order and shape");
  }

 private:
  [[noreturn]] void refuse(const std::string& defect) const {
    throw InputError(sentence(name_, ": the .npy header ", defect));
  }
  void skip_space() {
    const auto end = rest_.find_first_not_of(" \t\n");
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end);
  }
  bool accept(char c) {
    skip_space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(sentence("lacks a '", c, "' where one is expected"));
  }
  std::string quoted() {
    skip_space();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"'))
      refuse("has something other than a quoted name where one is expected (structured types are not supported)");
    const auto end = rest_.find(rest_[0], 1);
    if (end == rest_.npos || end > 32) refuse("has a quoted name that is too long or does not end");
    const std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool boolean() {
    skip_space();
    for (std::string_view word : {"True", "False"})
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return word == "True";
      }
    refuse("has a fortran_order that is neither True nor False");
  }
  void parse_extents(RawArray& array) {
    expect('(');
    while (!accept(')')) {
      skip_space();
      Index extent = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (error != std::errc() || extent < 0) refuse("has a shape that is not a list of non-negative integers");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      array.extents.push_back(extent);
      if (array.extents.size() > 32) refuse("has a shape of more than 32 extents");
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }
  void parse_type(RawArray& array) {
    static constexpr std::array<std::pair<std::string_view, NumberType>, 12> types{{{"b1", NumberType::boolean},
                                                                                    {"u1", NumberType::u8},
                                                                                    {"i1", NumberType::i8},
                                                                                    {"u2", NumberType::u16},
                                                                                    {"i2", NumberType::i16},
                                                                                    {"u4", NumberType::u32},
                                                                                    {"i4", NumberType::i32},
                                                                                    {"u8", NumberType::u64},
                                                                                    {"i8", NumberType::i64},
                                                                                    {"f2", NumberType::f16},
                                                                                    {"f4", NumberType::f32},
                                                                                    {"f8", NumberType::f64}}};
    const std::string text = quoted();
    const auto found = text.empty() ? types.end()
                                    : std::ranges::find(types, std::string_view(text).substr(1),
                                                        &std::pair<std::string_view, NumberType>::first);
    const bool order_known = !text.empty() && std::string_view("<>|=").find(text[0]) != std::string_view::npos;
    if (found == types.end() || !order_known)
      refuse("has the type '" + text + "', expected a plain number type such as '<f4', '<f8' or '|u1'");
    array.type = found->second;
    array.big_endian = text[0] == '>';
  }

  std::string_view rest_;
  const std::string& name_;
};

inline std::string_view npy_type_name(NumberType type) {
  switch (type) {
    case NumberType::f32:
      return "<f4";
    case NumberType::f64:
      return "<f8";
    case NumberType::u8:
      return "|u1";
    case NumberType::i32:
      return "<i4";
    default:
      return "<i8";
  }
}

}  // namespace detail

/// The array in the bytes of a .npy file, which must outlive the result.
/// Errors: InputError naming the file and the defect (magic, version, header, truncated, bytes left over).
inline RawArray parse_npy(std::span<const std::uint8_t> bytes, const std::string& name) {
  constexpr std::string_view magic("\x93NUMPY");
  constexpr std::uint32_t longest_header = 1 << 20;
  ByteReader reader(bytes, name);
  if (!std::ranges::equal(reader.take(magic.size(), "the .npy magic"), magic,
                          [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
    throw InputError(sentence(name, ": not a .npy file: it does not begin with \\x93NUMPY"));
  const auto version = reader.take(2, "the .npy version");
  if (version[0] < 1 || version[0] > 3 || version[1] != 0)
    throw InputError(sentence(name, ": .npy version ", int(version[0]), ".", int(version[1]),
                              " is unknown, expected 1.0, 2.0 or 3.0"));
  const std::uint32_t length = version[0] == 1 ? reader.little_endian<std::uint16_t>("the .npy header length")
                                               : reader.little_endian<std::uint32_t>("the .npy header length");
  if (length > longest_header)
    throw InputError(sentence(name, ": a .npy header of ", length, " bytes is absurdly long"));
  const auto header = reader.take(length, "the .npy header");
  RawArray array;
  detail::NpyHeader({reinterpret_cast<const char*>(header.data()), header.size()}, name).parse(array);
  const Index count = entry_count(array.extents, name);
  array.bytes = reader.take(static_cast<std::uint64_t>(count * bytes_of(array.type)), "the .npy data");
  if (reader.left() != 0)
    throw InputError(sentence(name, ": ", reader.left(), " bytes are left over behind the .npy data"));
  return array;
}

/// Reads a .npy file as a batch of videos by its rank: (d), (H,W), (H,W,F), (T,H,W,F) or (N,T,H,W,F).
///
/// Numbers are converted to T without scaling.
/// Errors: InputError naming the file and the defect; NaN and infinity are refused unless allowed.
template <class T>
Tensor<T> read_npy(const std::filesystem::path& path, NonFinite non_finite = NonFinite::refuse) {
  const Bytes bytes = read_bytes(path);
  return to_tensor<T>(parse_npy(bytes, path.string()), path.string(), non_finite);
}

/// The first bytes of a version 1 .npy file, up to its data.
/// Errors: InputError for more than 32 extents.
inline std::string npy_preamble(NumberType type, std::span<const Index> extents) {
  if (extents.size() > 32) throw InputError(sentence("write_npy: ", extents.size(), " extents are more than 32"));
  std::string header = sentence("{'descr': '", detail::npy_type_name(type), "', 'fortran_order': False, 'shape': (");
  for (std::size_t i = 0; i < extents.size(); ++i) header += sentence(i == 0 ? "" : " ", extents[i], ",");
  if (extents.size() > 1) header.pop_back();  // only a single extent keeps its comma
  header += "), }";
  constexpr std::size_t fixed = 10;  // magic, version, header length
  header.append((64 - (fixed + header.size() + 1) % 64) % 64, ' ');
  header += '\n';
  std::string preamble("\x93NUMPY\x01\x00", 8);
  preamble += static_cast<char>(header.size() & 255);
  preamble += static_cast<char>(header.size() >> 8);
  return preamble + header;
}

/// Writes an array atomically as .npy, row-major with the given extents.
/// Errors: ShapeError when the extents do not fit; InputError when it cannot be written.
template <class T>
void write_npy(const std::filesystem::path& path, std::span<const T> values, std::span<const Index> extents) {
  require_size(std::ssize(values), entry_count(extents, path.string()), "write_npy", "the array");
  const std::string preamble = npy_preamble(number_type_of<T>(), extents);
  write_bytes(path, {as_file_bytes(std::span(preamble.data(), preamble.size())), as_file_bytes(values)});
}

/// Writes a video atomically as .npy: (T,H,W,F), or (N,T,H,W,F) for a batch.
/// Errors: InputError when it cannot be written.
template <class T>
void write_npy(const std::filesystem::path& path, const View<T>& video) {
  const std::vector<Index> extents = video_extents(video.shape);
  write_npy<std::remove_const_t<T>>(path, video.flat(), extents);
}

}  // namespace videoonenet
