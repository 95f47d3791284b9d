// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/trainer/trainer.hpp"

#include <limits>

#include "support/files.hpp"
#include "train/small_network.hpp"
#include "train/start_engine.hpp"

namespace trainer_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const SmallNetwork<float> network;
using SmallTrainer = Trainer<SmallNetwork<float>>;

struct Run {
  TrainerOptions options{.batch = {.size = 4},
                         .epochs = 4,
                         .steps_per_epoch = 5,
                         .patience = 0,
                         .validation_videos = 6,
                         .checkpoint_minutes = 0};  // after every step
  Adam adam{.learning_rate = 0.03};
  int threads = 1;

  SmallTrainer trainer() const {
    return SmallTrainer(Cpu{.threads = threads}, network, small_sampler<float>(),
                        small_sampler<float>(TripletStream::validation), options, adam);
  }
  TrainingState<float> trained() const {
    auto t = trainer();
    auto state = t.start({-1, 0, 0});
    CHECK(t.run(state) == TrainingEnd::all_epochs);
    return state;
  }
};

void check_same(const TrainingState<float>& a, const TrainingState<float>& b) {
  CHECK(same_bits(a.parameters, b.parameters));
  CHECK(same_bits(a.optimizer, b.optimizer));
  CHECK(same_bits(a.best, b.best));
  CHECK(a.step == b.step);
  CHECK(a.stopping.best_loss == b.stopping.best_loss);
  REQUIRE(a.epochs() == b.epochs());
  for (std::size_t i = 0; i < a.history.size(); ++i) {
    CHECK(a.history[i].training_loss == b.history[i].training_loss);
    CHECK(a.history[i].validation_loss == b.history[i].validation_loss);
    CHECK(a.history[i].validation_psnr == b.history[i].validation_psnr);
    CHECK(a.history[i].gradient_norm == b.history[i].gradient_norm);
  }
}

}  // namespace

TEST_CASE("training lowers the loss, and its steps are those of the optimiser") {
  Run run;
  run.options.epochs = 12;
  const auto state = run.trained();
  CHECK(state.step == 60);
  CHECK(state.epochs() == 12);
  CHECK(state.history.back().validation_loss < 0.6 * state.history.front().validation_loss);
  CHECK(state.history.back().validation_psnr > state.history.front().validation_psnr + 1);

  // The first step by hand: mean gradient, clipped to norm 1, Adam.
  run.options.epochs = 1;
  run.options.steps_per_epoch = 1;
  run.options.schedule = [](Index step) { return step == 0 ? 0.5 : 100.0; };
  const auto one = run.trained();
  std::vector<std::unique_ptr<BoundTriplet<SmallNetwork<float>>>> batch;
  for (Index i = 0; i < 4; ++i)
    batch.push_back(
        std::make_unique<BoundTriplet<SmallNetwork<float>>>(Cpu{}, network, small_sampler<float>().draw(i)));
  Buffer<float> parameters{-1, 0, 0}, gradient(3), moments(6);
  BatchGradient<SmallNetwork<float>> batch_gradient(Cpu{}, network, RandomVideos{}.shape(), {.size = 4});
  const double loss = batch_gradient(std::as_const(parameters).span(), batch, gradient.span());
  const double norm = clip_global_norm(Cpu{}, 1, gradient.span());
  run.adam.update(Cpu{}, 1, 0.5, std::as_const(gradient).span(), moments.span(), parameters.span());
  CHECK(same_bits(one.parameters, parameters));
  CHECK(same_bits(one.optimizer, moments));
  CHECK(one.history[0].training_loss == loss);
  CHECK(one.history[0].gradient_norm == norm);
}

