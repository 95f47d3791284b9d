// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/projection_trainer.hpp"

#include "support/catch.hpp"
#include "train/resumed_training.hpp"
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
auto make_trainer(const ProjectionTrainerOptions& o, bool good = true, int threads = 1) {
  const FrameDense<float> judge{.h = 6, .w = 6, .in = 1, .out = 1}, of_codes{.h = 6, .w = 6, .in = 2, .out = 1};
  const AnyDataset<float> data(Squares{good});
  return ProjectionTrainer(Cpu{.threads = threads}, sequential(named("encoder", Conv2d<float>{.in = 1, .out = 2})),
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

TEST_CASE("a projector's training that is resumed comes to what an uninterrupted one does") {
  test::require_same_when_resumed(
      [](Index epochs, const auto& folder, int threads) {
        return make_trainer(options_of(epochs, folder), true, threads);
      },
      [](const auto& folder, const auto& trainer) {
        CHECK(trainer.parameters().back().name == "training.latent.bias");
        CHECK(Safetensors(folder / "best.safetensors").names().size() == 4);  // two kernels and two biases
      });
}

TEST_CASE("images that are not finite end the training, which says where the last good state is") {
  const test::TemporaryDirectory folder;
  test::require_stopped_at_once(make_trainer(options_of(1, folder.path()), false));
}

TEST_CASE("trainings of projectors that make no sense are refused") {
  auto o = options_of(1);
  o.run.batch.size = 0;
  CHECK_THROWS_WITH(make_trainer(o), ContainsSubstring("the batch size is 0"));
  o = options_of(-1);
  CHECK_THROWS_AS(make_trainer(o), InputError);
}

}  // namespace projection_trainer_test
