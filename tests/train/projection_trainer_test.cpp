// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/projection_trainer.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace projection_trainer_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Bright squares of one colour, or of NaN.
struct Squares {
  bool good = true;
  Index size() const { return 5; }
  Shape shape() const { return {.t = 2, .h = 6, .w = 6}; }
  void sample(Index index, Random& random, View<float> video) const {
    const float value = good ? 0.2f * float(index) + 0.1f * static_cast<float>(random.uniform()) : std::nanf("");
    std::fill_n(video.data, video.size(), value);
  }
};

ProjectionTrainerOptions options_of(Index epochs, const std::filesystem::path& folder = {}) {
  ProjectionTrainerOptions o;
  o.step.projector.learning_rate = 0.02;
  o.run.batch.size = 3;
  o.run.epochs = epochs;
  o.run.steps_per_epoch = 20;
  o.run.validation_videos = 5;
  o.run.directory = folder;
  o.seed = 4;
  return o;
}
auto make_trainer(const ProjectionTrainerOptions& o, bool good = true) {
  const FrameDense<float> judge{.h = 6, .w = 6, .in = 1, .out = 1}, of_codes{.h = 6, .w = 6, .in = 2, .out = 1};
  const AnyDataset<float> data(Squares{good});
  return ProjectionTrainer(Cpu{}, sequential(named("encoder", Conv2d<float>{.in = 1, .out = 2})),
                           sequential(named("decoder", Conv2d<float>{.in = 2, .out = 1})), judge, of_codes, data, data,
                           o);
}

}  // namespace

TEST_CASE("a projector learns to undo perturbations, and stops when it is told to") {
  auto trainer = make_trainer(options_of(3));
  auto state = trainer.start();
  CHECK(trainer.run(state) == TrainingEnd::all_epochs);
  REQUIRE(state.history.size() == 3);
  CHECK(state.step == 60);
  CHECK(state.history[2].validation_loss < 0.5 * state.history[0].training_loss);
  CHECK(state.history[2].validation_psnr > state.history[0].validation_psnr);
  CHECK(trainer.run(state, {.stop = [] { return true; }}) == TrainingEnd::all_epochs);
  auto stopped = trainer.start();
  CHECK(trainer.run(stopped, {.stop = [] { return true; }}) == TrainingEnd::stopped);
  CHECK(stopped.step == 0);
  auto impatient = options_of(3);
  impatient.run.max_minutes = 0;
  CHECK(make_trainer(impatient).run(stopped) == TrainingEnd::out_of_time);
}

TEST_CASE("a state is read back to the bit, and goes on to what an uninterrupted training comes to") {
  const test::TemporaryDirectory folder;
  auto whole = make_trainer(options_of(2));
  auto expected = whole.start();
  whole.run(expected);
  auto first = make_trainer(options_of(1, folder.path()));
  auto state = first.start();
  first.run(state);
  auto second = make_trainer(options_of(2, folder.path()));
  auto resumed = second.resume().state;
  CHECK(std::ranges::equal(resumed.optimizer, state.optimizer));
  second.run(resumed);
  CHECK(std::ranges::equal(resumed.parameters, expected.parameters));
  CHECK(std::ranges::equal(resumed.optimizer, expected.optimizer));
  CHECK(second.parameters().back().name == "training.latent.bias");
  const Safetensors best(folder.path() / "best.safetensors");
  CHECK(best.names().size() == 4);  // two kernels and two biases
}

TEST_CASE("images that are not finite end the training, which says where the last good state is") {
  const test::TemporaryDirectory folder;
  auto trainer = make_trainer(options_of(1, folder.path()), false);
  auto state = trainer.start();
  CHECK_THROWS_WITH(trainer.run(state), ContainsSubstring("of step 1 is") && ContainsSubstring("last.safetensors"));
  CHECK(trainer.resume().state.step == 0);
}

TEST_CASE("trainings of projectors that make no sense are refused") {
  auto o = options_of(1);
  o.run.batch.size = 0;
  CHECK_THROWS_WITH(make_trainer(o), ContainsSubstring("the batch size is 0"));
  o = options_of(-1);
  CHECK_THROWS_AS(make_trainer(o), InputError);
}

}  // namespace projection_trainer_test