TEST_CASE("clipping, schedule and loss have an effect") {
  const auto plain = Run{}.trained();
  Run norm, value, schedule;
  norm.options.clip_norm = 1e-4;  // Adam divides by the norm, but by its epsilon too
  value.options.clip_value = 1e-3;
  schedule.options.schedule = StepSchedule{.every = 3, .factor = 0.5};
  for (const Run* r : {&norm, &value, &schedule}) CHECK_FALSE(same_bits(r->trained().parameters, plain.parameters));
  auto absolute = Trainer<SmallNetwork<float>, Sgd, MeanAbsoluteError>(
      Cpu{}, network, small_sampler<float>(), small_sampler<float>(TripletStream::validation), Run{}.options);
  auto state = absolute.start({-1, 0, 0});
  absolute.run(state);
  CHECK(state.optimizer.size() == 3);
  CHECK(state.history.back().training_loss < state.history.front().training_loss);
}

TEST_CASE("the bits depend neither on threads nor on prefetching nor on checkpoints") {
  const auto reference = Run{}.trained();
  for (int threads : {2, 3, 9})
    for (Prefetch prefetch : {Prefetch::ahead, Prefetch::on_demand}) {
      const TemporaryDirectory folder;
      Run run{.threads = threads};
      run.options.prefetch = prefetch;
      if (threads == 2) run.options.directory = folder.path();
      check_same(run.trained(), reference);
    }
}

TEST_CASE("a training that was stopped anywhere goes on to the same bits") {
  const auto reference = Run{}.trained();
  for (int stop_after : {0, 1, 4, 5, 7, 10, 19}) {
    const TemporaryDirectory folder;
    Run run;
    run.options.directory = folder.path();
    int steps = 0;
    {
      auto t = run.trainer();
      auto state = t.start({-1, 0, 0});
      const TrainingEnd end = t.run(state, {.on_step = [&](const StepReport& r) { steps = int(r.step); },
                                            .stop = [&] { return steps >= stop_after; }});
      CHECK(end == TrainingEnd::stopped);
      CHECK(state.step == stop_after);
    }
    auto t = run.trainer();
    auto state = t.resume().state;
    CHECK(state.step == stop_after);
    CHECK(t.run(state) == TrainingEnd::all_epochs);
    check_same(state, reference);
  }
}

TEST_CASE("a validation that is interrupted is made again") {
  const TemporaryDirectory folder;
  Run run;
  run.options.directory = folder.path();
  int videos = 0;
  auto t = run.trainer();
  auto state = t.start({-1, 0, 0});
  CHECK(t.run(state, {.on_validation_video = [&] { ++videos; }, .stop = [&] { return videos >= 3; }}) ==
        TrainingEnd::stopped);
  CHECK(state.step == 5);
  CHECK(state.epochs() == 0);
  auto resumed = t.resume().state;
  CHECK(t.run(resumed) == TrainingEnd::all_epochs);
  check_same(resumed, Run{}.trained());
}

TEST_CASE("files hold the state, the best weights and the history") {
  const TemporaryDirectory folder;
  Run run;
  run.options.directory = folder.path();
  run.options.metadata = {{"model", "small"}};
  auto t = run.trainer();
  auto state = t.start({-1, 0, 0});
  std::vector<EpochRecord> records;
  Index best_epoch = 0;
  t.run(state, {.on_epoch = [&](const EpochRecord& r, bool is_best) {
          records.push_back(r);
          if (is_best) best_epoch = r.epoch;
        }});
  CHECK(records.size() == 4);
  auto files = folder.files();
  std::ranges::sort(files);
  CHECK(files == std::vector<std::string>{"best.safetensors", "history.csv", "last.safetensors"});
  const Safetensors best(folder / "best.safetensors");
  CHECK(best.metadata("model") == "small");
  CHECK(best.names() == std::vector<std::string>{"bias", "powers"});
  CHECK(same_bits(best.values<float>("powers"), Buffer<float>(state.best.span().first(2))));
  const Bytes csv = read_bytes(folder / "history.csv");
  CHECK(std::string(csv.begin(), csv.end()) == history_csv(state.history));
  CHECK(t.resume().metadata.at("model") == "small");
  check_same(t.resume().state, state);
  const auto lowest = std::ranges::min_element(records, {}, &EpochRecord::validation_loss);
  CHECK(lowest->epoch == best_epoch);
  CHECK(state.stopping.best_loss == lowest->validation_loss);
  if (best_epoch == 4) CHECK(same_bits(state.best, state.parameters));
}

