// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What stands for the tests that need a GPU where they were compiled to be checked, not to be run.
#include <cstdio>

int run_tests(int, char**) {
  constexpr int skipped = 77;
  std::fprintf(stderr,
               "skipped: built with VIDEOONENET_CUDA_CHECK, which compiles these tests only; see preset cuda\n");
  return skipped;
}
