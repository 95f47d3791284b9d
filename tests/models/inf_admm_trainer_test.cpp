// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/inf_admm_trainer.hpp"

#include "support/catch.hpp"
#include "train/resumed_training.hpp"
#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace inf_admm_trainer_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Generated texture, or NaN.
struct Textures {
  bool good = true;
  Index size() const { return 20; }
  Shape shape() const { return {.t = 1, .h = 16, .w = 16}; }
  void sample(Index, Random& random, View<float> video) const {
    const Tensor<float> drawn = synthetic_video<float>(Cpu{}, SyntheticKind::texture, shape(), random);
    for (Index i = 0; i < video.size(); ++i)
      video.data[i] = good ? drawn.flat()[static_cast<std::size_t>(i)] : std::nanf("");
  }
};

InfAdmmTrainerOptions options_of(Index epochs, const std::filesystem::path& folder = {}) {
  InfAdmmTrainerOptions o;
  o.step.generator.learning_rate = 5e-3;
  o.inverse.learning_rate = 5e-3;
  o.iterations = 5;
  o.run.batch.size = 2;
  o.run.epochs = epochs;
  o.run.steps_per_epoch = 30;
  o.run.validation_videos = 4;
  o.run.directory = folder;
  o.seed = 4;
  return o;
}
using Problems = std::vector<const char*>;

TripletSampler<float> triplets(const Problems& problems, TripletStream stream, bool good) {
  std::vector<ProblemSpec> specs;
  for (const char* text : problems) specs.push_back(parse_problem_spec(text));
  return {AnyDataset<float>(Textures{good}), ProblemSet(specs), 2, stream};
}
auto make_trainer(const InfAdmmTrainerOptions& o, const Problems& problems = {"super_resolution"}, bool good = true,
                  int threads = 1) {
  const InfAdmmAdnn<float, Linear> model({.inverse = {.channels = 1, .filters = {4, 8}},
                                          .denoiser = {.channels = 1, .factor = 2, .filters = 4, .condition = 1}});
  const FrameDense<float> judge{.h = 16, .w = 16, .in = 1, .out = 1};
  return InfAdmmTrainer(Cpu{.threads = threads}, model, judge, triplets(problems, TripletStream::training, good),
                        triplets(problems, TripletStream::validation, good), o);
}

}  // namespace

TEST_CASE("both networks of Inf-ADMM learn, and restore better together") {
  auto trainer = make_trainer(options_of(4));
  auto state = trainer.start();
  CHECK(trainer.run(state) == TrainingEnd::all_epochs);
  REQUIRE(state.history.size() == 4);
  CHECK(state.history[3].training_loss < 0.5 * state.history[0].training_loss);
  CHECK(state.history[3].validation_psnr > state.history[0].validation_psnr + 1);
}

TEST_CASE("what both learn depends on no number of threads and no interruption") {
  test::require_same_when_resumed(
      [](Index epochs, const auto& folder, int threads) {
        return make_trainer(options_of(epochs, folder), {"super_resolution"}, true, threads);
      },
      [](const auto& folder, const auto&) {
        const Safetensors best(folder / "best.safetensors");
        CHECK(best.contains("denoiser.decoder.2.kernel"));
        CHECK(best.contains("inverse.1.kernel"));
        CHECK_FALSE(best.contains("training.discriminator.kernel"));
      });
}

TEST_CASE("an inverse that diverges ends the training with all weights as they were before the step") {
  const test::TemporaryDirectory folder;
  auto o = options_of(1, folder.path());
  o.inverse.learning_rate = 1e20;
  auto trainer = make_trainer(o);
  auto state = trainer.start();
  Buffer<float> before;
  const auto keep = [&](const StepReport&) { before = state.parameters; };
  CHECK_THROWS_WITH(trainer.run(state, {.on_step = keep}), ContainsSubstring("of step 2 is"));
  CHECK(state.step == 1);
  CHECK(std::ranges::equal(state.parameters, before));
  CHECK(std::ranges::equal(trainer.resume().state.parameters, before));
}

TEST_CASE("trainings of Inf-ADMM that make no sense are refused, and stop where images are not finite") {
  const auto problems = [&](const Problems& list) { make_trainer(options_of(1), list); };
  CHECK_THROWS_WITH(problems({"pixel_inpaint"}), ContainsSubstring("1 problem, pixel_inpaint, expected one of"));
  CHECK_THROWS_WITH(problems({"super_resolution", "super_resolution"}), ContainsSubstring("2 problems"));
  CHECK_THROWS_AS(problems({"super_resolution:0.25"}), ShapeError);  // the denoiser's factor is two
  auto o = options_of(1);
  o.iterations = 0;
  CHECK_THROWS_WITH(make_trainer(o), ContainsSubstring("the number of iterations is 0"));
  o = options_of(1);
  o.most_deviation = -1;
  CHECK_THROWS_WITH(make_trainer(o), ContainsSubstring("the largest deviation is -1"));
  const test::TemporaryDirectory folder;
  test::require_stopped_at_once(make_trainer(options_of(1, folder.path()), {"super_resolution"}, false));
}

}  // namespace inf_admm_trainer_test
