// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

#include <map>
#include <set>

#include "support/catch.hpp"
#include "train/small_network.hpp"

namespace triplet_sampler_test {

using namespace videoonenet;
using namespace videoonenet::test;

namespace {

template <class T>
bool same(const Triplet<T>& a, const Triplet<T>& b) {
  return a.problem.spec == b.problem.spec && same_bits(std::span<const T>(a.truth.flat()), b.truth.flat()) &&
         same_bits(a.y, b.y);
}

}  // namespace

TEMPLATE_TEST_CASE("a triplet is what the operator measures of the video", "", float, double) {
  using T = TestType;
  const auto sampler = small_sampler<T>();
  for (Index i = 0; i < 12; ++i) {
    const Triplet<T> t = sampler.draw(i);
    CHECK(t.truth.shape() == RandomVideos{}.shape());
    Buffer<T> measured(t.problem.a.range().size());
    t.problem.a.apply(Cpu{}, t.truth.flat(), measured.span());
    if (effective_noise_sigma(t.problem.spec) == 0)
      CHECK(same_bits(measured, t.y));
    else
      CHECK(std::sqrt(cpu::squared_distance(Cpu{}, std::as_const(t.y).span(), measured.span()) / double(t.y.size())) ==
            Approx(0.1).epsilon(0.25));
  }
}

TEST_CASE("a triplet is a function of the seed, the purpose and its number, in any order") {
  const auto sampler = small_sampler<float>();
  for (Index i : {5, 0, 1'000'000'007, 5}) CHECK(same(sampler.draw(i), small_sampler<float>().draw(i)));
  CHECK_FALSE(same(sampler.draw(5), sampler.draw(6)));
  CHECK_FALSE(same(sampler.draw(5), small_sampler<float>(TripletStream::validation).draw(5)));
  CHECK_FALSE(same(sampler.draw(5), small_sampler<float>(TripletStream::training, 2).draw(5)));
}

TEST_CASE("every video and every problem is drawn as often as the others") {
  const auto sampler = small_sampler<float>();
  constexpr int draws = 2000;
  std::map<ProblemKey, int> problems;
  for (Index i = 0; i < draws; ++i) ++problems[sampler.draw(i).problem.spec.key];
  CHECK(problems.size() == 4);
  for (const auto& [key, count] : problems) {
    INFO(to_string(key));
    CHECK(std::abs(count - draws / 4) < 4 * std::sqrt(draws * 0.25 * 0.75));  // four standard deviations
  }
}

TEST_CASE("the fixed triplets take every problem in turn and videos spread over the data set") {
  const TripletSampler<float> sampler(AnyDataset<float>(RandomVideos{}), small_problems(), 1);
  const auto video_of = [](const Triplet<float>& t) {
    for (Index v = 0; v < RandomVideos{}.count; ++v) {
      Random own(RandomVideos{}.seed, std::uint64_t(v));
      const double first = own.uniform(), second = own.uniform();
      if (t.truth[1] / t.truth[0] == Approx(second / first).epsilon(1e-4)) return v;
    }
    return Index(-1);
  };
  std::vector<Index> videos;
  for (Index i = 0; i < 5; ++i) {
    const auto t = sampler.draw_fixed(i, 5);
    videos.push_back(video_of(t));
    CHECK(t.problem.spec == small_problems()[i % 4]);
    CHECK(same(t, sampler.draw_fixed(i, 5)));
  }
  CHECK(videos == std::vector<Index>{0, 2, 4, 6, 8});
  for (Index i = 0; i < 25; ++i) videos.push_back(video_of(sampler.draw_fixed(i, 25)));  // more than there are
  CHECK(std::set<Index>(videos.begin() + 5, videos.end()).size() == 10);
  CHECK_FALSE(same(sampler.draw_fixed(0, 25), sampler.draw_fixed(20, 25)));
}

TEST_CASE("a problem that does not fit the videos is refused before any is drawn") {
  const AnyDataset<float> still(RandomVideos{.video = {.t = 1, .h = 6, .w = 6}});
  CHECK_THROWS_AS(TripletSampler<float>(still, ProblemSet({{.key = ProblemKey::frame_interpolation}}), 1), InputError);
  CHECK_THROWS_AS(TripletSampler<float>(AnyDataset<float>(RandomVideos{.count = 0}), small_problems(), 1), InputError);
}

}  // namespace triplet_sampler_test
