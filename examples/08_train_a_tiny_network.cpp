// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a small VideoOneNet that learns from videos alone, is saved, and restores from its file better than
// before. Builds on  07. Leaves out real videos, resuming, and the hours that good results take: the program train does
// that.
#include <filesystem>
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/model_file.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

using namespace videoonenet;

namespace {

const Cpu ex{.threads = 2};

// Mean PSNR over triplets that training has not seen.
double score(const Model<float>& model, const Buffer<float>& weights, const TripletSampler<float>& held_out) {
  constexpr Index count = 20;
  double sum = 0;
  for (Index i = 0; i < count; ++i) {
    const Triplet<float> t = held_out.draw_fixed(i, count);
    Tensor<float> z(t.truth.shape());
    model.restore(ex, weights.span(), t.problem.a, t.y.span(), z.view());
    sum += psnr(ex, z.view(), t.truth.view()) / count;
  }
  return sum;
}

}  // namespace

int main() {
  // Triplets: a video, a problem drawn for it, what it measures. No labels: the video itself is the answer.
  const Shape video{.t = 4, .h = 12, .w = 12};
  const ProblemSet problems(
      {{.key = ProblemKey::pixel_inpaint}, {.key = ProblemKey::frame_interpolation, .ratio = 0.5}});
  const auto videos = [&](Split split) {
    return AnyDataset<float>(SyntheticVideos({.kind = SyntheticKind::strokes, .shape = video, .split = split}));
  };
  const TripletSampler<float> training(videos(Split::train), problems, 1);
  const TripletSampler<float> validation(videos(Split::validation), problems, 1, TripletStream::validation);
  const TripletSampler<float> held_out(videos(Split::test), problems, 2, TripletStream::validation);

  // [training]
  // The paper's network, only smaller; unrolled and trained end to end.
  const Model<float> model({.filters = 6, .kernel_decoder = 5, .iterations = 2});
  const TrainerOptions options{.batch = {.size = 4}, .epochs = 4, .steps_per_epoch = 60, .validation_videos = 20};
  Trainer trainer(ex, model, training, validation, options, Adam{.learning_rate = 1e-2});
  auto state = trainer.start(initial_parameters<float>(model.parameters(), 1));
  const double before = score(model, state.parameters, held_out);
  trainer.run(state, {.on_epoch = [](const EpochRecord& r, bool) {
                std::cout << "epoch " << r.epoch << ": validation " << r.validation_psnr << " dB, "
                          << r.videos_per_second << " videos/s\n";
              }});
  // [/training]

  // A file from which alone the model rebuilds itself.
  const auto path = std::filesystem::temp_directory_path() / "videoonenet-example-08.safetensors";
  write_model<float>(path, model, state.best.span(), {{"name", "tiny"}});
  const TrainedModel<float> read = read_model<float>(path);
  std::filesystem::remove(path);
  const double after = score(read.model, read.parameters, held_out);
  std::cout << read.metadata.at("name") << ", " << read.parameters.size() << " weights: " << before << " dB before, "
            << after << " dB after training\n";
  return after > before + 3 ? 0 : 1;
}
