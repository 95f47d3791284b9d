// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The shared memory of an emulated block: its bounds, and what products of warpgroups may see of it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "videoonenet/core/errors.hpp"
#include "videoonenet/core/shape.hpp"

namespace videoonenet::testing {

namespace detail {

/// Products of warpgroups read shared memory on a way of their own: they see what a thread has written once that thread
/// has published it. Whoever asks for an entry may write it; that it was only read shows by its value.
class EmulatedShared {
 public:
  static constexpr std::size_t operand_bytes = 16;
  using Operand = std::array<std::byte, operand_bytes>;

  EmulatedShared(int bytes, int threads) : bytes_(bytes), published_(static_cast<std::size_t>(threads)) {
    memory_ = std::make_unique<std::byte[]>(static_cast<std::size_t>(bytes) + alignment);
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    first_ = memory_.get() + (alignment - address % alignment) % alignment;
  }

  /// NaN everywhere, as a block finds it.
  void begin() {
    std::memset(first_, 0xff, static_cast<std::size_t>(bytes_));
    if (tracks_) track();
  }
  std::byte* at(Index offset, Index bytes) {
    if (offset < 0 || bytes < 0 || offset + bytes > bytes_)
      throw Error(sentence("emulate: the shared bytes ", offset, " to ", offset + bytes, " were asked for, there are ",
                           bytes_));
    return first_ + offset;
  }

  /// Whether it is known who has asked for what: from the first product or publication on.
  bool tracks() const { return tracks_; }
  void track() {
    tracks_ = true;
    now_ = 1;
    published_.assign(published_.size(), now_);  // what was written before is not known, and holds as published
    words_.assign(static_cast<std::size_t>(bytes_ + word_bytes - 1) / word_bytes, Word{});
  }
  /// Thread `thread` has got entries to read or to write.
  void touch(int thread, const void* entries, std::size_t bytes) {
    const auto begin = static_cast<std::size_t>(static_cast<const std::byte*>(entries) - first_);
    for (std::size_t w = begin / word_bytes; w * word_bytes < begin + bytes; ++w) {
      Word& word = words_[w];
      if (is_published(word)) word.visible = value(w);
      word.thread = thread, word.time = now_;
    }
  }
  /// Shows what a thread has written.
  void publish(int thread) {
    if (!tracks_) track();
    published_[static_cast<std::size_t>(thread)] = ++now_;
  }
  /// Sixteen bytes that a product reads.
  Operand operand(int offset) {
    if (offset % static_cast<int>(operand_bytes) != 0)
      throw Error(sentence("emulate: a core matrix at byte ", offset, ", no multiple of 16"));
    const std::byte* from = at(offset, operand_bytes);
    if (!tracks_) track();
    const auto first = static_cast<std::size_t>(offset) / word_bytes;
    for (std::size_t w = first; w < first + operand_bytes / word_bytes; ++w)
      if (!is_published(words_[w]) && words_[w].visible != value(w))
        throw Error(sentence("emulate: a product reads byte ", w * word_bytes, " of shared memory, which thread ",
                             words_[w].thread, " has written and not published"));
    Operand bytes;
    std::memcpy(bytes.data(), from, operand_bytes);
    return bytes;
  }
  /// Whether sixteen bytes are what a product has read before.
  bool holds(int offset, const Operand& bytes) const {
    return std::memcmp(first_ + offset, bytes.data(), operand_bytes) == 0;
  }

 private:
  static constexpr std::size_t alignment = 128, word_bytes = 4;

  struct Word {
    std::uint32_t visible = 0xffffffffu;  ///< value for products, unless the last one who asked has published
    int thread = 0;                       ///< that has asked for it last
    std::uint32_t time = 0;               ///< publications before that
  };

  bool is_published(const Word& w) const { return published_[static_cast<std::size_t>(w.thread)] > w.time; }
  std::uint32_t value(std::size_t word) const {
    std::uint32_t v;
    std::memcpy(&v, first_ + word * word_bytes, sizeof v);
    return v;
  }

  Index bytes_;
  std::unique_ptr<std::byte[]> memory_;
  std::byte* first_;
  bool tracks_ = false;
  std::uint32_t now_ = 1;
  std::vector<std::uint32_t> published_;  ///< when a thread has last published, counted in publications
  std::vector<Word> words_;
};

}  // namespace detail

/// Entries of shared memory whose bounds are checked.
template <class T>
class SharedSpan {
 public:
  /// `thread` asks for entries of `memory`, which is null where nobody wants to know.
  SharedSpan(T* data, int size, detail::EmulatedShared* memory, int thread)
      : data_(data), memory_(memory), size_(size), thread_(thread) {}
  T& operator[](int i) const { return *at(i, 1); }
  int size() const { return size_; }
  /// Where `count` entries from entry i on lie.
  T* at(int i, int count) const {
    require_inside(i);
    if (count > 1) require_inside(i + count - 1);
    T* entries = data_ + i;
    if (memory_ && memory_->tracks()) memory_->touch(thread_, entries, static_cast<std::size_t>(count) * sizeof(T));
    return entries;
  }
  /// The entry that begins at a byte.
  T& at_byte(int byte) const {
    constexpr int bytes = static_cast<int>(sizeof(T));
    if (byte % bytes != 0) throw Error(sentence("emulate: no entry of shared memory begins at byte ", byte));
    return (*this)[byte / bytes];
  }

 private:
  void require_inside(int i) const {
    if (i < 0 || i >= size_) throw Error(sentence("emulate: entry ", i, " of ", size_, " in shared memory"));
  }

  T* data_;
  detail::EmulatedShared* memory_;
  int size_, thread_;
};

}  // namespace videoonenet::testing
