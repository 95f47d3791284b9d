// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A planned memory arena: one allocation before the first step, none inside a step.
///
/// The same code runs twice. On `Arena::measuring()` every request returns a span without memory and only its size is
/// counted; on an arena built with that size the requests return the memory itself, in the same order:
///
///     auto plan = Arena<Cpu>::measuring();
///     layout(plan);
///     Arena<Cpu> arena(ex, plan.peak_bytes());
///     Workspace w = layout(arena);

#include <algorithm>
#include <optional>

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

/// Stack-like memory of one executor; what a scope took is free again when the scope ends.
template <Executor Ex = Cpu>
class Arena {
 public:
  /// Owns `bytes` bytes of the executor's memory.
  Arena(const Ex& ex, Index bytes) : memory_(ex.template allocate<std::byte>(bytes)), capacity_(bytes) {}

  /// An arena without memory that only counts.
  static Arena measuring() { return Arena(); }

  /// Takes `size` entries, aligned to `alignment` bytes; the contents are unspecified.
  /// Errors: Error when the arena was planned smaller.
  template <class T>
  std::span<T> take(Index size) {
    constexpr auto step = static_cast<Index>(alignment);
    const Index bytes = (size * static_cast<Index>(sizeof(T)) + step - 1) / step * step;
    const Index begin = used_;
    used_ += bytes;
    peak_ = std::max(peak_, used_);
    if (!memory_) return {static_cast<T*>(nullptr), static_cast<std::size_t>(size)};
    if (used_ > capacity_)
      throw Error(sentence("Arena: ", used_, " bytes were requested of an arena planned with ", capacity_));
    return {reinterpret_cast<T*>(memory_->data() + begin), static_cast<std::size_t>(size)};
  }

  /// Takes a video batch.
  template <class T>
  View<T> take(const Shape& shape) {
    return {take<T>(shape.size()).data(), shape};
  }

  /// All of its memory, whoever has taken it; none while it only counts.
  template <class T>
  std::span<T> all() {
    return memory_
               ? std::span<T>(reinterpret_cast<T*>(memory_->data()), static_cast<std::size_t>(capacity_) / sizeof(T))
               : std::span<T>();
  }

  /// Bytes in use now.
  Index used_bytes() const { return used_; }
  /// The most bytes that were in use at once: what an arena for the same requests needs.
  Index peak_bytes() const { return peak_; }

  /// Gives back, at its end, whatever was taken since its beginning.
  class Scope {
   public:
    explicit Scope(Arena& arena) : arena_(arena), used_(arena.used_) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { arena_.used_ = used_; }

   private:
    Arena& arena_;
    Index used_;
  };

 private:
  Arena() = default;

  std::optional<decltype(std::declval<const Ex&>().template allocate<std::byte>(0))> memory_;
  Index capacity_ = 0, used_ = 0, peak_ = 0;
};

}  // namespace videoonenet
