// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The parts of a network one at a time, forward and adjoint: what the roofline is drawn from
// (`layer_benchmark --benchmark_format=json > layers.json && roofline layers.json roofline.png`). Those under part/
// take one video of the paper's network for Rotated MNIST on one thread, as in training; those under encoder/ are fused
// layers for whole batches, as benchmarks/peers/torch_layers.py has them. Counters:
//   GFLOP/s     two operations for each multiply-add of a convolution, counting those that meet the zero boundary; of
//               elementwise parts every addition, multiplication and division of our polynomials
//   flop/byte   operational intensity: those over the bytes of arrays and weights that must come and go once
//   GB/s        these bytes
//   peak        share of what the roofline allows: measured multiply-adds, or the bandwidth of the cache that holds as
//               many bytes, whichever is nearer
#include <benchmark/benchmark.h>

#include <memory>

#include "fused_layer.hpp"
#include "machine_peak.hpp"
#include "products.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace {

using namespace videoonenet;
using namespace videoonenet::benchmarks;

struct Work {
  double flops = 0, bytes = 0;
};

/// Times `body`.
template <class Body>
void measure(benchmark::State& state, const Work& work, int threads, Body&& body) {
  MachinePeak& peak = machine_peak(threads);
  const double bandwidth = peak.bandwidth(Index(work.bytes));
  body();
  for (auto _ : state) {
    body();
    benchmark::ClobberMemory();
  }
  const auto rate = [&](double amount) {
    return benchmark::Counter(amount * double(state.iterations()), benchmark::Counter::kIsRate);
  };
  state.counters["GFLOP/s"] = rate(work.flops * 1e-9);
  state.counters["GB/s"] = rate(work.bytes * 1e-9);
  state.counters["flop/byte"] = work.flops / work.bytes;
  state.counters["peak"] = rate(std::max(work.flops / peak.float_flops, work.bytes / bandwidth));
}

template <class Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(body))->UseRealTime()->Unit(benchmark::kMicrosecond);
}

/// A layer forward and adjoint; the adjoint reads x, y's gradient and the weights, and adds to the others' gradients.
template <class L>
void add_layer(const std::string& name, const L& layer, const Shape& x, double forward_flops, double adjoint_flops) {
  const double in = double(x.size()), out = double(layer.output_shape(x).size()),
               weights = double(layer.parameter_count());
  const Work forward{forward_flops, 4 * (in + out + weights)};
  const Work adjoint{adjoint_flops, 4 * (3 * in + out + 3 * weights)};
  add(name + "/forward", [=](benchmark::State& s) {
    LayerRun<L> run(Cpu{}, layer, x);
    measure(s, forward, 1, [&] { run.forward(); });
  });
  add(name + "/adjoint", [=](benchmark::State& s) {
    LayerRun<L> run(Cpu{}, layer, x);
    run.forward();
    measure(s, adjoint, 1, [&] { run.adjoint(); });
  });
}

double convolution_flops(const Shape& x, Index kernel, Index out) {
  return 2 * double(x.size() * kernel * kernel * out);
}

// Operations for each entry, counted in core/simd_math.hpp and the layers' kernels.
constexpr double normalize_flops = 7, softplus_flops = 40, normalize_adjoint_flops = 14, sigmoid_flops = 24;

/// The parts of the net behind the data step, for one video.
void add_parts() {
  const Shape video{.t = 9, .h = 14, .w = 14, .f = 1}, input{.t = 9, .h = 14, .w = 14, .f = 7},
      features{.t = 9, .h = 14, .w = 14, .f = 64}, both{.t = 9, .h = 14, .w = 14, .f = 128};
  const double n = double(video.size()), m = double(features.size());
  const auto conv = [&](const char* name, const Shape& x, Index out, Index kernel) {
    const double flops = convolution_flops(x, kernel, out);
    add_layer(name, Conv2d<float>{.in = x.f, .out = out, .kernel = kernel}, x, flops, 2 * flops);
  };
  conv("part/convolution 3x3 7 to 64", input, 64, 3);
  conv("part/convolution 3x3 64 to 64", features, 64, 3);
  add_layer("part/norm and activation", VideoNetNorm<float>{.channels = 64}, features,
            m * (normalize_flops + softplus_flops), m * (normalize_adjoint_flops + sigmoid_flops));
  const double recurrence = 2 * convolution_flops(features, 3, 64);
  add_layer("part/recurrent layer 3x3 64", MinimalRnn<float>{.channels = 64}, features,
            recurrence + m * (sigmoid_flops + 3), 2 * recurrence + m * 10);
  const double decoder = convolution_flops(both, 11, 2);
  add_layer("part/decoder 11x11 128 to 2", ConvTranspose2d<float>{.in = 128, .out = 2, .kernel = 11}, both, decoder,
            2 * decoder);

  add("part/data step", [=](benchmark::State& s) {
    const Mask<float> a(video, Buffer<float>(video.size()));
    NormalSolver<Mask<float>> solver(Cpu{}, a);
    Buffer<float> b(video.size()), z(video.size());
    measure(s, {2 * n, 12 * n}, 1, [&] { solver.solve(Cpu{}, 0.3f, b.span(), z.span()); });
  });
  add("part/pointwise", [=](benchmark::State& s) {
    Buffer<float> aty(video.size()), x(video.size()), u(video.size()), b(video.size());
    measure(s, {3 * n, 16 * n}, 1, [&] { data_step_rhs(Cpu{}, aty.span(), 0.3f, x.span(), u.span(), b.span()); });
  });
  add("part/Adam", [=](benchmark::State& s) {
    const Index weights = 500'000;  // as many as the network has
    Buffer<float> gradient(weights), moments(2 * weights), parameters(weights);
    Index step = 0;
    measure(s, {12 * double(weights), 28 * double(weights)}, 1,
            [&] { Adam{}.update(Cpu{}, ++step, 1.0, gradient.span(), moments.span(), parameters.span()); });
  });
}

void add_encoders() {
  for (const FusedLayer& l : fused_layers)
    for (const auto& [products, name] : all_products)
      for (int threads : {1, 2}) {
        if (!has_effect(products, l.geometry())) continue;
        const Cpu ex{threads, products};
        const auto named = [&](const char* what) {
          return sentence("encoder/", l.name, "/", what, "/", name, "/threads:", threads);
        };
        const double size = double(l.video.size()), flops = convolution_flops(l.video, l.kernel, l.video.f);
        const double weights = double(l.geometry().kernel_size());
        add(named("forward"), [=](benchmark::State& s) {
          auto run = run_of(l, ex, Purpose::inference);
          measure(s, {flops, 4 * (2 * size + weights)}, threads, [&] { run.forward(); });
        });
        add(named("forward_and_adjoint"), [=](benchmark::State& s) {
          auto run = run_of(l, ex);
          measure(s, {3 * flops, 4 * (6 * size + 4 * weights)}, threads, [&] {
            run.forward();
            run.adjoint();
          });
        });
      }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  add_parts();
  add_encoders();
  MachinePeak& peak = machine_peak(1);
  benchmark::AddCustomContext("GFLOP/s", sentence(peak.float_flops * 1e-9));
  for (const auto& [name, kib] :
       {std::pair("16 KiB", 16), {"512 KiB", 512}, {"8 MiB", 8 << 10}, {"512 MiB", 512 << 10}})
    benchmark::AddCustomContext(sentence("GB/s of ", name), sentence(peak.bandwidth(Index(kib) << 10) * 1e-9));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
