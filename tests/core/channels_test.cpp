// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/channels.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace channels_test {

using namespace videoonenet;

namespace {

/// Copies or adds by the definition and by the kernel, with every number of threads, and compares all entries.
template <class T>
void require_channels(Index pixels, Index from_channels, Index from_offset, Index count, Index to_channels,
                      Index to_offset) {
  Buffer<T> from(pixels * from_channels), to(pixels * to_channels);
  Random random(7);
  random.fill_normal(from.span());
  random.fill_normal(to.span());
  Buffer<T> copied = to, added = to;
  for (Index p = 0; p < pixels; ++p)
    for (Index c = 0; c < count; ++c) {
      copied[p * to_channels + to_offset + c] = from[p * from_channels + from_offset + c];
      added[p * to_channels + to_offset + c] += from[p * from_channels + from_offset + c];
    }
  for (int threads : {1, 2, 3}) {
    const Cpu ex{.threads = threads};
    Buffer<T> a = to, b = to;
    copy_channels(ex, pixels, from.span(), from_channels, from_offset, count, a.span(), to_channels, to_offset);
    add_channels(ex, pixels, from.span(), from_channels, from_offset, count, b.span(), to_channels, to_offset);
    INFO(pixels << " pixels, " << count << " channels, " << threads << " threads");
    REQUIRE(std::ranges::equal(a, copied));
    REQUIRE(std::ranges::equal(b, added));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("channels are copied and added at their offsets and nowhere else", "", float, double) {
  using T = TestType;
  for (Index count : {1, 2, 3, 4, 5, 16, 17, 32, 64}) {
    require_channels<T>(13, count + 2, 1, count, count, 0);
    require_channels<T>(13, count, 0, count, count + 3, 2);
    require_channels<T>(7, count, 0, count, count, 0);
  }
  require_channels<T>(70000, 2, 1, 1, 7, 3);  // enough for more than one thread
  require_channels<T>(9000, 16, 0, 16, 32, 16);
  require_channels<T>(9000, 16, 0, 16, 16, 0);
  require_channels<T>(3, 5, 5, 0, 2, 1);
}

TEST_CASE("parts are put to their channels and taken from there, those that nobody wants are left out") {
  constexpr Index pixels = 11, joint = 9;
  Random random(2);
  std::vector<double> wide(pixels * joint), one(pixels), two(2 * pixels), three(3 * pixels);
  for (auto* values : {&wide, &one, &two, &three}) random.fill_normal(std::span(*values));
  auto expected = wide;
  copy_channels(Cpu{}, pixels, one, 1, 0, 1, std::span(expected), joint, 8);
  copy_channels(Cpu{}, pixels, three, 3, 0, 3, std::span(expected), joint, 1);
  auto put = wide;
  put_channels(Cpu{}, pixels, {{one, 8, 1}, {{}, 4, 2}, {three, 1, 3}}, std::span(put), joint);
  REQUIRE(put == expected);

  auto added = two, copied = two;
  add_channels(Cpu{}, pixels, wide, joint, 5, 2, std::span(added), 2, 0);
  copy_channels(Cpu{}, pixels, wide, joint, 5, 2, std::span(copied), 2, 0);
  auto taken = two;
  cpu::take_channels<double>(Cpu{}, pixels, wide, joint, {{{}, 0, 1}, {taken, 5, 2}}, Accumulate::add);
  REQUIRE(taken == added);
  taken = two;
  cpu::take_channels<double>(Cpu{}, pixels, wide, joint, {{taken, 5, 2}}, Accumulate::overwrite);
  REQUIRE(taken == copied);
}

}  // namespace channels_test
