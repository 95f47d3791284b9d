// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// --device cuda: what the host computes, or one sentence where there is no GPU.
#include "programs/programs.hpp"

namespace device_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Whether a run on a GPU went well; where it did not, it must be for want of one.
bool ran(const Run& r, const std::string& program) {
  INFO(r.err);
  if (r.code == 0) return true;
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, program));
  CHECK_THAT(r.err, ContainsSubstring("CUDA"));
  return false;
}

}  // namespace

TEST_CASE("restore computes on a GPU what it computes on the host, or says that there is none") {
  const Workshop shop;
  for (const std::string method : {"wavelet", "tv", "tikhonov", "bicubic", "tv --window 2 --hop 1"}) {
    const std::string arguments = tiny + "--problem super_resolution --method " + method;
    const Tensor<float> expected = shop.restored(arguments, "host");
    if (!ran(shop.restore(arguments + " --device cuda --output device"), "restore")) {
      CHECK(shop.files("device").empty());
      continue;
    }
    const Tensor<float> got = shop.array("device/restored.npy");
    for (Index i = 0; i < expected.size(); ++i) REQUIRE(got[i] == Approx(expected[i]).margin(1e-4));
  }
}

TEST_CASE("evaluate and train compute on a GPU or say that there is none") {
  const Workshop shop;
  const std::string data = "--dataset synthetic --shape 2,8,8,1 --problems super_resolution ";
  if (!ran(shop.evaluate(data + "--method tikhonov --videos 2 --device cuda --csv table.csv"), "evaluate"))
    CHECK(!std::filesystem::exists(shop / "table.csv"));
  if (!ran(shop.train(data + "--filters 4 --iterations 2 --epochs 1 --steps-per-epoch 2 --device cuda --output run"),
           "train"))
    CHECK(shop.files("run").empty());
}

}  // namespace device_test
