// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// One application of every structured data step, (AᵀA + ρI)⁻¹ b with its factor at hand, beside the product with a
// dense n × n matrix that the papers use in its place. Counters:
//   GFLOP/s, GB/s   the work the structure asks for, by the formulas below
//   peak            that as a share of this machine's measured peak, whichever of the two is nearer to its limit
//   vs_dense        time of the dense product over this time, same number of threads
//   held_MB         memory the solver holds after a solve, without its operator
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <Eigen/Dense>
#include <memory>
#include <string>

#include "machine_peak.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

using namespace videoonenet;
using namespace videoonenet::benchmarks;

namespace {

constexpr Shape ucf101{.t = 4, .h = 32, .w = 32, .f = 3};
constexpr Shape rotated_mnist{.t = 9, .h = 14, .w = 14, .f = 1};

/// What one application needs: operations by precision, and bytes of inputs, outputs and factors touched once a pass.
struct Work {
  double float_flops = 0, double_flops = 0, bytes = 0;
};

Buffer<float> random_values(Index size, std::uint64_t seed) {
  Buffer<float> values(size);
  Random random(seed);
  random.fill_normal(values.span());
  return values;
}

/// Bytes the allocator has handed out.
Index live_bytes() {
  const auto info = mallinfo2();
  return static_cast<Index>(info.uordblks + info.hblkhd);
}

/// The baseline: z = M b with a dense n × n float matrix.
class DenseProduct {
 public:
  explicit DenseProduct(Index n) : matrix_(n, n), b_(n), z_(n) {
    matrix_.setConstant(1.f / float(n));
    b_.setOnes();
  }
  void apply(int threads) {
    const Index n = matrix_.rows(), rows = (n + threads - 1) / threads;
    cpu::parallel_for(Cpu{threads}, threads, [&](Index t) {
      const Index begin = std::min(n, t * rows), count = std::min(rows, n - begin);
      z_.segment(begin, count).noalias() = matrix_.middleRows(begin, count) * b_;
    });
    benchmark::DoNotOptimize(z_.data());
  }
  Index bytes() const { return matrix_.size() * Index(sizeof(float)); }

  /// Seconds of one product, measured once for each size and number of threads.
  static double time(Index n, int threads) {
    static std::map<std::pair<Index, int>, double> times;
    const auto found = times.find({n, threads});
    if (found != times.end()) return found->second;
    DenseProduct product(n);
    Eigen::setNbThreads(1);
    return times[{n, threads}] = best_time([&] { product.apply(threads); });
  }

