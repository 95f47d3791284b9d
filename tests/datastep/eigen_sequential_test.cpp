// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/eigen_sequential.hpp"

#include <optional>

#include "support/catch.hpp"
#include "videoonenet/core/executor.hpp"

namespace eigen_sequential_test {

using namespace videoonenet;

TEST_CASE("Eigen keeps to one thread while a guard lives, and returns to its setting with the last one") {
  const int before = Eigen::nbThreads();
  Eigen::setNbThreads(3);
  const int usual = Eigen::nbThreads();  // 3, or 1 without OpenMP
  {
    std::optional<EigenSequential> first(std::in_place);
    CHECK(Eigen::nbThreads() == 1);
    const EigenSequential second;
    first.reset();
    CHECK(Eigen::nbThreads() == 1);
  }
  CHECK(Eigen::nbThreads() == usual);
  Eigen::setNbThreads(before);
}

TEST_CASE("Guards of several threads leave the setting as it was") {
  const int before = Eigen::nbThreads();
  cpu::parallel_for(Cpu{.threads = 4}, 200, [](Index) { const EigenSequential sequential; });
  CHECK(Eigen::nbThreads() == before);
}

}  // namespace eigen_sequential_test
