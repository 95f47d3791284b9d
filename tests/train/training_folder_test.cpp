// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/training_state/training_folder.hpp"

#include <algorithm>
#include <limits>

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace training_folder_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using Folder = TrainingFolder<float, Adam>;

namespace {

const std::vector<Parameter> first{{"a", {2}, Initial::zeros}},
    both{{"a", {2}, Initial::zeros}, {"training.b", {1}, Initial::zeros}};

TrainingState<float> some_state() {
  TrainingState<float> s{.parameters = Buffer<float>{1, 2, 3}, .optimizer = Buffer<float>(6)};
  s.step = 4;
  s.loss_sum = 10;
  s.gradient_norm_sum = 6;
  return s;
}

}  // namespace

TEST_CASE("an epoch's record is completed by what its steps came to") {
  TrainingState<float> s = some_state();
  CHECK(s.finish_epoch({.validation_loss = 0.5}, 4));
  CHECK((s.history[0].epoch == 1 && s.history[0].step == 4));
  CHECK((s.history[0].training_loss == 2.5 && s.history[0].gradient_norm == 1.5));
  CHECK((s.loss_sum == 0 && s.gradient_norm_sum == 0));
  CHECK(std::ranges::equal(s.best, s.parameters));
  s.parameters[0] = 7;
  CHECK_FALSE(s.finish_epoch({.validation_loss = 0.6}, 4));
  CHECK((s.best[0] == 1 && s.epochs() == 2));
}

TEST_CASE("a folder has the state, the best of the named weights and the history") {
  const test::TemporaryDirectory directory;
  Folder folder(directory.path(), {{"name", "mine"}}, both);
  TrainingState<float> s = some_state();
  const bool is_best = s.finish_epoch({.validation_loss = 0.5}, 4);
  folder.save_epoch(s, is_best, first);
  CHECK(folder.minutes_since_saved() < 1);
  const Safetensors best(directory / "best.safetensors");
  CHECK(best.names() == std::vector<std::string>{"a"});
  CHECK(best.metadata("name") == "mine");
  CHECK(std::filesystem::exists(directory / "history.csv"));
  const SavedTraining<float> saved = folder.read();
  CHECK(std::ranges::equal(saved.state.parameters, s.parameters));
  CHECK((saved.state.step == 4 && saved.metadata.at("name") == "mine"));
}

TEST_CASE("a state that is not finite is not saved, and what is given up is said") {
  const test::TemporaryDirectory directory;
  Folder folder(directory.path(), {}, both);
  TrainingState<float> s = some_state();
  CHECK_THROWS_WITH(folder.fail(s, "this"), ContainsSubstring("training stopped: this; the last good state is in "));
  s.step = 5;
  s.optimizer[1] = std::numeric_limits<float>::infinity();
  CHECK_FALSE(s.is_finite());
  CHECK_THROWS_WITH(folder.save(s), ContainsSubstring("a weight after step 5 is not finite"));
  CHECK(folder.read().state.step == 4);

  Folder nowhere({}, {}, both);
  CHECK(nowhere.checkpoint_path().empty());
  CHECK(nowhere.minutes_since_saved() == 0);
  CHECK_NOTHROW(nowhere.save(some_state()));
  CHECK_THROWS_WITH(nowhere.fail(s, "that"), ContainsSubstring("that; nothing was to be saved"));
}

}  // namespace training_folder_test