TEST_CASE("a training ends by patience, by time or at its last epoch") {
  Run run;
  run.options.patience = 2;
  run.options.epochs = 100;
  run.options.schedule = [](Index step) { return step < 10 ? 1.0 : 1e-30; };  // after two epochs nothing changes
  auto t = run.trainer();
  auto state = t.start({-1, 0, 0});
  CHECK(t.run(state) == TrainingEnd::no_improvement);
  CHECK(state.epochs() == 4);
  CHECK(t.run(state) == TrainingEnd::no_improvement);
  CHECK(state.epochs() == 4);

  run.options.max_minutes = 0;
  auto timed = run.trainer();
  auto none = timed.start({-1, 0, 0});
  CHECK(timed.run(none) == TrainingEnd::out_of_time);
  CHECK(none.step == 0);

  run.options.epochs = 0;
  auto empty = run.trainer();
  CHECK(empty.run(none) == TrainingEnd::all_epochs);
  CHECK(none.step == 0);
}

TEST_CASE("a loss that is not finite stops the training and loses nothing") {
  const TemporaryDirectory folder;
  Run run;
  run.options.directory = folder.path();
  run.options.checkpoint_minutes = 1000;
  auto t = run.trainer();
  auto state = t.start({-1, 0, 0});
  // Poison: after step 7 the weights are still finite, but what they restore is not.
  const auto poison = [&](const StepReport& r) {
    if (r.step == 7) std::ranges::fill(state.parameters, std::numeric_limits<float>::max());
  };
  std::string what;
  try {
    t.run(state, {.on_step = poison});
  } catch (const NumericalError& e) {
    what = e.what();
  }
  CHECK_THAT(what, ContainsSubstring("step 8"));
  CHECK_THAT(what, ContainsSubstring("loss"));
  CHECK_THAT(what, ContainsSubstring((folder / "last.safetensors").string()));
  CHECK(t.resume().state.step == 7);

  // Weights that are not finite are never written over ones that are.
  auto second = t.start({-1, 0, 0});
  const auto break_weight = [&](const StepReport& r) {
    if (r.step == 3) second.parameters[1] = std::numeric_limits<float>::quiet_NaN();
  };
  CHECK_THROWS_AS(t.run(second, {.on_step = break_weight}), NumericalError);
  const auto kept = t.resume().state;
  CHECK(kept.step == 0);
  CHECK(std::ranges::all_of(kept.parameters, [](float v) { return std::isfinite(v); }));
}

TEST_CASE("a trainer refuses options out of range") {
  const auto refused = [](auto&& change) {
    Run run;
    change(run.options);
    return refusal([&] { run.trainer(); });
  };
  CHECK_THAT(refused([](auto& o) { o.batch.size = 0; }), ContainsSubstring("the batch size is 0"));
  CHECK_THAT(refused([](auto& o) { o.epochs = -1; }), ContainsSubstring("epochs"));
  CHECK_THAT(refused([](auto& o) { o.patience = -1; }), ContainsSubstring("patience"));
  CHECK_THAT(refused([](auto& o) { o.validation_videos = 0; }), ContainsSubstring("validation"));
  CHECK_THAT(refused([](auto& o) { o.clip_norm = -1; }), ContainsSubstring("norm"));
  CHECK_THAT(refused([](auto& o) { o.clip_value = std::nan(""); }), ContainsSubstring("values"));
  CHECK_THAT(refused([](auto& o) { o.max_minutes = std::nan(""); }), ContainsSubstring("minutes"));
  CHECK_THAT(refusal([] { Run{.adam = {.learning_rate = 0}}.trainer(); }), ContainsSubstring("learning rate"));
  CHECK_THROWS_AS(Run{}.trainer().start({1, 0}), ShapeError);
  Run whole;
  whole.options.steps_per_epoch = 0;
  CHECK(whole.trainer().steps_per_epoch() == 10 / 4);
}