 private:
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> matrix_;
  Eigen::VectorXf b_, z_;
};

/// Times `apply` and states its counters.
template <class Apply>
void measure(benchmark::State& state, const Work& work, Index n, Index held, Apply&& apply) {
  const int threads = int(state.range(0));
  MachinePeak& peak = machine_peak(threads);
  const double dense = DenseProduct::time(n, threads), bandwidth = peak.bandwidth(Index(work.bytes));
  const double begin = seconds();
  for (auto _ : state) apply();
  const double time = (seconds() - begin) / double(state.iterations());
  state.counters["GFLOP/s"] = (work.float_flops + work.double_flops) / time * 1e-9;
  state.counters["GB/s"] = work.bytes / time * 1e-9;
  state.counters["peak"] =
      std::max(work.float_flops / peak.float_flops + work.double_flops / peak.double_flops, work.bytes / bandwidth) /
      time;
  state.counters["vs_dense"] = dense / time;
  state.counters["held_MB"] = double(held) * 1e-6;
}

void dense_product(benchmark::State& state, Index n) {
  const int threads = int(state.range(0));
  DenseProduct product(n);
  Eigen::setNbThreads(1);
  measure(state, {.float_flops = 2.0 * double(n) * double(n), .bytes = double(product.bytes())}, n, product.bytes(),
          [&] { product.apply(threads); });
}

template <class A>
void data_step(benchmark::State& state, const std::shared_ptr<const A>& a, const Work& work) {
  const Cpu ex{.threads = int(state.range(0))};
  const Index n = Shape(a->domain()).size();
  const Buffer<float> b = random_values(n, 1);
  Buffer<float> z(n);
  const Index before = live_bytes();
  NormalSolver<A> solver(ex, *a);
  solver.solve(ex, 0.3f, b.span(), z.span());
  const Index held = live_bytes() - before;
  measure(state, work, n, held, [&] {
    solver.solve(ex, 0.3f, b.span(), z.span());
    benchmark::DoNotOptimize(z.data());
  });
}

template <class A>
void add(const std::string& name, A a, const Work& work) {
  auto shared = std::make_shared<const A>(std::move(a));
  benchmark::RegisterBenchmark(name.c_str(), [shared, work](benchmark::State& s) { data_step(s, shared, work); })
      ->Arg(1)
      ->Arg(2)
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}

/// Operations of one application of a filter of `taps` taps and of its adjoint.
double filter_flops(Index taps, const Shape& range) { return 4.0 * double(taps) * double(range.size()); }

void add_all(const std::string& set, const Shape& s) {
  const auto name = [&](const char* step) { return set + "/" + step; };
  const double n = double(s.size()), pass = n * sizeof(float), pixels = double(s.h * s.w);
  Buffer<float> mask(s.size());
  Random random(1);
  for (float& m : mask) m = random.uniform() < 0.5;
  add(name("pixel_inpaint"), Mask<float>(s, mask), {.float_flops = 2 * n, .bytes = 3 * pass});
  add(name("super_resolution"), BoxDownsample<float>(s, 2), {.float_flops = 4 * n, .bytes = 3 * pass});
  if (s.f == 3)
    add(name("colorization"), ChannelSum<float>(s, {0.299f, 0.587f, 0.114f}),
        {.float_flops = 6 * n, .bytes = 3 * pass});
  add(name("temporal_disk_blur"), TemporalBlur<float>(s, {0.25f, 0.25f, 0.25f, 0.25f}),
      {.float_flops = 2.0 * double(s.t) * n, .bytes = 2 * pass});

  const double band = double(3 * std::min(s.h, s.w) + 3), factor_bytes = pixels * band * sizeof(double);
  add(name("disk_blur"), FullBlur<float>(s, disk_kernel<float>()),
      {.double_flops = 4 * n * band, .bytes = 2 * factor_bytes + 2 * pass});
  const double motion_band = double(2 * std::min(s.h, s.w) + 2);
  add(name("motion_blur"), FullBlur<float>(s, motion_kernel_published<float>(30)),
      {.double_flops = 4 * n * motion_band, .bytes = 2 * pixels * motion_band * sizeof(double) + 2 * pass});

  const Index stride = 2;
  const Shape small{.t = s.t, .h = s.h / stride, .w = s.w / stride, .f = s.f};
  const double transforms = 8.0 * double(small.size()) * double(small.w + 2 * small.h);
  add(name("strided_blur"), StridedBlur<float>(s, gaussian_kernel<float>(3, 1), stride),
      {.float_flops = filter_flops(9, small), .double_flops = transforms, .bytes = 3 * pass});
  if (s.f == 3)
    add(name("gray_strided_blur"),
        GrayStridedBlur<float>(s, Tensor<float>(Shape{.h = 3, .w = 3, .f = 3}, random_values(27, 5).span()), stride),
        {.float_flops = filter_flops(9, small), .double_flops = transforms / 3, .bytes = 3 * pass});

  const Index spatial = (s.h * s.w + 5) / 10, rows = (s.size() + 5) / 10;
  add(name("video_compressive_sensing"),
      VideoCompressiveSensing<float>(s, spatial, random_values(spatial * s.h * s.w, 6)),
      {.double_flops = 4.0 * double(spatial) * n + 4.0 * double(spatial * spatial) * double(s.t * s.f),
       .bytes = 2.0 * double(spatial) * (pixels + double(spatial)) * sizeof(double)});
  Buffer<float> matrix = random_values(rows * s.size(), 7);
  for (float& v : matrix) v /= std::sqrt(float(rows));
  const double m = double(rows);
  add(name("compressive_sensing"), Dense<float>(s, rows, std::move(matrix)),
      {.float_flops = 4 * m * n,
       .double_flops = 4 * m * m,
       .bytes = 2 * m * n * sizeof(float) + 2 * m * m * sizeof(double)});
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const auto& [set, shape] : {std::pair("ucf101", ucf101), std::pair("rotated_mnist", rotated_mnist)}) {
    const Index n = shape.size();
    benchmark::RegisterBenchmark((std::string(set) + "/dense_product").c_str(),
                                 [n](benchmark::State& s) { dense_product(s, n); })
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
    add_all(set, shape);
  }
  for (int threads : {1, 2}) {
    MachinePeak& peak = machine_peak(threads);
    benchmark::AddCustomContext("peak_" + std::to_string(threads) + "_threads",
                                sentence(peak.float_flops * 1e-9, " GFLOP/s float, ", peak.double_flops * 1e-9,
                                         " GFLOP/s double, ", peak.bandwidth(Index(512) << 20) * 1e-9, " GB/s memory"));
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
