// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Convolutions, one layer at a time, and whole networks: a training step (forward, adjoint, clipped Adam) and a
// restoration; each with direct products and with those of the executor's policies that change something. Counters:
//   GFLOP/s     two operations for each multiply-add of a convolution by its definition, counting those that meet the
//               zero boundary
//   peak        that as a share of this machine's measured peak of float; policies with fewer or shorter products may
//               exceed it
//   videos/s    of whole networks
//   MiB         what the network's plan holds for every step

#include <benchmark/benchmark.h>

#include <memory>

#include "machine_peak.hpp"
#include "masked_sample.hpp"
#include "products.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace {

using namespace videoonenet;
using benchmarks::all_products, benchmarks::has_effect, benchmarks::MaskedSample, benchmarks::Products;

void count_work(benchmark::State& state, double flops, int threads) {
  const auto rate = [&](double amount) {
    return benchmark::Counter(amount * double(state.iterations()), benchmark::Counter::kIsRate);
  };
  state.counters["GFLOP/s"] = rate(flops * 1e-9);
  state.counters["peak"] = rate(flops / benchmarks::machine_peak(threads).float_flops);
}

// Convolutions

struct Convolution {
  Index frames, extent, in, out, kernel;

  Conv2dGeometry geometry() const {
    return Conv2d<float>{.in = in, .out = out, .kernel = kernel}.geometry(
        {.t = frames, .h = extent, .w = extent, .f = in});
  }
};

enum class Direction { forward, input_gradient, kernel_gradient };

void run_convolution(benchmark::State& state, const Convolution& c, Direction direction, Products products) {
  const Cpu ex{.threads = static_cast<int>(state.range(0)), .products = products};
  const Conv2dGeometry g = c.geometry();
  Buffer<float> x(g.x_size()), y(g.y_size()), kernel(g.kernel_size()), scratch(conv2d_scratch_size<float>(ex, g));
  Random random(1);
  for (auto* array : {&x, &y, &kernel}) random.fill_normal(array->span());
  for (auto _ : state) {
    if (direction == Direction::forward)
      conv2d_forward(ex, g, x.span(), kernel.span(), {}, Accumulate::overwrite, y.span(), scratch.span());
    else if (direction == Direction::input_gradient)
      conv2d_input_gradient(ex, g, y.span(), kernel.span(), x.span(), scratch.span());
    else
      conv2d_kernel_gradient(ex, g, x.span(), y.span(), kernel.span(), scratch.span());
    benchmark::ClobberMemory();
  }
  count_work(state, 2.0 * double(g.y_size() * c.kernel * c.kernel * c.in), ex.threads);
}

// Networks

struct Network {
  const char* name;
  Shape video;
  Index filters, kernel_encoder, kernel_decoder;
  int iterations;
  Index batch;

  /// Most of its work.
  Conv2dGeometry hidden_layer() const {
    return Convolution{video.t, video.h, filters, filters, kernel_encoder}.geometry();
  }
};

/// The sizes of the papers (SPEC §4), and the small one of the shipped weights.
const Network networks[] = {
    {"small", {.t = 9, .h = 14, .w = 14, .f = 1}, 16, 3, 11, 5, 8},
    {"rotated_mnist", {.t = 9, .h = 14, .w = 14, .f = 1}, 64, 3, 11, 13, 8},
    {"scanned_cifar10", {.t = 4, .h = 16, .w = 16, .f = 3}, 256, 5, 7, 13, 4},
    {"ucf101", {.t = 4, .h = 32, .w = 32, .f = 3}, 256, 5, 7, 13, 2},
};

ModelOptions options_of(const Network& n) {
  ModelOptions o = named_model("videoonenet-bcrnn");
  o.channels = n.video.f;
  o.filters = n.filters;
  o.kernel_encoder = n.kernel_encoder;
  o.kernel_decoder = n.kernel_decoder;
  o.iterations = n.iterations;
  return o;
}

/// Operations of one video forward: the convolutions of both nets; the adjoint takes twice as many.
double flops_of(const Network& n) {
  const auto net = [&](double in, double out) {
    const double c = double(n.filters), k = double(n.kernel_encoder * n.kernel_encoder);
    return k * c * (in + 2 * c) + 4 * k * c * c + double(n.kernel_decoder * n.kernel_decoder) * 2 * c * out;
  };
  const double f = double(n.video.f), pixels = double(n.video.t * n.video.h * n.video.w);
  return 2 * pixels * n.iterations * (net(2 * f, f) + net(7 * f, 2 * f));
}

