// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A function that gives way in its middle and is gone on with later, on a stack of its own.

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define VIDEOONENET_FIBERS_TELL_SANITIZER 1
#elif defined(__clang__)
#if __has_feature(address_sanitizer)
#define VIDEOONENET_FIBERS_TELL_SANITIZER 1
#endif
#endif
/// GCC's __builtin_setjmp restores what a fiber needs; Clang's does not at -O2. Address sanitizers are told of every
/// switch: an exception inside of a fiber would leave them with a wrong picture of its stack.
#if defined(__clang__) || defined(VIDEOONENET_FIBERS_TELL_SANITIZER)
#define VIDEOONENET_FIBERS_BY_UCONTEXT 1
#endif
#if defined(VIDEOONENET_FIBERS_TELL_SANITIZER)
#include <sanitizer/common_interface_defs.h>
#endif

namespace videoonenet::testing {

/// Runs `body`, which must neither return nor throw, in turn with its caller.
///
/// It begins by ucontext, which asks the system for the mask of signals at every switch, and is switched by
/// __builtin_setjmp, which does not: 0.1 instead of 0.9 µs.
class Fiber {
 public:
  explicit Fiber(void (*body)()) : body_(body) {
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_.get();
    inside_.uc_stack.ss_size = stack_size;
    makecontext(&inside_, begin, 0);
  }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

#if defined(VIDEOONENET_FIBERS_BY_UCONTEXT)
  /// Goes on with the body until it gives way.
  void resume() {
    beginning_ = this;
    leave(&outside_.sanitizer, stack_.get(), stack_size);
    swapcontext(&outside_.context, &inside_);
    arrive(outside_.sanitizer, nullptr, nullptr);
  }
  /// Called by the body: goes on with who has resumed it.
  void give_way() {
    void* own = nullptr;
    leave(&own, outside_.bottom, outside_.size);
    swapcontext(&inside_, &outside_.context);
    arrive(own, &outside_.bottom, &outside_.size);
  }

 private:
  /// Where the body was resumed from.
  struct Outside {
    ucontext_t context{};
    void* sanitizer = nullptr;  ///< its own notes on that stack
    const void* bottom = nullptr;
    std::size_t size = 0;
  };

  void note_beginning() { arrive(nullptr, &outside_.bottom, &outside_.size); }
#if defined(VIDEOONENET_FIBERS_TELL_SANITIZER)
  static void leave(void** own, const void* bottom, std::size_t size) {
    __sanitizer_start_switch_fiber(own, bottom, size);
  }
  static void arrive(void* own, const void** bottom_before, std::size_t* size_before) {
    __sanitizer_finish_switch_fiber(own, bottom_before, size_before);
  }
#else
  static void leave(void**, const void*, std::size_t) {}
  static void arrive(void*, const void**, std::size_t*) {}
#endif
  Outside outside_{};
#else
  // Never inlined: a jump restores no registers but the stack's, and returns to where they were called.
  [[gnu::noinline]] void resume() {
    if (__builtin_setjmp(outside_.data()) == 0) enter();
  }
  [[gnu::noinline]] void give_way() {
    if (__builtin_setjmp(position_.data()) == 0) jump(outside_);
  }

 private:
  using Point = std::array<void*, 5>;

  void enter() {
    if (std::exchange(begun_, true)) jump(position_);
    beginning_ = this;
    setcontext(&inside_);
  }
  [[gnu::noinline, noreturn]] static void jump(Point& to) { __builtin_longjmp(to.data(), 1); }
  void note_beginning() {}

  bool begun_ = false;
  Point outside_{}, position_{};
#endif
  [[noreturn]] static void begin() {
    beginning_->note_beginning();
    beginning_->body_();
    std::abort();
  }

  static constexpr std::size_t stack_size = 128 << 10;
  void (*body_)();
  std::unique_ptr<std::byte[]> stack_{new std::byte[stack_size]};
  ucontext_t inside_{};
  static inline thread_local Fiber* beginning_ = nullptr;  ///< that is resumed, for the first time
};

}  // namespace videoonenet::testing
