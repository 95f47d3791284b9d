// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What a training step and a restoration cost when one extent is doubled: N, T, H, W, the filters, the iterations, and
// the threads. Prints Markdown: the median ratio of paired repetitions to the network it started from, and the ratio of
// their convolutions' operations, which is what the cost should grow by. With --csv FILE the same for programs.
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>

#include "masked_sample.hpp"
#include "paired_times.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

using namespace videoonenet;
using namespace videoonenet::benchmarks;

namespace {

struct Network {
  const char* doubled;
  Shape video{.n = 4, .t = 8, .h = 16, .w = 16};  ///< n: videos of a batch
  Index filters = 16;
  int iterations = 2;
  int threads = 1;

  ModelOptions options() const { return {.filters = filters, .kernel_decoder = 5, .iterations = iterations}; }
  /// Of the convolutions, forward.
  double flops() const {
    const ModelOptions o = options();
    const double c = double(o.filters), k = double(o.kernel_encoder * o.kernel_encoder),
                 d = double(o.kernel_decoder * o.kernel_decoder);
    const auto net = [&](double in, double out) { return k * c * (in + 2 * c) + 4 * k * c * c + 2 * d * c * out; };
    return 2 * double(video.size()) * iterations * (net(2, 1) + net(7, 2));
  }
};

const Network networks[] = {
    {.doubled = "nothing"},
    {.doubled = "N", .video = {.n = 8, .t = 8, .h = 16, .w = 16}},
    {.doubled = "T", .video = {.n = 4, .t = 16, .h = 16, .w = 16}},
    {.doubled = "H", .video = {.n = 4, .t = 8, .h = 32, .w = 16}},
    {.doubled = "W", .video = {.n = 4, .t = 8, .h = 16, .w = 32}},
    {.doubled = "filters", .filters = 32},
    {.doubled = "iterations", .iterations = 4},
    {.doubled = "threads", .threads = 2},
};

/// A network, a batch and the memory of both tasks.
class Tasks {
 public:
  explicit Tasks(const Network& n)
      : ex_{n.threads},
        video_{.t = n.video.t, .h = n.video.h, .w = n.video.w},
        model_(n.options()),
        weights_(initial_parameters<float>(model_.parameters(), 1)),
        gradient_(weights_.size()),
        moments_(2 * weights_.size()),
        batch_gradient_(ex_, model_, video_, {.size = n.video.n}) {
    for (Index i = 0; i < n.video.n; ++i) samples_.push_back(std::make_unique<MaskedSample>(model_, video_));
    for (int i = 0; i < n.threads; ++i) restorations_.push_back(std::make_unique<Restoration>(model_, video_));
  }
  void train() {
    batch_gradient_(weights_.span(), samples_, gradient_.span());
    clip_global_norm(ex_, 1.0, gradient_.span());
    Adam{}.update(ex_, ++step_, 1.0, gradient_.span(), moments_.span(), weights_.span());
  }
  void restore() {
    parallel_ranges(ex_, std::ssize(samples_), [&](Index worker, Index begin, Index end) {
      Restoration& r = *restorations_[static_cast<std::size_t>(worker)];
      for (Index i = begin; i < end; ++i)
        model_.forward(Cpu{}, weights_.span(), samples_[static_cast<std::size_t>(i)]->bound(), r.planned.cache,
                       r.z.view());
    });
  }
  double mebibytes() const { return double(batch_gradient_.bytes()) / (1 << 20); }

 private:
  struct Restoration {
    Restoration(const Model<float>& model, const Shape& video)
        : planned(model.plan_restoration(Cpu{}, video)), z(video) {}
    Planned<Model<float>::Cache, Cpu> planned;
    Tensor<float> z;
  };

  Cpu ex_;
  Shape video_;
  Model<float> model_;
  Buffer<float> weights_, gradient_, moments_;
  BatchGradient<Model<float>> batch_gradient_;
  std::vector<std::unique_ptr<MaskedSample>> samples_;
  std::vector<std::unique_ptr<Restoration>> restorations_;
  Index step_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
  std::optional<std::ofstream> csv;
  int rounds = 15;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--csv" && i + 1 < argc)
      csv.emplace(argv[++i]);
    else if (argument == "--rounds" && i + 1 < argc)
      rounds = std::stoi(argv[++i]);
    else
      throw InputError(sentence("usage: ", argv[0], " [--csv FILE] [--rounds N]"));
  }
  // Threads apart from the others: for a while after its work a second thread looks for more, and is in the way.
  constexpr std::size_t with_threads = std::size(networks) - 1;
  std::vector<std::shared_ptr<Tasks>> tasks;
  for (const Network& n : networks) tasks.push_back(std::make_shared<Tasks>(n));
  const auto compare = [&](void (Tasks::*task)(), bool threads) {
    std::vector<std::function<void()>> bodies;
    for (std::size_t i = 0; i < std::size(networks); ++i)
      if (i == 0 || (i == with_threads) == threads) bodies.push_back([&, i] { (tasks[i].get()->*task)(); });
    return PairedTimes(bodies, rounds, 0.02);
  };
  const PairedTimes train = compare(&Tasks::train, false), restore = compare(&Tasks::restore, false),
                    train_threads = compare(&Tasks::train, true), restore_threads = compare(&Tasks::restore, true);

  const Network& first = networks[0];
  std::cout << "From " << Index(first.video.n) << " videos of " << Index(first.video.t) << "x" << Index(first.video.h)
            << "x" << Index(first.video.w) << ", " << first.filters << " filters, " << first.iterations
            << " iterations, one thread:\n\n"
               "| doubled | operations | training step | restoration | GFLOP/s of the training step | MiB held |\n"
               "|---|---|---|---|---|---|\n";
  if (csv) *csv << "doubled,operations,threads,training_ms,training_ratio,restoration_ms,restoration_ratio,mib\n";
  for (std::size_t i = 0; i < std::size(networks); ++i) {
    const Network& n = networks[i];
    const double operations = n.flops() / first.flops();
    const bool threads = i == with_threads;
    const PairedTimes &training = threads ? train_threads : train, &restoration = threads ? restore_threads : restore;
    const std::size_t place = threads ? 1 : i;
    std::cout << std::fixed << std::setprecision(2) << "| " << n.doubled << " | " << operations << " | "
              << training.ratio(place, 0) << " | " << restoration.ratio(place, 0) << " | " << std::setprecision(0)
              << 3 * n.flops() / training.time(place) * 1e-9 << " | " << tasks[i]->mebibytes() << " |\n";
    if (csv)
      *csv << n.doubled << ',' << operations << ',' << n.threads << ',' << training.time(place) * 1e3 << ','
           << training.ratio(place, 0) << ',' << restoration.time(place) * 1e3 << ',' << restoration.ratio(place, 0)
           << ',' << tasks[i]->mebibytes() << '\n';
  }
  return 0;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
