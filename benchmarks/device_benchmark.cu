// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What a GPU makes of the layers and networks of the papers, each captured as a graph and replayed: one line of CSV a
// measurement, the median of several.
//   TFLOP/s   two operations for each multiply-add of a convolution by its definition
//   videos/s  of whole networks: restorations and training steps (forward, adjoint, clipped Adam)
// device_benchmark [--seconds S] [--only TEXT] [--early-launches 1]: S of each measurement, 0.3 unless told otherwise,
// of the lines whose first three columns contain TEXT; with a kernel's blocks on the device while the one before runs,
// or without.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "videoonenet/core/random.hpp"
#include "videoonenet/models/video_one_net.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/videoonenet.cuh"

namespace {

using namespace videoonenet;
using cuda::Precision;

constexpr std::pair<const char*, Precision> precisions[] = {
    {"tf32", Precision::tf32}, {"bfloat16", Precision::bfloat16}, {"float32", Precision::float32}};

double seconds_of_each = 0.3;
bool early_launches = false;
std::string only;

bool wanted(const std::string& what, const char* precision, Index batch) {
  return sentence(what, ',', precision, ',', batch).find(only) != std::string::npos;
}

/// Medians of the time of one call of `body`, in seconds; calls are replays of a graph.
template <class Body>
double seconds_of(const Cuda& ex, Body&& body) {
  cuda::Graph<Cuda> graph;
  for (int i = 0; i < 3; ++i) graph.run(ex, body);
  cudaEvent_t begin, end;
  cuda::check(cudaEventCreate(&begin), "creating an event");
  cuda::check(cudaEventCreate(&end), "creating an event");
  const auto time = [&](int calls) {
    cuda::check(cudaEventRecord(begin, ex.stream()), "recording an event");
    for (int i = 0; i < calls; ++i) graph.run(ex, body);
    cuda::check(cudaEventRecord(end, ex.stream()), "recording an event");
    cuda::check(cudaEventSynchronize(end), "waiting for an event");
    float milliseconds = 0;
    cuda::check(cudaEventElapsedTime(&milliseconds, begin, end), "reading an event");
    return double(milliseconds) / 1e3 / calls;
  };
  const double once = time(1);
  constexpr int rounds = 9;
  const int calls = std::clamp(static_cast<int>(seconds_of_each / rounds / std::max(once, 1e-7)), 1, 1000);
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) times.push_back(time(calls));
  std::ranges::nth_element(times, times.begin() + rounds / 2);
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return times[rounds / 2];
}

bool any_wanted(std::initializer_list<const char*> passes, const std::string& of, const char* precision, Index batch) {
  return std::ranges::any_of(passes,
                             [&](const char* pass) { return wanted(sentence(of, ' ', pass), precision, batch); });
}

/// Measures and prints a line, if it is asked for.
template <class Body>
void row(const Cuda& ex, const std::string& what, const char* precision, Index batch, double flops, double videos,
         Body&& body) {
  if (!wanted(what, precision, batch)) return;
  const double seconds = seconds_of(ex, body);
  std::printf("%s,%s,%td,%.2f,%.2f,%.1f\n", what.c_str(), precision, batch, seconds * 1e6, flops / seconds / 1e12,
              videos / seconds);
  std::fflush(stdout);
}

auto random_array(const Cuda& ex, Index size) {
  Random random(1);
  std::vector<float> values(static_cast<std::size_t>(size));
  random.fill_normal(std::span<float>(values));
  auto buffer = ex.allocate<float>(size);
  ex.upload(std::span<const float>(values), buffer.span());
  return buffer;
}

struct Convolution {
  const char* name;
  Index frames, extent, in, out, kernel;
};

