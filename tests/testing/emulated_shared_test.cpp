// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_shared.hpp"

#include <algorithm>
#include <string>

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_grid.hpp"

namespace emulated_shared_test {

using namespace videoonenet;
using namespace videoonenet::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What a kernel may forget.
enum class Forgets { nothing, barrier, publication, last_publication, wait, beginning };

/// d = Σ over rounds of a b with all entries of a and b one round's number, which two warpgroups write half of each and
/// multiply both.
struct Rounds {
  float* d;  ///< an entry a thread
  int rounds;
  Forgets forgets;

  template <class Thread>
  void operator()(const Thread& t) const {
    constexpr int lines = 64, pieces = 2 * lines;
    const cuda::CoreMatrices a{0, lines * 16, 128}, b{pieces * 16, lines * 16, 128};
    const auto shared = t.template shared<float>(0, 2 * pieces * 4);
    std::array<float, 32> sums{};
    for (int round = 1; round <= rounds; ++round) {
      for (int i = t.thread(); i < 2 * pieces * 4; i += t.threads()) shared[i] = float(round);
      const bool last_half = t.thread() >= 128;
      if (forgets != Forgets::publication && !(forgets == Forgets::last_publication && last_half)) t.publish_shared();
      if (forgets != Forgets::barrier) t.sync();
      if (forgets != Forgets::beginning) t.begin_products();
      t.template multiply_add_warpgroup<false, 64>(sums, a, b, true);
      t.commit_products();
      if (forgets != Forgets::wait) t.template wait_products<0>();
      t.sync();
    }
    t.template wait_products<0>();
    d[t.thread()] = sums[0];
  }
};

/// An entry of a b, both of which 1024 numbers of shared memory hold.
template <class Thread>
float product(const Thread& t) {
  std::array<float, 32> sums{};
  t.begin_products();
  t.template multiply_add_warpgroup<false, 64>(sums, {0, 1024, 128}, {2048, 1024, 128}, false);
  t.commit_products();
  t.template wait_products<0>();
  return sums[0];
}

/// What running it says.
std::string said(Forgets forgets, ThreadOrder order = ThreadOrder::ascending) {
  std::vector<float> d(256);
  try {
    emulate({.threads = 256, .shared_bytes = 4096}, Rounds{d.data(), 3, forgets}, order);
  } catch (const Error& e) {
    return e.what();
  }
  return std::ranges::all_of(d, [](float v) { return v == 8 * (1 + 4 + 9); }) ? "" : "another result";
}

}  // namespace

TEST_CASE("products of warpgroups see what was written, published and waited for, in whatever order threads run") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) CHECK(said(Forgets::nothing, order) == "");
}

TEST_CASE("what products would read wrongly on a device is said in a sentence") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    CHECK_THAT(said(Forgets::publication, order), ContainsSubstring("has written and not published"));
    CHECK_THAT(said(Forgets::last_publication, order), ContainsSubstring("has written and not published"));
    CHECK_THAT(said(Forgets::wait, order), ContainsSubstring("were written while a product reads them"));
    CHECK_THAT(said(Forgets::beginning, order), ContainsSubstring("without begin_products"));
    CHECK_THAT(said(Forgets::barrier, order), ContainsSubstring("another result"));
  }
}

TEST_CASE("what was published and only read since is seen by products") {
  std::vector<float> d(128);
  const auto kernel = [&](const auto& t) {
    const auto shared = t.template shared<float>(0, 1024);
    for (int i = t.thread(); i < 1024; i += 128) shared[i] = 1;
    t.publish_shared();
    t.sync();
    float others = 0;
    for (int i = 0; i < 1024; ++i) others += shared[i];
    t.sync();
    d[static_cast<std::size_t>(t.thread())] = product(t) + others;
  };
  for (int time = 0; time < 2; ++time) {  // the second time all is known from the beginning
    emulate({.threads = 128, .shared_bytes = 4096}, kernel);
    for (const float v : d) REQUIRE(v == 1032);
  }
}

TEST_CASE("copies to shared memory must be published as well") {
  const std::vector<float> ones(1024, 1.0f);
  const auto run = [&](bool publishes) {
    std::vector<float> d(128);
    emulate({.blocks = {2, 1, 1}, .threads = 128, .shared_bytes = 4096}, [&](const auto& t) {
      const auto shared = t.template shared<float>(0, 1024);
      for (int i = 4 * t.thread(); i < 1024; i += 512) t.template copy_async<4>(shared, i, ones.data() + i);
      t.commit_copies();
      t.template wait_copies<0>();
      if (publishes) t.publish_shared();
      t.sync();
      d[static_cast<std::size_t>(t.thread())] = product(t);
    });
    for (const float v : d) REQUIRE(v == 8);
  };
  CHECK_NOTHROW(run(true));
  CHECK_THROWS_WITH(run(false), ContainsSubstring("not published"));
}

}  // namespace emulated_shared_test
