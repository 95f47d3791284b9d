// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/scratch_pool/scratch_pool.hpp"

#include <thread>

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace scratch_pool_test {

using namespace videoonenet;

TEST_CASE("a scratch pool reuses its buffer from call to call") {
  const ScratchPool<float> pool(10);
  CHECK(pool.allocated() == 0);
  const float* first = nullptr;
  for (int call = 0; call < 5; ++call) {
    const auto loan = pool.borrow(Cpu{});
    REQUIRE(loan.span().size() == 10);
    if (call == 0) first = loan.span().data();
    CHECK(loan.span().data() == first);
  }
  CHECK(pool.allocated() == 1);
}

TEST_CASE("simultaneous loans are different buffers, and no more than were ever needed at once") {
  const ScratchPool<double> pool(3);
  for (int call = 0; call < 3; ++call) {
    const auto a = pool.borrow(Cpu{}), b = pool.borrow(Cpu{});
    CHECK(a.span().data() != b.span().data());
  }
  CHECK(pool.allocated() == 2);
}

TEST_CASE("copies and assignments of a pool share nothing") {
  const ScratchPool<float> pool(4);
  const auto loan = pool.borrow(Cpu{});
  const ScratchPool<float> copy(pool);
  CHECK(copy.allocated() == 0);
  CHECK(copy.borrow(Cpu{}).span().size() == 4);
  ScratchPool<float> assigned(9);
  assigned.borrow(Cpu{});
  assigned = pool;
  CHECK(assigned.borrow(Cpu{}).span().size() == 4);
}

TEST_CASE("a scratch pool lends every executor a buffer in its own memory, and reuses it there") {
  const ScratchPool<float> pool(5);
  const cuda::EmulatedGpu one, two;
  const auto address = [&](const auto& ex) { return pool.borrow(ex).span().data(); };
  const float *on_host = address(Cpu{}), *on_one = address(one), *on_two = address(two);
  CHECK((on_host != on_one && on_host != on_two && on_one != on_two));
  CHECK(pool.allocated() == 3);
  CHECK((address(Cpu{}) == on_host && address(one) == on_one && address(two) == on_two));
  const cuda::EmulatedGpu same = one;
  CHECK(address(same) == on_one);
  CHECK(pool.allocated() == 3);
  const auto loan = pool.borrow(two);
  std::vector<float> values(5, 1);
  two.download(std::span<const float>(loan.span()), std::span(values));  // which its memory alone can do
  CHECK(values == std::vector<float>(5, 0));
}

TEST_CASE("threads that borrow at the same time never see each other's values") {
  const ScratchPool<int> pool(64);
  std::vector<int> mistakes(4, 0);
  {
    std::vector<std::jthread> threads;
    for (int id = 0; id < 4; ++id)
      threads.emplace_back([&pool, &mistakes, id] {
        for (int call = 0; call < 2000; ++call) {
          const auto loan = pool.borrow(Cpu{});
          for (int& v : loan.span()) v = id;
          for (int v : loan.span()) mistakes[static_cast<std::size_t>(id)] += v != id;
        }
      });
  }
  for (int count : mistakes) CHECK(count == 0);
  CHECK(pool.allocated() <= 4);
}

}  // namespace scratch_pool_test
