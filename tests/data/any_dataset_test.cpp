// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/any_dataset.hpp"

#include "support/catch.hpp"

namespace any_dataset_test {

using namespace videoonenet;

namespace {

/// The smallest data set: two 1×1 pictures.
struct TwoPictures {
  Index size() const { return 2; }
  Shape shape() const { return {}; }
  template <class T>
  void sample(Index index, Random& random, View<T> video) const {
    video.data[0] = static_cast<T>(double(index) + random.uniform());
  }
};

struct Noted : TwoPictures {
  std::vector<std::string> notes() const { return {"half of it is missing"}; }
};

}  // namespace

TEMPLATE_TEST_CASE("any data set forwards to the one it holds", "", float, double) {
  static_assert(VideoDataset<TwoPictures, TestType>);
  static_assert(!VideoDataset<Split, TestType>);
  const AnyDataset<TestType> data{TwoPictures{}};
  const AnyDataset<TestType> copy = data;
  CHECK(copy.size() == 2);
  CHECK(copy.shape() == Shape{});
  CHECK(copy.notes().empty());
  Random random(4), same(4);
  CHECK(copy.sample(1, random)[0] == static_cast<TestType>(1 + same.uniform()));
  CHECK(AnyDataset<TestType>(Noted{}).notes() == std::vector<std::string>{"half of it is missing"});
}

TEST_CASE("wrong indices and shapes are refused before the data set sees them") {
  const AnyDataset<float> data{TwoPictures{}};
  Random random(1);
  Tensor<float> large({.w = 2});
  CHECK_THROWS_AS(data.sample(2, random), InputError);
  CHECK_THROWS_AS(data.sample(-1, random), InputError);
  CHECK_THROWS_AS(data.sample(0, random, large.view()), ShapeError);
  CHECK(random.position() == 0);
}

TEST_CASE("splits have names and published sizes") {
  CHECK(parse_split("train") == Split::train);
  CHECK(parse_split("validation") == Split::validation);
  CHECK(parse_split("test") == Split::test);
  CHECK_THROWS_AS(parse_split("dev"), InputError);
  for (auto [count, training] : {std::pair<Index, Index>{60000, 54000}, {50000, 45000}, {9, 9}, {10, 9}}) {
    CHECK(training_range(count, Split::train).begin == 0);
    CHECK(training_range(count, Split::train).size() == training);
    CHECK(training_range(count, Split::validation).begin == training);
    CHECK(training_range(count, Split::validation).end == count);
  }
}

}  // namespace any_dataset_test
