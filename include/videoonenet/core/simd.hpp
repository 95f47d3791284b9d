// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One machine register of numbers, as wide as the processor compiled for has them.
///
/// Arithmetic operators work lane by lane and with scalars, which are broadcast. The compiler's vector extension is
/// used where there is one, so that AVX-512, AVX2, SSE and NEON need no code of their own; elsewhere a vector has one
/// lane.

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "videoonenet/core/config.hpp"

namespace videoonenet::simd {

/// Bytes of a register.
#if !defined(__GNUC__)
inline constexpr Index register_bytes = 0;
#elif defined(__AVX512F__)
inline constexpr Index register_bytes = 64;
#elif defined(__AVX__)
inline constexpr Index register_bytes = 32;
#else
inline constexpr Index register_bytes = 16;
#endif

/// Registers the processor has; kernels keep fewer accumulators than that.
#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr Index register_count = 32;
#else
inline constexpr Index register_count = 16;
#endif

#if defined(__GNUC__)
namespace detail {
template <class T>
struct VectorOf;
template <>
struct VectorOf<float> {
  typedef float type __attribute__((vector_size(register_bytes)));
  typedef std::int32_t integers __attribute__((vector_size(register_bytes)));
};
template <>
struct VectorOf<double> {
  typedef double type __attribute__((vector_size(register_bytes)));
  typedef std::int64_t integers __attribute__((vector_size(register_bytes)));
};
}  // namespace detail

/// A register of float or double.
template <class T>
using Vector = typename detail::VectorOf<T>::type;

/// Integers as wide as the lanes of a Vector<T>.
template <class T>
using Integers = typename detail::VectorOf<T>::integers;
#else
/// A register of one lane.
template <class T>
using Vector = T;
#endif

/// Lanes of a Vector<T>.
template <class T>
inline constexpr Index lanes = sizeof(Vector<T>) / sizeof(T);

/// All lanes equal to `value`.
template <class T>
Vector<T> broadcast(T value) {
  return value - Vector<T>{};  // value − 0 is value, for every value
}

/// All lanes zero. (nvcc fails on a literal `Vector<T>{}` inside a lambda.)
template <class T>
Vector<T> zeros() {
  return Vector<T>{};
}

/// The lanes at p, which need not be aligned.
template <class T>
Vector<T> load(const T* p) {
  Vector<T> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

/// The first `count` lanes at p, zero in the others.
template <class T>
Vector<T> load(const T* p, Index count) {
  Vector<T> v{};
  std::memcpy(&v, p, static_cast<std::size_t>(count) * sizeof(T));
  return v;
}

/// Writes all lanes to p, which need not be aligned.
template <class T>
void store(T* p, std::type_identity_t<Vector<T>> v) {
  std::memcpy(p, &v, sizeof v);
}

/// Writes the first `count` lanes to p.
template <class T>
void store(T* p, std::type_identity_t<Vector<T>> v, Index count) {
  std::memcpy(p, &v, static_cast<std::size_t>(count) * sizeof(T));
}

/// Lane i of the result is lane I_i of a followed by b.
template <class T, Index... I>
VIDEOONENET_ALWAYS_INLINE inline Vector<T> shuffle(std::type_identity_t<Vector<T>> a,
                                                   std::type_identity_t<Vector<T>> b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, I...);
#elif defined(__GNUC__)  // nvcc cannot pass packs on to __builtin_shufflevector
  constexpr Integers<T> from = {I...};
  return __builtin_shuffle(a, b, from);
#else
  return (..., (I == 0 ? a : b));
#endif
}

/// The sum of the lanes, always added in the same order.
template <class T>
T sum(std::type_identity_t<Vector<T>> v) {
  T values[lanes<T>];
  std::memcpy(values, &v, sizeof v);
  for (Index half = lanes<T> / 2; half > 0; half /= 2)
    for (Index i = 0; i < half; ++i) values[i] += values[i + half];
  return values[0];
}

}  // namespace videoonenet::simd
