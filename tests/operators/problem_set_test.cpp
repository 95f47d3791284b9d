// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/problem_set/problem_set.hpp"

#include <map>

#include "support/catch.hpp"

namespace problem_set_test {

using namespace videoonenet;

namespace {

/// Entries of the video over entries measured.
double reduction(const Table1Column& column, const Shape& video) {
  Random random(1);
  const auto a = draw_operator<float>(Cpu{}, column.problem, video, random);
  return double(video.size()) / double(a.range().size());
}

std::vector<std::string> names(Table1 dataset) {
  std::vector<std::string> all;
  for (const auto& column : table1_problems(dataset)) all.push_back(column.name);
  return all;
}

}  // namespace

TEST_CASE("Table 1 has the published columns in their order") {
  CHECK(names(Table1::rotated_mnist) == std::vector<std::string>{"PID", "BI", "SI", "SR2", "SR14/3", "CS", "VCS", "DD",
                                                                 "TDD", "MD", "FI2.25", "FI4.5", "FP9/7", "FP1.8",
                                                                 "FP3"});
  const std::vector<std::string> four_frames{"PID", "BI", "SI",  "SR2",   "SR4", "CS",  "VCS", "DD",
                                             "TDD", "MD", "FI2", "FP4/3", "FP2", "FP4", "C"};
  CHECK(names(Table1::scanned_cifar10) == four_frames);
  CHECK(names(Table1::ucf101) == four_frames);
}

TEST_CASE("columns named after a factor reduce frames, or rows and columns, by it") {
  const std::map<std::string, double> factors{{"SR2", 4},         {"SR4", 16},    {"SR14/3", 196.0 / 9},
                                              {"FI2.25", 2.25},   {"FI4.5", 4.5}, {"FP9/7", 9.0 / 7},
                                              {"FP1.8", 1.8},     {"FP3", 3},     {"FI2", 2},
                                              {"FP4/3", 4.0 / 3}, {"FP2", 2},     {"FP4", 4},
                                              {"C", 3},           {"PID", 1},     {"BI", 1},
                                              {"SI", 1}};
  for (Table1 dataset : {Table1::rotated_mnist, Table1::scanned_cifar10, Table1::ucf101}) {
    int named = 0;
    for (const auto& column : table1_problems(dataset)) {
      const auto factor = factors.find(column.name);
      if (factor == factors.end()) continue;
      ++named;
      INFO(column.name);
      CHECK(std::abs(reduction(column, table1_shape(dataset)) - factor->second) <= 1e-14 * factor->second);
      CHECK(to_string(column.problem.key)
                .find(column.name.starts_with("FP")   ? "prediction"
                      : column.name.starts_with("FI") ? "interpolation"
                      : column.name.starts_with("SR") ? "resolution"
                                                      : "") != std::string_view::npos);
    }
    CHECK(named == 10);
  }
}

TEST_CASE("the other columns measure as many numbers as the definitions say") {
  const auto d = [](std::size_t column, Table1 dataset) {
    Random random(1);
    const auto problem = table1_problems(dataset)[column].problem;
    return draw_operator<float>(Cpu{.threads = 2}, problem, table1_shape(dataset), random).range().size();
  };
  CHECK(d(5, Table1::rotated_mnist) == 176);
  CHECK(d(5, Table1::scanned_cifar10) == 307);
  CHECK(d(5, Table1::ucf101) == 1229);
  CHECK(d(6, Table1::rotated_mnist) == 196 + 8 * 20);
  CHECK(d(6, Table1::scanned_cifar10) == 768 + 3 * 26 * 3);
  CHECK(d(6, Table1::ucf101) == 3072 + 3 * 102 * 3);
  CHECK(d(7, Table1::rotated_mnist) == 9 * 17 * 17);
  CHECK(d(8, Table1::rotated_mnist) == 12 * 14 * 14);
  CHECK(d(9, Table1::rotated_mnist) == 9 * 16 * 16);
  CHECK(d(9, Table1::ucf101) == 4 * 34 * 34 * 3);
}

TEST_CASE("every problem of a set is as likely as the others, and a sample's depends on its stream alone") {
  const Shape video{.t = 4, .h = 8, .w = 8, .f = 3};
  const ProblemSet set = table1_problem_set(Table1::scanned_cifar10);
  REQUIRE(set.size() == 15);
  // min(14, ⌊15·u⌋) for the first number of (2026, sample), from an independent Philox.
  const Index expected[] = {7, 1, 8, 0, 7, 2, 11, 6, 7, 14, 0, 5};
  for (std::uint64_t sample = 0; sample < 12; ++sample) {
    Random random(2026, sample);
    CHECK(set.draw<float>(Cpu{}, video, random).spec == set[expected[sample]]);
  }
  std::map<std::string, int> counts;
  for (std::uint64_t sample = 0; sample < 3000; ++sample) {
    Random random(1, sample);
    ++counts[to_string(set.draw<float>(Cpu{}, video, random).spec)];
  }
  CHECK(counts.size() == 15);
  for (const auto& [name, count] : counts) CHECK(std::abs(count - 200) < 4 * 13.7);  // four standard deviations
}

TEST_CASE("an empty set and a wrong problem are refused when the set is made") {
  CHECK_THROWS_AS(ProblemSet({}), InputError);
  CHECK_THROWS_AS(ProblemSet({{.key = ProblemKey::disk_blur, .ratio = 0.5}}), InputError);
}

}  // namespace problem_set_test
