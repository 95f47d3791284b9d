// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// What a Stream's options do to the result: mean PSNR over long clips of Rotated MNIST, by warm start, hop and
/// overlap.
///
///     stream_benchmark MNIST_DIR WEIGHTS.safetensors [CLIPS]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "videoonenet/data/rotated_mnist.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/models/model_file.hpp"
#include "videoonenet/operators/frame_window/frame_window.hpp"
#include "videoonenet/operators/problem/problem.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/stream.hpp"

using namespace videoonenet;

namespace {

using Operator = ShippedOperator<float>;
constexpr Index clip_frames = 45, window_frames = 9;  // the network was trained on 9 frames of 40 degrees
const Cpu ex;

/// A clip and how it is measured.
struct Task {
  Tensor<float> truth;
  Operator a;
  Buffer<float> y;
};

FrameSelection<float> kept_frames(const Shape& clip, auto&& keep) {
  std::vector<Index> frames;
  for (Index t = 0; t < clip.t; ++t)
    if (keep(t)) frames.push_back(t);
  return {clip, frames};
}

const std::vector<std::string> problem_names{"PID", "BI",        "SI",          "SR2",   "DD",
                                             "MD",  "every 2nd", "random half", "5 of 9"};

Operator draw(const std::string& name, const Shape& clip, Random& random) {
  const auto problem = [&](ProblemKey key) { return draw_operator<float>(ex, {.key = key}, clip, random); };
  if (name == "PID") return problem(ProblemKey::pixel_inpaint);
  if (name == "BI") return problem(ProblemKey::center_inpaint);
  if (name == "SI") return problem(ProblemKey::scattered_inpaint);
  if (name == "SR2") return problem(ProblemKey::super_resolution);
  if (name == "DD") return problem(ProblemKey::disk_blur);
  if (name == "MD") return problem(ProblemKey::motion_blur);
  if (name == "every 2nd") return kept_frames(clip, [](Index t) { return t % 2 == 0; });
  if (name == "5 of 9") return kept_frames(clip, [](Index t) { return t % 9 < 5; });
  return kept_frames(clip, [&](Index t) { return t % 9 == 0 || random.uniform() < 0.5; });
}

std::vector<Task> tasks(const RotatedMnist& data, const std::string& name, int clips) {
  std::vector<Task> all;
  for (int i = 0; i < clips; ++i) {
    Random random(77, static_cast<std::uint64_t>(i));
    Tensor<float> truth(data.shape());
    data.sample(i * data.size() / clips, random, truth.view());
    Operator a = draw(name, data.shape(), random);
    Buffer<float> y(a.range().size());
    a.apply(ex, truth.flat(), y.span());
    if (name == "PID")
      for (float& v : y) v += 0.1f * static_cast<float>(random.normal());
    all.push_back({std::move(truth), std::move(a), std::move(y)});
  }
  return all;
}

/// Mean PSNR of clips restored by windows.
template <class Net>
double score(const Net& net, std::span<const float> weights, const std::vector<Task>& set,
             const StreamOptions& options) {
  double sum = 0;
  for (const Task& task : set) {
    Shape window = task.truth.shape();
    window.t = window_frames;
    Stream stream(ex, net, weights, window, options);
    const StreamWindows windows{.frames = clip_frames, .size = window_frames, .hop = options.hop};
    Tensor<float> z(task.truth.shape());
    float* next = z.data();
    const auto put = [&](View<const float> part) {
      for (float v : part.flat()) *next++ = std::clamp(v, 0.0f, 1.0f);
    };
    for (Index i = 0; i < windows.count(); ++i) {
      const auto part = frame_window(task.a, {windows.begin(i), window_frames});
      auto bound = net.bind(ex, part.a, part.of(task.y.span()));
      put(stream.advance(bound, windows.moved(i)));
    }
    put(stream.rest());
    sum += psnr(ex, std::as_const(z).view(), task.truth.view());
  }
  return sum / double(set.size());
}

/// A table of PSNRs, a row for each of the options.
template <class Net>
void table(const std::string& what, const Net& net, std::span<const float> weights,
           const std::vector<std::vector<Task>>& sets, const std::vector<std::pair<const char*, StreamOptions>>& rows) {
  std::printf("\n| %s | hop", what.c_str());
  for (const auto& name : problem_names) std::printf(" | %s", name.c_str());
  std::printf(" | mean |\n|---|---|");
  for (std::size_t i = 0; i <= sets.size(); ++i) std::printf("---|");
  for (const auto& [name, options] : rows) {
    std::printf("\n| %s | %d", name, static_cast<int>(options.hop));
    double mean = 0;
    for (const auto& set : sets) {
      const double value = score(net, weights, set, options);
      mean += value / double(sets.size());
      std::printf(" | %.2f", value);
      std::fflush(stdout);
    }
    std::printf(" | %.2f |", mean);
  }
  std::printf("\n");
}

template <class Prior>
auto solver(const Prior& prior, float rho, int iterations) {
  return AdmmSolver{prior, LeastSquares{}, AdmmOptions<float>{.rho = rho, .iterations = iterations, .tolerance = 0}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: stream_benchmark MNIST_DIR WEIGHTS.safetensors [CLIPS]\n");
    return 2;
  }
  const RotatedMnist data(argv[1], {.frames = clip_frames});
  const auto trained = read_model<float>(std::filesystem::path(argv[2]));
  std::vector<std::vector<Task>> sets;
  for (const auto& name : problem_names) sets.push_back(tasks(data, name, argc > 3 ? std::atoi(argv[3]) : 20));

  const WarmStart anew{}, z{.z = true}, u{.u = true}, both{.z = true, .u = true}, states{.recurrent = true};
  const auto newest = Overlap::newest;
  table("network", trained.model, trained.parameters.span(), sets,
        {{"anew, side by side", {.hop = 9, .warm = anew}},
         {"states, side by side", {.hop = 9, .warm = states}},
         {"anew, blended", {.hop = 4, .warm = anew}},
         {"anew, newest", {.hop = 4, .warm = anew, .overlap = newest}},
         {"z, blended", {.hop = 4, .warm = z}},
         {"u, blended", {.hop = 4, .warm = u}},
         {"z and u, blended", {.hop = 4, .warm = both}},
         {"states, blended", {.hop = 4, .warm = states}},
         {"states, newest", {.hop = 4, .warm = states, .overlap = newest}},
         {"z, u and states, blended", {.hop = 4, .warm = WarmStart{true, true, true}}},
         {"anew, blended", {.hop = 1, .warm = anew}},
         {"anew, newest", {.hop = 1, .warm = anew, .overlap = newest}},
         {"states, newest", {.hop = 1, .warm = states, .overlap = newest}}});
  const std::vector<std::pair<const char*, StreamOptions>> classical{
      {"anew, blended", {.hop = 4, .warm = anew}},
      {"z, blended", {.hop = 4, .warm = z}},
      {"u, blended", {.hop = 4, .warm = u}},
      {"z and u, blended", {.hop = 4, .warm = both}},
      {"z and u, newest", {.hop = 4, .warm = both, .overlap = newest}}};
  for (const int iterations : {5, 20}) {
    const std::string text = ", " + std::to_string(iterations) + " iterations a window";
    table("wavelet" + text, solver(Wavelet<float>{.lambda = 0.003f}, 0.1f, iterations), {}, sets, classical);
    const TotalVariation<float> tv{.lambda = 0.002f, .iterations = 10, .tolerance = 0};
    table("tv" + text, solver(tv, 0.03f, iterations), {}, sets, classical);
  }
}
