// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Arrays as files hold them: a number type, extents and bytes, and their conversion to tensors.

#include <bit>
#include <cmath>
#include <cstring>

#include "videoonenet/core/tensor.hpp"
#include "videoonenet/io/bytes.hpp"

namespace videoonenet {

static_assert(std::endian::native == std::endian::little, "videoonenet: files are read on little-endian machines");

/// The number types that .npy and safetensors files share.
enum class NumberType { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64 };

/// Bytes of one number.
constexpr Index bytes_of(NumberType type) {
  switch (type) {
    case NumberType::boolean:
    case NumberType::u8:
    case NumberType::i8:
      return 1;
    case NumberType::u16:
    case NumberType::i16:
    case NumberType::f16:
    case NumberType::bf16:
      return 2;
    case NumberType::u32:
    case NumberType::i32:
    case NumberType::f32:
      return 4;
    default:
      return 8;
  }
}

/// Whether NaN and infinity are accepted when numbers are read.
enum class NonFinite {
  refuse,  ///< InputError naming the first one
  allow,   ///< pass them on
};

/// An array inside a file's bytes, which somebody else owns.
struct RawArray {
  NumberType type = NumberType::f32;
  std::vector<Index> extents;           ///< slowest first; empty for a single number
  std::span<const std::uint8_t> bytes;  ///< exactly bytes_of(type) per entry
  bool big_endian = false;              ///< most significant byte first
  bool column_major = false;            ///< the first extent varies fastest (Fortran order)
};

/// Entries of an array with these extents.
/// Errors: InputError when there are more than 2^48 or an extent is negative.
inline Index entry_count(std::span<const Index> extents, const std::string& name) {
  constexpr Index limit = Index(1) << 48;
  Index count = 1;
  bool empty = false;
  for (Index extent : extents) {
    empty = empty || extent == 0;
    if (extent < 0 || (extent > 0 && extent > limit / count))
      throw InputError(sentence(name, ": an array with an extent of ", extent, " is negative or absurdly large"));
    if (extent > 0) count *= extent;
  }
  return empty ? 0 : count;
}

/// The batch shape of an array by its rank: (d), (H,W), (H,W,F), (T,H,W,F) or (N,T,H,W,F).
/// Errors: InputError for a rank above five or an extent of zero.
inline Shape video_shape(std::span<const Index> extents, const std::string& name) {
  if (entry_count(extents, name) == 0) throw InputError(sentence(name, ": the array is empty"));
  switch (extents.size()) {
    case 0:
      return flat_shape(1);
    case 1:
      return flat_shape(extents[0]);
    case 2:
      return {.h = extents[0], .w = extents[1]};
    case 3:
      return {.h = extents[0], .w = extents[1], .f = extents[2]};
    case 4:
      return {.t = extents[0], .h = extents[1], .w = extents[2], .f = extents[3]};
    case 5:
      return {.n = extents[0], .t = extents[1], .h = extents[2], .w = extents[3], .f = extents[4]};
    default:
      break;
  }
  throw InputError(sentence(name, ": an array of rank ", extents.size(), " is not a video, whose rank is at most 5"));
}

/// The extents a video is written with: (T,H,W,F) for a single video, (N,T,H,W,F) for a batch.
inline std::vector<Index> video_extents(const Shape& s) {
  std::vector<Index> extents{s.t, s.h, s.w, s.f};
  if (s.n != 1) extents.insert(extents.begin(), s.n);
  return extents;
}

namespace detail {

/// IEEE half precision to float.
inline float half_to_float(std::uint16_t h) {
  const int exponent = (h >> 10) & 31;
  const float fraction = float(h & 1023);
  float magnitude = std::ldexp(fraction, -24);
  if (exponent == 31)
    magnitude = fraction == 0 ? HUGE_VALF : NAN;
  else if (exponent > 0)
    magnitude = std::ldexp(fraction + 1024, exponent - 25);
  return h & 0x8000 ? -magnitude : magnitude;
}

template <class S, class T>
T load_number(const std::uint8_t* p, bool big_endian) {
  std::uint8_t raw[sizeof(S)];
  std::memcpy(raw, p, sizeof(S));
  if (big_endian) std::reverse(raw, raw + sizeof(S));
  S value;
  std::memcpy(&value, raw, sizeof(S));
  return static_cast<T>(value);
}

/// Calls body(load) with the function that reads one number of this type as a T.
template <class T, class Body>
void with_loader(NumberType type, bool be, Body&& body) {
  using P = const std::uint8_t*;
  switch (type) {
    case NumberType::boolean:
    case NumberType::u8:
      return body([](P p) { return T(*p); });
    case NumberType::i8:
      return body([](P p) { return T(static_cast<std::int8_t>(*p)); });
    case NumberType::u16:
      return body([be](P p) { return load_number<std::uint16_t, T>(p, be); });
    case NumberType::i16:
      return body([be](P p) { return load_number<std::int16_t, T>(p, be); });
    case NumberType::u32:
      return body([be](P p) { return load_number<std::uint32_t, T>(p, be); });
    case NumberType::i32:
      return body([be](P p) { return load_number<std::int32_t, T>(p, be); });
    case NumberType::u64:
      return body([be](P p) { return load_number<std::uint64_t, T>(p, be); });
    case NumberType::i64:
      return body([be](P p) { return load_number<std::int64_t, T>(p, be); });
    case NumberType::f16:
      return body([be](P p) { return T(half_to_float(load_number<std::uint16_t, std::uint16_t>(p, be))); });
    case NumberType::bf16:
      return body([be](P p) {
        return T(std::bit_cast<float>(std::uint32_t(load_number<std::uint16_t, std::uint16_t>(p, be)) << 16));
      });
    case NumberType::f32:
      return body([be](P p) { return load_number<float, T>(p, be); });
    case NumberType::f64:
      return body([be](P p) { return load_number<double, T>(p, be); });
  }
}

/// Where the entry that stands `position`-th in column-major order stands in row-major order.
inline Index row_major_position(Index position, std::span<const Index> extents) {
  Index result = 0, stride = 1;
  for (Index extent : extents) stride *= extent;
  for (Index extent : extents) {
    stride /= extent;
    result += position % extent * stride;
    position /= extent;
  }
  return result;
}

}  // namespace detail

/// All numbers of an array, converted to T without scaling, row-major.
/// Errors: InputError when the bytes do not fit the extents, or a number is NaN or infinite and that is refused (a
/// double too large for float counts as infinite).
template <class T>
Buffer<T> to_buffer(const RawArray& array, const std::string& name, NonFinite non_finite = NonFinite::refuse) {
  const Index count = entry_count(array.extents, name), width = bytes_of(array.type);
  if (std::ssize(array.bytes) % width != 0 || std::ssize(array.bytes) / width != count)
    throw InputError(sentence(name, ": the array holds ", array.bytes.size(), " bytes, expected ", count,
                              " numbers of ", width, " bytes"));
  Buffer<T> values(count);
  detail::with_loader<T>(array.type, array.big_endian, [&](auto load) {
    for (Index i = 0; i < count; ++i) {
      const T value = load(array.bytes.data() + i * width);
      if (non_finite == NonFinite::refuse && !std::isfinite(value))
        throw InputError(sentence(name, ": entry ", i, " is ", value, ", expected finite numbers"));
      values[array.column_major ? detail::row_major_position(i, array.extents) : i] = value;
    }
  });
  return values;
}

/// An array as a batch of videos, by its rank (see video_shape).
/// Errors: as video_shape and to_buffer.
template <class T>
Tensor<T> to_tensor(const RawArray& array, const std::string& name, NonFinite non_finite = NonFinite::refuse) {
  const Shape shape = video_shape(array.extents, name);
  const Buffer<T> values = to_buffer<T>(array, name, non_finite);
  return Tensor<T>(shape, values.span());
}

/// The NumberType of a C++ type that files can hold.
template <class T>
constexpr NumberType number_type_of() {
  if constexpr (std::is_same_v<T, float>)
    return NumberType::f32;
  else if constexpr (std::is_same_v<T, double>)
    return NumberType::f64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return NumberType::u8;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return NumberType::i32;
  else {
    static_assert(std::is_same_v<T, std::int64_t>,
                  "videoonenet: arrays are written as float, double, uint8_t, int32_t or int64_t");
    return NumberType::i64;
  }
}

/// The memory of an array as bytes.
template <class T>
std::span<const std::uint8_t> as_file_bytes(std::span<const T> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}

}  // namespace videoonenet
