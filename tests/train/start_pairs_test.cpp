// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/start_pairs.hpp"

#include "support/catch.hpp"

namespace start_pairs_test {

using namespace videoonenet;

namespace {

/// Videos that are one value each.
struct Plain {
  Index size() const { return 4; }
  Shape shape() const { return {.t = 2, .h = 4, .w = 4}; }
  void sample(Index index, Random&, View<float> video) const {
    std::fill_n(video.data, video.size(), 0.1f * float(index + 1));
  }
};

StartPairs<float> pairs_of(const ProblemSpec& problem, TripletStream stream = TripletStream::training) {
  return StartPairs<float>({AnyDataset<float>(Plain{}), ProblemSet(std::vector{problem}), 3, stream});
}

}  // namespace

TEST_CASE("a pair is the least-squares start of a measurement beside the truth") {
  const auto pairs = pairs_of(parse_problem_spec("super_resolution:0.5"));
  CHECK(pairs.size() == 4);
  CHECK(pairs.given_shape() == Plain{}.shape());
  CHECK(pairs.truth_shape() == Plain{}.shape());
  Tensor<float> given(pairs.given_shape()), truth(given.shape()), again(given.shape());
  bool all[5] = {};
  for (Index i = 0; i < 40; ++i) {
    pairs.draw(i, given.view(), truth.view());
    const float value = truth(0, 0, 0, 0, 0);
    all[std::lround(10 * value)] = true;
    // Means of equal pixels, each repeated in its box, are these pixels.
    for (Index e = 0; e < given.size(); ++e) CHECK(std::abs(given.flat()[std::size_t(e)] - value) < 1e-6f);
  }
  CHECK((all[1] && all[2] && all[3] && all[4]));
  for (Index i = 0; i < 4; ++i) {
    pairs.draw_fixed(i, 4, given.view(), truth.view());
    CHECK(truth(0, 0, 0, 0, 0) == 0.1f * float(i + 1));
  }
}

TEST_CASE("a pair is a function of its number alone") {
  const auto pairs = pairs_of(parse_problem_spec("pixel_inpaint"));
  Tensor<float> given(pairs.given_shape()), truth(given.shape()), again(given.shape()), other(given.shape());
  pairs.draw(7, given.view(), truth.view());
  pairs.draw(8, again.view(), other.view());
  CHECK_FALSE(std::ranges::equal(again.flat(), given.flat()));
  pairs.draw(7, again.view(), other.view());
  CHECK(std::ranges::equal(again.flat(), given.flat()));
  CHECK(std::ranges::equal(other.flat(), truth.flat()));
  pairs_of(parse_problem_spec("pixel_inpaint"), TripletStream::validation).draw(7, again.view(), other.view());
  CHECK_FALSE(std::ranges::equal(again.flat(), given.flat()));
}

}  // namespace start_pairs_test
