// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The entry point of the tests that need a GPU; they are skipped where there is none.
#include <cstdio>

#include "videoonenet/core/cuda/executor.cuh"
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  constexpr int skipped = 77;
  try {
    const videoonenet::Cuda gpu;
  } catch (const videoonenet::Error& e) {
    std::fprintf(stderr, "skipped: %s\n", e.what());
    return skipped;
  }
  return Catch::Session().run(argc, argv);
}
