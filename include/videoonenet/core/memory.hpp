// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The planned memory of a network: what lives from forward to adjoint, and scratch that layers share.
///
/// Caches are made twice by the same code: once on `Memory::measuring` to learn the sizes, then on memory of exactly
/// these sizes (`plan` does both). No step allocates after that.

#include <vector>

#include "videoonenet/core/arena.hpp"

namespace videoonenet {

/// What a cache is made for.
enum class Purpose {
  training,   ///< the adjoint will be called: keep what it needs
  inference,  ///< forward only
};

/// Arenas of one executor, one for each time that memory lives.
template <Executor Ex = Cpu>
struct Memory {
  Ex executor;
  Purpose purpose = Purpose::training;
  Arena<Ex> kept;     ///< holds from forward until adjoint: activations, gates, statistics
  Arena<Ex> scratch;  ///< holds within one call of forward or adjoint; take it inside a Scope, so that others reuse it
  Arena<Ex> carried;  ///< holds from one forward to the next in a stream: recurrent states, zero before the first one
  Index hop = 0;      ///< in a stream, by how many frames the next call's video begins later; 0: nothing is carried

  /// Memory that only counts what is asked of it.
  static Memory measuring(const Ex& ex, Purpose purpose = Purpose::training, Index hop = 0) {
    return {ex, purpose, Arena<Ex>::measuring(), Arena<Ex>::measuring(), Arena<Ex>::measuring(), hop};
  }
  /// Owns as many bytes as `plan` counted.
  static Memory allocate(const Memory& plan) {
    const auto arena = [&](const Arena<Ex>& counted) { return Arena<Ex>(plan.executor, counted.peak_bytes()); };
    return {plan.executor, plan.purpose, arena(plan.kept), arena(plan.scratch), arena(plan.carried), plan.hop};
  }
  /// Bytes needed in all.
  Index peak_bytes() const { return kept.peak_bytes() + scratch.peak_bytes() + carried.peak_bytes(); }
};

/// A cache together with the memory its views point into.
template <class Cache, Executor Ex>
struct Planned {
  Memory<Ex> memory;
  Cache cache;
  /// Bytes this plan holds.
  Index bytes() const { return memory.peak_bytes(); }
};

/// Makes a cache in memory of exactly the size it needs: `plan(ex, [&](auto& m) { return layer.make_cache(m, shape);
/// })`. `make` is called twice and must ask for the same memory both times.
template <Executor Ex, class Make>
auto plan(const Ex& ex, Make&& make, Purpose purpose = Purpose::training, Index hop = 0) {
  auto counted = Memory<Ex>::measuring(ex, purpose, hop);
  static_cast<void>(make(counted));
  auto memory = Memory<Ex>::allocate(counted);
  auto cache = make(memory);
  return Planned<decltype(cache), Ex>{std::move(memory), std::move(cache)};
}

/// The bytes `plan` would take, without taking them.
template <Executor Ex, class Make>
Index planned_bytes(const Ex& ex, Make&& make, Purpose purpose = Purpose::training, Index hop = 0) {
  auto counted = Memory<Ex>::measuring(ex, purpose, hop);
  static_cast<void>(make(counted));
  return counted.peak_bytes();
}

/// `count` caches for calls one after the other, by `make()`: each carries what is its own, all else they share.
template <Executor Ex, class Make>
auto make_caches(Memory<Ex>& memory, Index count, Make&& make) {
  std::vector<decltype(make())> caches;
  for (Index i = 1; i < count; ++i) {
    const typename Arena<Ex>::Scope scope(memory.kept);
    caches.push_back(make());
  }
  if (count > 0) caches.push_back(make());
  return caches;
}

}  // namespace videoonenet
