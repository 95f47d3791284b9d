// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/denoising_pairs.hpp"

#include "support/catch.hpp"

namespace denoising_pairs_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Every pixel its own row's number.
struct Rows {
  Index size() const { return 1; }
  Shape shape() const { return {.t = 2, .h = 4, .w = 6, .f = 3}; }
  void sample(Index, Random&, View<float> video) const {
    for (Index i = 0; i < video.size(); ++i) video.data[i] = 0.1f * float(i / 18 % 4);
  }
};
TripletSampler<float> triplets(const char* problem) {
  return {AnyDataset<float>(Rows{}), ProblemSet(std::vector{parse_problem_spec(problem)}), 3};
}

}  // namespace

TEST_CASE("without noise a pair lies between the start and the truth, with the measurement behind it") {
  const DenoisingPairs<float> pairs(triplets("super_resolution:0.5"), 2, 0, 1);
  CHECK(pairs.size() == 1);
  CHECK(pairs.given_shape() == Shape{.t = 2, .h = 2, .w = 3, .f = 15});
  CHECK(pairs.truth_shape() == Rows{}.shape());
  Tensor<float> given(pairs.given_shape()), truth(pairs.truth_shape());
  std::vector<float> shares;
  for (Index i = 0; i < 20; ++i) {
    pairs.draw(i, given.view(), truth.view());
    CHECK(truth(0, 1, 3, 5, 2) == 0.3f);
    CHECK(std::abs(given(0, 0, 1, 0, 12) - 0.25f) < 1e-6f);  // the mean of rows 2 and 3
    // Row 2 is 0.2 in truth and 0.25 in the start; its pixels are the first six channels of a block of two rows.
    const float share = (given(0, 0, 1, 0, 0) - 0.2f) / 0.05f;
    CHECK(std::abs(given(0, 0, 1, 0, 11) - (0.3f - 0.05f * share)) < 1e-6f);
    shares.push_back(share);
  }
  const auto [least, most] = std::ranges::minmax(shares);
  CHECK((least > -1e-4f && least < 0.3f && most > 0.7f && most < 1.0001f));
}

TEST_CASE("noise is as large as it may be, and pairs are functions of their numbers") {
  const DenoisingPairs<float> pairs(triplets("super_resolution:0.5"), 2, 10, 1);
  Tensor<float> given(pairs.given_shape()), truth(pairs.truth_shape()), again(given.shape());
  double sum = 0, most = 0;
  for (Index i = 0; i < 50; ++i) {
    pairs.draw(i, given.view(), truth.view());
    double squares = 0;
    for (Index p = 0; p < 12; ++p)
      for (Index f = 0; f < 12; ++f) squares += std::pow(double(given.flat()[std::size_t(15 * p + f)]), 2) / 144;
    sum += std::sqrt(squares) / 50;
    most = std::max(most, std::sqrt(squares));
  }
  CHECK((sum > 3.5 && sum < 6.5));  // a uniform deviation up to ten
  CHECK((most > 8 && most < 12));
  pairs.draw(49, again.view(), truth.view());
  CHECK(std::ranges::equal(again.flat(), given.flat()));
  pairs.draw_fixed(49, 50, again.view(), truth.view());
  CHECK_FALSE(std::ranges::equal(again.flat(), given.flat()));
  DenoisingPairs<float>(triplets("super_resolution:0.5"), 2, 10, 2).draw(49, again.view(), truth.view());
  CHECK_FALSE(std::ranges::equal(again.flat(), given.flat()));
}

TEST_CASE("measurements of another resolution and deviations out of range are refused") {
  CHECK_THROWS_AS(DenoisingPairs<float>(triplets("pixel_inpaint"), 2, 0.1, 1), ShapeError);
  CHECK_THROWS_WITH(DenoisingPairs<float>(triplets("super_resolution:0.5"), 2, -1, 1),
                    ContainsSubstring("the largest deviation is -1"));
}

}  // namespace denoising_pairs_test