void run_convolution(const Convolution& c, const char* name, const Cuda& ex) {
  const Conv2dGeometry g{
      .frames = c.frames, .h = c.extent, .w = c.extent, .in = c.in, .out = c.out, .kernel = c.kernel};
  if (!any_wanted({"forward", "input gradient", "kernel gradient"}, c.name, name, c.frames)) return;
  const auto x = random_array(ex, g.x_size()), y = random_array(ex, g.y_size()),
             kernel = random_array(ex, g.kernel_size());
  const auto grad = random_array(ex, g.kernel_size());
  const auto scratch = ex.allocate<float>(conv2d_scratch_size<float>(ex, g));
  const double flops = 2.0 * double(g.y_size() * c.kernel * c.kernel * c.in);
  const auto pass = [&](const char* which, auto&& body) {
    row(ex, sentence(c.name, " ", which), name, c.frames, flops, 0, body);
  };
  pass("forward",
       [&] { conv2d_forward(ex, g, x.span(), kernel.span(), {}, Accumulate::overwrite, y.span(), scratch.span()); });
  pass("input gradient", [&] {
    conv2d_input_gradient(ex, g, y.span(), kernel.span(), x.span(), scratch.span(), Accumulate::overwrite);
  });
  pass("kernel gradient", [&] { conv2d_kernel_gradient(ex, g, x.span(), y.span(), grad.span(), scratch.span()); });
}

/// The frames of eight videos one after the other, in one direction: in one kernel where there are clusters, and with a
/// launch a frame.
void run_recurrence(Index channels, const char* name, Cuda ex) {
  const MinimalRnnScan s{.frame = {.h = 14, .w = 14, .in = channels, .out = channels}, .samples = 8, .steps = 9};
  const std::string what = sentence("recurrence 3x3 ", channels, " on 9 frames of 14x14");
  const char* const ways[] = {"with a launch a frame", "in one kernel"};
  if (!any_wanted({"forward in one kernel", "adjoint in one kernel", "forward with a launch a frame",
                   "adjoint with a launch a frame"},
                  what, name, s.samples))
    return;
  const Index size = s.samples * s.steps * s.size();
  const auto kernel = random_array(ex, s.frame.kernel_size()), candidate = random_array(ex, size),
             gates = random_array(ex, size), y = random_array(ex, size), grad_y = random_array(ex, size),
             grad_candidate = random_array(ex, size), grad_preactivation = random_array(ex, size);
  const auto scratch = ex.allocate<float>(minimal_rnn_scratch_size<float>(ex, s));
  const double flops = 2.0 * double(s.samples * (s.steps - 1)) * double(s.size() * 9 * channels);
  for (const bool clusters : {true, false}) {
    if (clusters && ex.precision == Precision::float32) continue;  // there is no such kernel
    ex.clusters = clusters;
    const auto pass = [&](const char* which, auto&& body) {
      row(ex, sentence(what, ' ', which, ' ', ways[clusters]), name, s.samples, flops, 0, body);
    };
    pass("forward",
         [&] { minimal_rnn_scan(ex, s, {}, candidate.span(), kernel.span(), gates.span(), y.span(), scratch.span()); });
    pass("adjoint", [&] {
      minimal_rnn_scan_adjoint(ex, s, candidate.span(), gates.span(), y.span(), kernel.span(), grad_y.span(),
                               grad_candidate.span(), grad_preactivation.span(), scratch.span());
    });
  }
}

struct Network {
  const char* name;
  Shape video;
  Index filters, kernel_encoder, kernel_decoder;
  int iterations;
  std::vector<Index> batches;
};

double flops_of(const Network& n) {
  const auto net = [&](double in, double out) {
    const double c = double(n.filters), k = double(n.kernel_encoder * n.kernel_encoder);
    return k * c * (in + 2 * c) + 4 * k * c * c + double(n.kernel_decoder * n.kernel_decoder) * 2 * c * out;
  };
  const double f = double(n.video.f);
  return 2 * double(n.video.t * n.video.h * n.video.w) * n.iterations * (net(2 * f, f) + net(7 * f, 2 * f));
}

