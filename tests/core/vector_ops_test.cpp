// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/vector_ops.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace vector_ops_test {

using namespace videoonenet;

namespace {

template <class T>
Buffer<T> normal_values(Index size, std::uint64_t stream) {
  Random random(17, stream);
  Buffer<T> x(size);
  random.fill_normal(x.span());
  return x;
}

// Below, at and above one block, one batch of blocks, and the 16 lanes.
constexpr Index sizes[] = {0, 1, 15, 16, 17, 8191, 8192, 8193, 100000, 64 * 8192 + 5};

}  // namespace

TEMPLATE_TEST_CASE("element-wise kernels equal the loop in their sentence", "", float, double) {
  using T = TestType;
  const Cpu ex{.threads = 2};
  const T a = T(0.7), b = T(-1.3);
  for (Index size : sizes) {
    const Buffer<T> x = normal_values<T>(size, 1), y = normal_values<T>(size, 2), w = normal_values<T>(size, 3);
    Buffer<T> copied(size), filled(size), sum = y, combined(size), rhs(size), u = w;
    copy(ex, x.span(), copied.span());
    fill(ex, a, filled.span());
    axpby(ex, a, x.span(), b, sum.span());
    linear_combination(ex, a, x.span(), b, y.span(), combined.span());
    data_step_rhs(ex, w.span(), a, x.span(), y.span(), rhs.span());
    dual_ascent(ex, x.span(), y.span(), u.span());
    const T tolerance = 8 * std::numeric_limits<T>::epsilon();
    const auto close = [&](T given, T expected) { return std::abs(given - expected) <= tolerance * 8; };
    for (Index i = 0; i < size; ++i) {
      const bool all = copied[i] == x[i] && filled[i] == a && close(sum[i], a * x[i] + b * y[i]) &&
                       close(combined[i], a * x[i] + b * y[i]) && close(rhs[i], w[i] + a * (x[i] + y[i])) &&
                       close(u[i], w[i] + (x[i] - y[i]));
      if (!all) FAIL("size " << size << ", entry " << i);
    }
  }
}

TEMPLATE_TEST_CASE("reductions equal a sum in long double", "", float, double) {
  using T = TestType;
  for (Index size : sizes) {
    const Buffer<T> x = normal_values<T>(size, 4), y = normal_values<T>(size, 5);
    long double product = 0, square = 0, distance = 0;
    for (Index i = 0; i < size; ++i) {
      product += static_cast<long double>(x[i]) * y[i];
      square += static_cast<long double>(x[i]) * x[i];
      const long double d = static_cast<long double>(x[i]) - y[i];
      distance += d * d;
    }
    CAPTURE(size);
    const double margin = 1e-14 * double(size);
    REQUIRE(std::abs(dot(Cpu{}, x.span(), y.span()) - double(product)) <= margin);
    REQUIRE(std::abs(squared_norm(Cpu{}, x.span()) - double(square)) <= margin);
    REQUIRE(std::abs(squared_distance(Cpu{}, x.span(), y.span()) - double(distance)) <= margin);
  }
}

TEMPLATE_TEST_CASE("reductions do not depend on the number of threads, to the bit", "", float, double) {
  using T = TestType;
  for (Index size : sizes) {
    const Buffer<T> x = normal_values<T>(size, 6), y = normal_values<T>(size, 7);
    for (int threads : {2, 3, 8}) {
      const Cpu ex{.threads = threads};
      REQUIRE(dot(ex, x.span(), y.span()) == dot(Cpu{}, x.span(), y.span()));
      REQUIRE(squared_norm(ex, x.span()) == squared_norm(Cpu{}, x.span()));
      REQUIRE(squared_distance(ex, x.span(), y.span()) == squared_distance(Cpu{}, x.span(), y.span()));
    }
  }
}

TEMPLATE_TEST_CASE("residuals are two squared distances, and z becomes the previous one", "", float, double) {
  using T = TestType;
  for (Index size : sizes) {
    const Buffer<T> x = normal_values<T>(size, 8), z = normal_values<T>(size, 9), before = normal_values<T>(size, 10);
    for (int threads : {1, 2, 5}) {
      Buffer<T> previous = before;
      const auto squares = update_residuals(Cpu{.threads = threads}, x.span(), z.span(), previous.span());
      REQUIRE(squares.primal == squared_distance(Cpu{}, x.span(), z.span()));
      REQUIRE(squares.dual == squared_distance(Cpu{}, z.span(), before.span()));
      REQUIRE(std::ranges::equal(previous, z));
    }
  }
}

TEST_CASE("sums of floats are accumulated in double") {
  Buffer<float> x(1 << 20);
  fill(Cpu{}, 0.1f, x.span());
  REQUIRE(squared_norm(Cpu{}, std::as_const(x).span()) ==
          Approx(double(1 << 20) * double(0.1f) * double(0.1f)).epsilon(1e-13));
}

TEST_CASE("outputs may be inputs") {
  const Cpu ex{.threads = 2};
  Buffer<float> x{1, 2, 3}, y{10, 20, 30};
  copy(ex, x.span(), x.span());
  linear_combination(ex, 2, x.span(), 1, y.span(), x.span());
  REQUIRE((x[0] == 12 && x[1] == 24 && x[2] == 36));
  axpby(ex, 1, x.span(), 1, x.span());
  REQUIRE(x[2] == 72);
  dual_ascent(ex, x.span(), y.span(), x.span());
  REQUIRE(x[0] == 24 + 24 - 10);
}

TEST_CASE("axpby with b = 0 does not read its output") {
  Buffer<double> x{1, 2}, y{std::nan(""), INFINITY};
  axpby(Cpu{}, 3, x.span(), 0, y.span());
  REQUIRE((y[0] == 3 && y[1] == 6));
}

}  // namespace vector_ops_test
