// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Counts what a test program allocates. Weak, because several tests of one program may ask for it.

#include <cstdlib>
#include <new>

namespace videoonenet::support {
inline long allocations = 0;
}

[[gnu::weak]] void* operator new(std::size_t size) {
  ++videoonenet::support::allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
[[gnu::weak]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++videoonenet::support::allocations;
  return std::malloc(size);
}
[[gnu::weak]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++videoonenet::support::allocations;
  const auto step = static_cast<std::size_t>(alignment);
  if (void* p = std::aligned_alloc(step, (size + step - 1) / step * step)) return p;
  throw std::bad_alloc();
}
[[gnu::weak]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::weak]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::weak]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::weak]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
