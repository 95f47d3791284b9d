// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/blur_kernels.hpp"

#include "support/catch.hpp"
#include "support/golden.hpp"

namespace blur_kernels_test {

using namespace videoonenet;

namespace {

template <class T>
double sum(const Tensor<T>& kernel) {
  double total = 0;
  for (T v : kernel.flat()) total += double(v);
  return total;
}

}  // namespace

TEST_CASE("published motion kernels equal the golden ones exactly") {
  const auto angles = golden::load("operators.safetensors", "motion_angle_degrees");
  const auto kernels = golden::load("operators.safetensors", "motion_kernel");
  REQUIRE(kernels.shape == std::vector<std::int64_t>{48, 3, 3});
  for (std::size_t k = 0; k < angles.values.size(); ++k) {
    const auto kernel = motion_kernel_published<double>(angles.values[k]);
    const auto single = motion_kernel_published<float>(angles.values[k]);
    REQUIRE(kernel.shape() == Shape{.h = 3, .w = 3});
    INFO("angle " << angles.values[k]);
    for (std::size_t i = 0; i < 9; ++i) {
      CHECK(kernel[static_cast<Index>(i)] == kernels.values[9 * k + i]);
      CHECK(single[static_cast<Index>(i)] == static_cast<float>(kernels.values[9 * k + i]));
    }
  }
}

TEST_CASE("a motion kernel does not change over a full turn") {
  for (double angle = 0; angle < 360; angle += 15) {
    const auto kernel = motion_kernel_published<double>(angle);
    for (double turn : {-720.0, -360.0, 360.0, 3600.0})
      CHECK(std::ranges::equal(kernel.flat(), motion_kernel_published<double>(angle + turn).flat()));
  }
}

TEST_CASE("published disk kernels equal the golden ones exactly") {
  const auto disk = golden::load("operators.safetensors", "disk_kernel");
  const auto temporal = golden::load("operators.safetensors", "temporal_disk_kernel");
  CHECK(disk_kernel<double>().shape() == Shape{.h = 4, .w = 4});
  CHECK(std::ranges::equal(disk_kernel<double>().flat(), disk.values));
  CHECK(std::ranges::equal(temporal_taps<double>(), temporal.values));
  CHECK(std::ranges::equal(temporal_taps<float>(), std::vector<float>(4, 0.25f)));
}

TEMPLATE_TEST_CASE("a line along an axis or a diagonal is that line", "", float, double) {
  using T = TestType;
  const T third = static_cast<T>(1.0 / 3);
  const auto horizontal = line_kernel<T>(3, 0), vertical = line_kernel<T>(3, 90), rising = line_kernel<T>(3, 45);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      CHECK(horizontal[i * 3 + j] == (i == 1 ? third : T(0)));
      CHECK(vertical[i * 3 + j] == (j == 1 ? third : T(0)));
      // Counter-clockwise with rows counted downwards: 45° rises to the right.
      CHECK((rising[i * 3 + j] > T(1e-6)) == (i + j == 2));
    }
  // Along the diagonal the line covers √2 of the centre and (3 − √2)/2 of each corner.
  CHECK(double(rising[4]) == Approx(std::sqrt(2.0) / 3));
  CHECK(double(rising[2]) == Approx((3 - std::sqrt(2.0)) / 6));
}

TEMPLATE_TEST_CASE("a line kernel has sum 1 and is symmetric about its centre for any side and angle", "", float,
                   double) {
  using T = TestType;
  for (Index k : {1, 2, 5, 7, 10})
    for (double angle = -45; angle <= 400; angle += 7.5) {
      INFO("side " << k << ", angle " << angle);
      const auto kernel = line_kernel<T>(k, angle), turned = line_kernel<T>(k, angle + 180);
      CHECK(sum(kernel) == Approx(1).epsilon(1e-6));
      for (Index i = 0; i < k * k; ++i) {
        CHECK(kernel[i] >= T(0));
        CHECK(double(kernel[i]) == Approx(double(kernel[k * k - 1 - i])).margin(1e-7));
        CHECK(double(kernel[i]) == Approx(double(turned[i])).margin(1e-7));
      }
    }
}

TEMPLATE_TEST_CASE("Gaussian and flat kernels", "", float, double) {
  using T = TestType;
  const auto gaussian = gaussian_kernel<T>(3, 1.0);
  CHECK(sum(gaussian) == Approx(1).epsilon(1e-6));
  CHECK(double(gaussian[1] / gaussian[4]) == Approx(std::exp(-0.5)));
  CHECK(double(gaussian[0] / gaussian[4]) == Approx(std::exp(-1.0)));
  CHECK(gaussian[0] == gaussian[8]);
  const auto flat = flat_kernel<T>(7);
  for (T v : flat.flat()) CHECK(v == static_cast<T>(1.0 / 49));
}

TEST_CASE("kernels refuse bad arguments") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(motion_kernel_published<float>(nan), InputError);
  CHECK_THROWS_AS(line_kernel<float>(0, 10), InputError);
  CHECK_THROWS_AS(line_kernel<float>(3, nan), InputError);
  CHECK_THROWS_AS(gaussian_kernel<float>(3, 0.0), InputError);
  CHECK_THROWS_AS(gaussian_kernel<float>(-1, 1.0), InputError);
  CHECK_THROWS_AS(flat_kernel<float>(0), InputError);
  CHECK_THROWS_AS(flat_kernel<float>(100000), InputError);
  CHECK_THROWS_AS(temporal_taps<float>(0), InputError);
}

}  // namespace blur_kernels_test
