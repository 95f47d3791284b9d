// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Owning host memory: an aligned buffer, and a tensor that adds a video-batch shape to it.

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// Every buffer starts at a multiple of this many bytes: one cache line, one AVX-512 register.
inline constexpr std::size_t alignment = 64;

/// Zero-initialised host array of trivially copyable entries, aligned to `alignment` bytes.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(Index size) : size_(size) {
    if (size < 0) throw ShapeError(sentence("Buffer: a size of ", size, " entries is negative"));
    if (size > std::numeric_limits<Index>::max() / static_cast<Index>(sizeof(T)))
      throw ShapeError(sentence("Buffer: ", size, " entries of ", sizeof(T), " bytes cannot be addressed"));
    if (size == 0) return;
    data_.reset(static_cast<T*>(::operator new(sizeof(T) * static_cast<std::size_t>(size), std::align_val_t(alignment))));
    std::fill_n(data_.get(), size, T{});
  }
  explicit Buffer(std::span<const T> values) : Buffer(std::ssize(values)) { std::ranges::copy(values, data()); }
  Buffer(std::initializer_list<T> values) : Buffer(std::span<const T>(values.begin(), values.size())) {}
  Buffer(const Buffer& other) : Buffer(other.span()) {}
  Buffer(Buffer&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  Index size() const { return size_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](Index i) { return data_[static_cast<std::size_t>(i)]; }
  const T& operator[](Index i) const { return data_[static_cast<std::size_t>(i)]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  std::span<T> span() { return {data(), static_cast<std::size_t>(size_)}; }
  std::span<const T> span() const { return {data(), static_cast<std::size_t>(size_)}; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete(p, std::align_val_t(alignment)); }
  };
  std::unique_ptr<T[], Free> data_;
  Index size_ = 0;
};

/// A batch of videos in host memory.
template <class T>
class Tensor {
 public:
  using value_type = T;

  Tensor() = default;
  /// Errors: ShapeError when an extent is not positive.
  explicit Tensor(const Shape& shape) : shape_((require_valid(shape, "Tensor"), shape)), buffer_(shape.size()) {}
  /// Errors: ShapeError when `values` does not hold shape.size() entries.
  Tensor(const Shape& shape, std::span<const T> values) : Tensor(shape) {
    require_size(std::ssize(values), shape.size(), "Tensor", "the array");
    std::ranges::copy(values, buffer_.data());
  }

  const Shape& shape() const { return shape_; }
  Index size() const { return buffer_.size(); }
  T* data() { return buffer_.data(); }
  const T* data() const { return buffer_.data(); }
  T& operator[](Index i) { return buffer_[i]; }
  const T& operator[](Index i) const { return buffer_[i]; }
  T& operator()(Index n, Index t, Index h, Index w, Index f) { return buffer_[shape_.offset(n, t, h, w, f)]; }
  const T& operator()(Index n, Index t, Index h, Index w, Index f) const { return buffer_[shape_.offset(n, t, h, w, f)]; }
  std::span<T> flat() { return buffer_.span(); }
  std::span<const T> flat() const { return buffer_.span(); }
  View<T> view() { return {data(), shape_}; }
  View<const T> view() const { return {data(), shape_}; }

 private:
  Shape shape_{.w = 0};
  Buffer<T> buffer_;
};

}  // namespace videoonenet