/// Half of the entries missing in every video.
HostBatch<float> masked_batch(const Shape& videos, float rho) {
  const Index size = videos.sample_size();
  const FactorLayout layout{.size = size, .diagonal = true};
  HostBatch<float> batch(videos, {.values = size, .rank = 1});
  Random random(2);
  std::vector<float> truth(static_cast<std::size_t>(size)), kept(truth.size()), factor(truth.size());
  for (Index n = 0; n < videos.n; ++n) {
    for (std::size_t i = 0; i < truth.size(); ++i) {
      truth[i] = static_cast<float>(random.uniform());
      kept[i] = i % 2 == 0 ? truth[i] : 0.0f;
      factor[i] = 1 / ((i % 2 == 0 ? 1.0f : 0.0f) + rho);
    }
    batch.put(n, truth, kept, kept, layout, factor);
  }
  return batch;
}

void run_network(const Network& n, const char* name, const Cuda& ex) {
  ModelOptions options{.channels = n.video.f,
                       .filters = n.filters,
                       .kernel_encoder = n.kernel_encoder,
                       .kernel_decoder = n.kernel_decoder,
                       .iterations = n.iterations};
  const auto asked = [&](Index count) { return any_wanted({"restoration", "training"}, n.name, name, count); };
  if (std::ranges::none_of(n.batches, asked)) return;
  const auto network = video_one_net<float>(options);
  const auto weights = initial_parameters<float>(network.parameters(), 1);
  const std::vector<float> moments(2 * static_cast<std::size_t>(weights.size()));
  for (const Index count : n.batches) {
    if (!asked(count)) continue;
    Shape videos = n.video;
    videos.n = count;
    const HostBatch<float> batch = masked_batch(videos, options.rho);
    BatchStep<decltype(network), Cuda> step(ex, network, videos, batch.bounds, {.graph = false});
    step.set(weights.span(), moments);
    step(batch, 1, 1.0);
    const double flops = double(count) * flops_of(n);
    row(ex, sentence(n.name, " restoration"), name, count, flops, double(count), [&] { step.launch_restoration(); });
    row(ex, sentence(n.name, " training"), name, count, 3 * flops, double(count), [&] { step.launch(); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    for (int i = 1; i < argc; i += 2)
      if (i + 1 < argc && std::strcmp(argv[i], "--seconds") == 0)
        seconds_of_each = std::atof(argv[i + 1]);
      else if (i + 1 < argc && std::strcmp(argv[i], "--only") == 0)
        only = argv[i + 1];
      else if (i + 1 < argc && std::strcmp(argv[i], "--early-launches") == 0)
        early_launches = std::atoi(argv[i + 1]) != 0;
      else
        throw InputError("usage: device_benchmark [--seconds S] [--only TEXT] [--early-launches 1]");
    const Convolution convolutions[] = {{"3x3 64 on 14x14", 72, 14, 64, 64, 3},
                                        {"3x3 64 on 14x14", 2304, 14, 64, 64, 3},
                                        {"11x11 1 to 128 on 14x14", 72, 14, 1, 128, 11},
                                        {"5x5 256 on 16x16", 16, 16, 256, 256, 5},
                                        {"5x5 256 on 32x32", 8, 32, 256, 256, 5}};
    const Network networks[] = {{"small", {.t = 9, .h = 14, .w = 14, .f = 1}, 16, 3, 11, 5, {8}},
                                {"rotated_mnist", {.t = 9, .h = 14, .w = 14, .f = 1}, 64, 3, 11, 13, {8, 64, 256}},
                                {"scanned_cifar10", {.t = 4, .h = 16, .w = 16, .f = 3}, 256, 5, 7, 13, {4, 32}},
                                {"ucf101", {.t = 4, .h = 32, .w = 32, .f = 3}, 256, 5, 7, 13, {2, 8}}};
    std::printf("what,precision,frames or videos,microseconds,TFLOP/s,videos/s\n");
    for (const auto& [name, precision] : precisions) {
      Cuda ex(precision);
      ex.early_launches = early_launches;
      for (const Convolution& c : convolutions) run_convolution(c, name, ex);
      for (const Index channels : {16, 64}) run_recurrence(channels, name, ex);
      for (const Network& n : networks) run_network(n, name, ex);
    }
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "device_benchmark: %s\n", e.what());
    return 1;
  }
}
