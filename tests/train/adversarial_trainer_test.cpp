// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/adversarial_trainer.hpp"

#include "support/catch.hpp"
#include "train/resumed_training.hpp"
#include "videoonenet/autodiff/concatenate/concatenate.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace adversarial_trainer_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Noise, and half of it, or NaN.
struct Halves {
  using value_type = float;
  bool good = true;
  Index size() const { return 60; }
  Shape given_shape() const { return {.t = 2, .h = 6, .w = 6}; }
  Shape truth_shape() const { return given_shape(); }
  void draw(Index i, View<float> given, View<float> truth) const {
    Random random(1, std::uint64_t(i));
    for (Index e = 0; e < truth.size(); ++e) {
      truth.data[e] = good ? static_cast<float>(random.uniform()) : std::nanf("");
      given.data[e] = truth.data[e] / 2;
    }
  }
  void draw_fixed(Index i, Index, View<float> given, View<float> truth) const { draw(1000 + i, given, truth); }
};

AdversarialTrainerOptions options_of(Index epochs, const std::filesystem::path& folder = {}) {
  AdversarialTrainerOptions o;
  o.step.generator.learning_rate = 0.05;
  o.run.batch.size = 3;
  o.run.epochs = epochs;
  o.run.validation_videos = 5;
  o.run.directory = folder;
  o.seed = 4;
  return o;
}
const Conv2d<float> half{.in = 1, .out = 1};

/// The generator shows what its first half makes and what the second makes of that.
auto make_trainer(const AdversarialTrainerOptions& o, bool good = true, int threads = 1) {
  const auto generator = sequential(
      named("first", half), named("", concatenate(named("second", half), named("first", PassThrough<float>{}))));
  const auto restorer = sequential(named("first", half), named("second", half));
  const FrameDense<float> judge{.h = 6, .w = 6, .in = 1, .out = 1};
  return AdversarialTrainer(Cpu{.threads = threads}, generator, restorer, judge, Halves{good}, Halves{good}, o);
}

}  // namespace

TEST_CASE("a generator learns what becomes of what it is given") {
  auto trainer = make_trainer(options_of(8));
  auto state = trainer.start();
  CHECK(trainer.run(state) == TrainingEnd::all_epochs);
  REQUIRE(state.history.size() == 8);
  CHECK(state.step == 160);  // 60 pairs in batches of three
  CHECK(state.history[7].validation_loss < 0.1 * state.history[0].training_loss);
  CHECK(state.history[7].validation_psnr > state.history[0].validation_psnr + 3);
}

TEST_CASE("what a generator learns depends on no number of threads and no interruption") {
  test::require_same_when_resumed(
      [](Index epochs, const auto& folder, int threads) {
        return make_trainer(options_of(epochs, folder), true, threads);
      },
      [](const auto& folder, const auto& trainer) {
        CHECK(trainer.parameters().back().name == "training.discriminator.bias");
        CHECK(Safetensors(folder / "best.safetensors").names().size() == 4);  // two kernels and two biases
      });
}

TEST_CASE("pairs that are not finite end the training, which says where the last good state is") {
  const test::TemporaryDirectory folder;
  test::require_stopped_at_once(make_trainer(options_of(1, folder.path()), false));
}

TEST_CASE("adversarial trainings that make no sense are refused") {
  auto o = options_of(1);
  o.run.batch.size = 0;
  CHECK_THROWS_WITH(make_trainer(o), ContainsSubstring("the batch size is 0"));
  o = options_of(1);
  o.step.true_label = 2;
  CHECK_THROWS_AS(make_trainer(o), InputError);
  const FrameDense<float> judge{.h = 6, .w = 6, .in = 1, .out = 1};
  CHECK_THROWS_WITH(AdversarialTrainer(Cpu{}, sequential(named("first", half)), sequential(named("second", half)),
                                       judge, Halves{}, Halves{}, options_of(1)),
                    ContainsSubstring("the restorer's parameters are not those of the generator"));
}

}  // namespace adversarial_trainer_test
