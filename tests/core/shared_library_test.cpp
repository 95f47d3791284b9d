// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/cuda/shared_library.hpp"

#include "support/catch.hpp"

namespace shared_library_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a function of a library that was loaded late can be called") {
  const cuda::SharedLibrary library("libm.so.6");
  CHECK(library.function<double (*)(double)>("floor")(2.5) == 2);
}

TEST_CASE("a library or function that is not there is named in a sentence") {
  CHECK_THROWS_WITH(cuda::SharedLibrary("libnowhere.so.7"),
                    ContainsSubstring("the library libnowhere.so.7 could not be loaded"));
  const cuda::SharedLibrary library("libm.so.6");
  CHECK_THROWS_WITH(library.function<double (*)(double)>("no_such_function"),
                    ContainsSubstring("libm.so.6 has no function no_such_function"));
}

}  // namespace shared_library_test
