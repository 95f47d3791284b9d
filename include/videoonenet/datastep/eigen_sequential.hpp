// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Keeps Eigen on the calling thread, so that a factorisation obeys the executor and gives the same bits everywhere.

#include <Eigen/Core>
#include <mutex>

namespace videoonenet {

/// While one of these lives, Eigen starts no threads of its own.
///
/// Eigen splits large products over as many threads as OpenMP offers and blocks them accordingly, which neither the
/// executor's `threads` nor the result's bits should depend on. The previous setting returns with the last one.
class EigenSequential {
 public:
  EigenSequential() {
    const std::scoped_lock lock(mutex_);
    if (alive_++ == 0) {
      previous_ = Eigen::nbThreads();
      Eigen::setNbThreads(1);
    }
  }
  EigenSequential(const EigenSequential&) = delete;
  EigenSequential& operator=(const EigenSequential&) = delete;
  ~EigenSequential() {
    const std::scoped_lock lock(mutex_);
    if (--alive_ == 0) Eigen::setNbThreads(previous_);
  }

 private:
  static inline std::mutex mutex_;
  static inline int alive_ = 0, previous_ = 0;
};

}  // namespace videoonenet
