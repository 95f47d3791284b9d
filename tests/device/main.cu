// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The entry point of the tests that need a GPU; they are skipped where there is none.
#include <cstdio>

#include "videoonenet/core/cuda/executor.cuh"

int run_tests(int argc, char** argv);

int main(int argc, char** argv) {
  constexpr int skipped = 77;
  try {
    const videoonenet::Cuda gpu;
  } catch (const videoonenet::Error& e) {
    std::fprintf(stderr, "skipped: %s\n", e.what());
    return skipped;
  }
  return run_tests(argc, argv);
}
