// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The same seed gives the same bits, and no option is without effect.
#include "programs/programs.hpp"

namespace restore_options_test {

using namespace videoonenet;
using namespace videoonenet::test;

TEST_CASE("the same seed gives the same bits on one thread and on two, another seed gives others") {
  const Workshop shop;
  const std::string clip = "--input synthetic --size 64x80 --frames 4 --iterations 3 ";
  for (const char* rest : {"--method wavelet", "--method tv --problem motion_blur",
                           "--method wiener --problem disk_blur", "--method tikhonov --problem disk_blur,pixel_inpaint",
                           "--method wavelet --problem video_compressive_sensing:0.02"}) {
    INFO(rest);
    const Tensor<float> one = shop.pictured(clip + "--threads 1 " + rest, "one");
    CHECK(same(one, shop.pictured(clip + "--threads 2 " + rest, "two")));
    for (const char* name : {"/truth.npy", "/measurement.npy", "/operator.safetensors", "/comparison.png"})
      CHECK(shop.file(std::string("one") + name) == shop.file(std::string("two") + name));
    CHECK_FALSE(same(one, shop.restored(clip + "--threads 1 --seed 1 " + rest, "other")));
    for (const char* name : {"/truth.npy", "/measurement.npy"})
      CHECK(shop.file(std::string("one") + name) != shop.file(std::string("other") + name));
  }
}

TEST_CASE("every option of the wavelet method and of the problem changes the result") {
  const Workshop shop;
  const Tensor<float> plain = shop.restored(tiny, "plain");
  CHECK(same(plain, shop.restored(tiny + "--rho 0.1 --lambda 0.123 --levels auto --wavelet db4 --tolerance 1e-6 "
                                         "--relaxation 1 --problem pixel_inpaint --ratio 0.5 --noise 0.1 --seed 0 "
                                         "--start 0 --method wavelet --device cpu",
                                  "spelled")));
  for (const char* option : {"--rho 1", "--lambda 0.2", "--levels published", "--levels 0,1,1", "--wavelet haar",
                             "--tolerance 1", "--relaxation 1.5", "--ratio 0.4", "--noise 0", "--start 1"}) {
    INFO(option);
    CHECK_FALSE(same(plain, shop.restored(tiny + option, "changed")));
  }
  CHECK(shop.restore(tiny + "--tolerance 1 --output out").code == 0);
  CHECK(shop.json("out/metrics.json")["iterations"] == 1);
  const std::string unlimited = "--input synthetic --size 12x16 --frames 3 --threads 1 ";
  CHECK_FALSE(same(plain, shop.restored(unlimited + "--iterations 6", "changed")));
}

TEST_CASE("every number of the other methods changes the result") {
  const Workshop shop;
  const auto changes = [&](const std::string& base, const std::string& option) {
    INFO(base << option);
    CHECK_FALSE(same(shop.restored(tiny + base, "plain"), shop.restored(tiny + base + option, "changed")));
  };
  changes("--method tv", " --lambda 0.1");
  changes("--method tv", " --rho 1");
  changes("--method tikhonov", " --rho 1");
  changes("--method wiener --problem disk_blur --noise 0.01", " --lambda 0.1");
  changes("--method tikhonov --problem disk_blur,super_resolution", " --cg-tolerance 0.1");
  changes("--method least_squares --problem disk_blur", " --problem motion_blur");
}

TEST_CASE("a small memory budget turns to conjugate gradients with nearly the same result") {
  const Workshop shop;
  const std::string base = tiny + "--method tikhonov --problem disk_blur";
  const Tensor<float> factored = shop.restored(base, "factored");
  const Tensor<float> iterative = shop.restored(base + " --memory-budget 0", "iterative");
  CHECK(shop.json("factored/metrics.json")["iterations"] == 0);
  CHECK(shop.json("iterative/metrics.json")["iterations"].get<int>() > 0);
  CHECK(distance(factored, iterative) < 1e-4);
}

}  // namespace restore_options_test