void run_training_step(benchmark::State& state, const Network& n, const Backward& backward, Products products) {
  const Cpu ex{.threads = static_cast<int>(state.range(0)), .products = products};
  const Model<float> model(options_of(n));
  auto weights = initial_parameters<float>(model.parameters(), 1);
  Buffer<float> gradient(weights.size());
  std::vector<std::unique_ptr<MaskedSample>> samples;
  for (Index i = 0; i < n.batch; ++i) samples.push_back(std::make_unique<MaskedSample>(model, n.video));
  BatchGradient<Model<float>> batch_gradient(ex, model, n.video, {.size = n.batch, .backward = backward});
  const Adam adam;
  Buffer<float> moments(weights.size() * std::ssize(adam.state_names));
  Index step = 0;
  for (auto _ : state) {
    batch_gradient(weights.span(), samples, gradient.span());
    clip_global_norm(ex, 1.0, gradient.span());
    adam.update(ex, ++step, 1.0, gradient.span(), moments.span(), weights.span());
    benchmark::ClobberMemory();
  }
  count_work(state, 3 * double(n.batch) * flops_of(n), ex.threads);
  state.counters["videos/s"] = benchmark::Counter(double(n.batch * state.iterations()), benchmark::Counter::kIsRate);
  state.counters["MiB"] = double(batch_gradient.bytes()) / (1 << 20);
}

/// Videos side by side, one a thread.
void run_restoration(benchmark::State& state, const Network& n, Products products) {
  const Cpu ex{.threads = static_cast<int>(state.range(0)), .products = products}, one = ex.with_threads(1);
  const Model<float> model(options_of(n));
  const auto weights = initial_parameters<float>(model.parameters(), 1);
  struct Worker {
    decltype(model.plan_restoration(one, n.video)) planned;
    MaskedSample sample;
    Tensor<float> z;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < ex.threads; ++i)
    workers.emplace_back(new Worker{model.plan_restoration(one, n.video), {model, n.video}, Tensor<float>(n.video)});
  for (auto _ : state) {
    parallel_ranges(ex, n.batch, [&](Index worker, Index begin, Index end) {
      Worker& w = *workers[static_cast<std::size_t>(worker)];
      for (Index i = begin; i < end; ++i)
        model.forward(one, weights.span(), w.sample.bound(), w.planned.cache, w.z.view());
    });
    benchmark::ClobberMemory();
  }
  count_work(state, double(n.batch) * flops_of(n), ex.threads);
  state.counters["videos/s"] = benchmark::Counter(double(n.batch * state.iterations()), benchmark::Counter::kIsRate);
  state.counters["MiB"] = double(ex.threads * workers[0]->planned.bytes()) / (1 << 20);
}

template <class Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
}

const int registered = [] {
  constexpr std::pair<const char*, Direction> directions[] = {{"forward", Direction::forward},
                                                              {"input_gradient", Direction::input_gradient},
                                                              {"kernel_gradient", Direction::kernel_gradient}};
  for (const Convolution& c : {Convolution{72, 14, 16, 16, 3},
                               {72, 14, 64, 64, 3},
                               {9, 14, 64, 64, 3},
                               {1, 14, 64, 64, 3},
                               {16, 16, 256, 256, 5},
                               {72, 14, 1, 32, 11}})
    for (const auto& [name, direction] : directions)
      for (const auto& [products, policy] : all_products)
        if (has_effect(products, c.geometry()))
          add(sentence("convolution/", c.kernel, "x", c.kernel, "/", c.in, "to", c.out, "/", c.frames, "x", c.extent,
                       "x", c.extent, "/", name, "/", policy),
              [=](auto& state) { run_convolution(state, c, direction, products); });
  for (const Network& n : networks)
    for (const auto& [products, policy] : all_products) {
      if (!has_effect(products, n.hidden_layer())) continue;
      add(sentence("training_step/", n.name, "/store/", policy),
          [=](auto& state) { run_training_step(state, n, Backward::store(), products); });
      add(sentence("training_step/", n.name, "/checkpoint:4/", policy),
          [=](auto& state) { run_training_step(state, n, Backward::checkpoint(4), products); });
      add(sentence("restoration/", n.name, "/", policy), [=](auto& state) { run_restoration(state, n, products); });
    }
  return 0;
}();

}  // namespace

BENCHMARK_MAIN();