TEST_CASE("the memory of a training is known before its first step") {
  for (int threads : {1, 2}) {
    const Run run{.threads = threads};
    const BatchGradient<SmallNetwork<float>> batch(Cpu{.threads = threads}, network, RandomVideos{}.shape(),
                                                   {.size = 4});
    CHECK(run.trainer().bytes() == batch.bytes() + 5 * 3 * 4);  // weights, best, gradient, two moments
  }
}

namespace {

/// An engine that adds one to every weight and sees what it is given.
struct CountingEngine final : StartEngine {
  std::vector<float> parameters, state, first_truths;
  std::vector<double> factors;
  double loss = 0.5;

  void set(std::span<const float> p, std::span<const float> s) override {
    parameters.assign(p.begin(), p.end()), state.assign(s.begin(), s.end());
  }
  void get(std::span<float> p, std::span<float> s) const override {
    std::ranges::copy(parameters, p.begin()), std::ranges::copy(state, s.begin());
  }
  Outcome step(const HostBatch<float>& batch, Index, double factor) override {
    if (std::isfinite(loss))
      for (float& v : parameters) v += 1;
    first_truths.push_back(batch.truth[0]);
    factors.push_back(factor);
    return {loss, 0.25};
  }
};

}  // namespace

TEST_CASE("an engine makes the steps, with the sampler's batches and the schedule's rates") {
  Run run;
  run.options.schedule = StepSchedule{.every = 10, .factor = 0.5};
  const TemporaryDirectory folder;
  run.options.directory = folder.path();
  auto trainer = run.trainer();
  CountingEngine engine;
  trainer.use(engine);
  CHECK(trainer.bytes() == 1000 + 5 * 3 * 4);
  auto state = trainer.start({-1, 0, 5});
  CHECK(trainer.run(state) == TrainingEnd::all_epochs);
  CHECK(state.step == 20);
  CHECK(state.parameters[0] == 19);
  CHECK(state.parameters[2] == 25);
  CHECK(state.history.back().training_loss == 0.5);
  CHECK(state.history.back().gradient_norm == 0.25);
  CHECK(trainer.resume().state.parameters[0] == 19);
  const Index videos = run.options.validation_videos;
  double validation_loss = 0;
  for (Index i = 0; i < videos; ++i)
    validation_loss += StartEngine::loss_of(small_sampler<float>(TripletStream::validation).draw_fixed(i, videos));
  CHECK(state.history.back().validation_loss == Approx(validation_loss / double(videos)));
  REQUIRE(engine.factors.size() == 20);
  CHECK(engine.factors[0] == 1);
  CHECK(engine.factors[19] == 0.5);
  for (Index step : {0, 19})
    CHECK(engine.first_truths[static_cast<std::size_t>(step)] == small_sampler<float>().draw(4 * step).truth[0]);
}

TEST_CASE("an engine that does not fit or fails is refused, and the last good weights are kept") {
  Run run;
  CountingEngine engine;
  engine.shape.n = 3;
  CHECK_THROWS_WITH(run.trainer().use(engine), ContainsSubstring("the engine's batch"));
  engine.shape.n = 4;
  run.options.clip_value = 1;
  CHECK_THROWS_WITH(run.trainer().use(engine), ContainsSubstring("does not clip"));
  run.options.clip_value = 0;
  const TemporaryDirectory folder;
  run.options.directory = folder.path();
  auto trainer = run.trainer();
  trainer.use(engine);
  engine.loss = std::numeric_limits<double>::quiet_NaN();
  auto state = trainer.start({-1, 0, 5});
  CHECK_THROWS_WITH(trainer.run(state), ContainsSubstring("the loss of step 1 is nan"));
  CHECK(trainer.resume().state.parameters[2] == 5);
}

}  // namespace trainer_test
