// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// restore: one video or image, degraded by a chosen problem or already measured, and restored.

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/figure.hpp"
#include "support/measurement_picture.hpp"
#include "support/method.hpp"
#include "support/operator_file.hpp"
#include "support/program.hpp"
#include "support/video_input.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/metrics/ssim.hpp"

namespace {

using namespace videoonenet;
using namespace program;
namespace fs = std::filesystem;

struct Options {
  InputOptions input;
  ProblemOptions problem;
  Method method;
  std::string measurement, operator_file, output;
  int threads = 2;
  std::string device = "cpu";
  std::uint64_t seed = 0;
  bool quiet = false;
};

/// A problem with everything known about it.
struct Task {
  ProblemChain chain;
  Buffer<float> y;
  std::optional<Tensor<float>> truth;
  double frames_per_second = 10;
};

void add_options(CLI::App& app, Options& o) {
  app.add_option(
      "--input", o.input.path,
      "video, folder of pictures, picture, .npy of (T,H,W,F) or (H,W,F) in [0,1], synthetic[:texture|strokes]");
  app.add_option("--frames", o.input.frames, "frames to take [all; synthetic: 16]")->check(CLI::PositiveNumber);
  app.add_option("--start", o.input.start, "first frame")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--size", o.input.size, "resize to HxW pixels [as stored; synthetic: 96x128]");
  app.add_flag("--gray", o.input.gray, "one grey channel");
  app.add_option("--problem", o.problem.problems,
                 "problem key, or key:ratio; several are chained, the first is applied first")
      ->capture_default_str();
  app.add_option("--ratio", o.problem.ratio, "ratio of the problems that have one [the problem's own]");
  app.add_option("--noise", o.problem.noise,
                 "standard deviation of the measurement noise [0.1 for pixel_inpaint, else 0]")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--kernel", o.problem.kernel, ".npy file with the blur kernel (rows x columns)");
  app.add_option("--measurement", o.measurement, "restore this .npy measurement instead of --input and --problem");
  app.add_option("--operator", o.operator_file, "operator.safetensors of --measurement");
  app.add_option("--method", o.method.name, "least_squares, tikhonov, wavelet, tv, wiener or bicubic")
      ->capture_default_str();
  add_method_options(app, o.method);
  app.add_option("--output", o.output, "folder for the results, made if it does not exist")->required();
  app.add_option("--threads", o.threads, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--device", o.device, "cpu")->check(CLI::IsMember({"cpu"}))->capture_default_str();
  app.add_option("--seed", o.seed, "seed of everything that is drawn")->capture_default_str();
  app.add_flag("--quiet", o.quiet, "no progress bar");
}

Task make_task(const Cpu& ex, const Options& o) {
  Task task;
  if (!o.measurement.empty() || !o.operator_file.empty()) {
    if (o.measurement.empty() || o.operator_file.empty() || !o.input.path.empty())
      throw InputError("--measurement and --operator go together and replace --input and --problem");
    task.chain = load_operator(o.operator_file);
    task.y = Buffer<float>(std::span<const float>(read_npy<float>(o.measurement).flat()));
    return task;
  }
  if (o.input.path.empty()) throw InputError("--input is missing (or --measurement with --operator)");
  VideoInput input = read_input(ex, o.input, o.seed);
  task.frames_per_second = input.frames_per_second;
  task.chain = draw_chain(ex, o.problem, input.video.shape(), o.seed);
  const auto a = task.chain.chain();
  task.y = measure_chain(ex, task.chain, a, input.video.flat(), o.seed);
  task.truth = std::move(input.video);
  return task;
}

/// A score for JSON, which has no infinity: null.
nlohmann::json finite(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

template <class A>
void restore_and_write(const Cpu& ex, const Options& o, const Task& task, const A& a) {
  require_size(task.y.size(), Shape(a.range()).size(), "restore", "the measurement");
  const Shape shape = a.domain();
  Progress progress(o.method.name, o.method.iterations, "iterations", o.quiet);
  const Stopwatch watch;
  const Restoration r = restore(ex, o.method, a, std::span<const float>(task.y.span()),
                                [&](const AdmmResiduals&) { progress.advance(); });
  const double seconds = watch.seconds();
  for (float v : r.video.flat())
    if (!std::isfinite(v)) throw NumericalError("the restored video is not finite");

  const fs::path folder = o.output;
  const View<const float> restored = r.video.view();
  if (task.truth) write_npy(folder / "truth.npy", task.truth->view());
  const std::vector<Index> flat{task.y.size()};
  write_npy<float>(folder / "measurement.npy", task.y.span(), flat);
  save_operator(folder / "operator.safetensors", task.chain, shape, o.seed);
  write_npy(folder / "restored.npy", restored);

  Buffer<float> again(task.y.size());
  a.apply(ex, restored.flat(), again.span());
  const double y_norm = std::sqrt(squared_norm(ex, std::span<const float>(task.y.span())));
  const double misfit = std::sqrt(squared_distance(ex, std::span<const float>(again.span()), task.y.span()));
  nlohmann::ordered_json metrics{{"problem", task.chain.key()}, {"method", o.method.name}};
  if (task.truth) {
    metrics["psnr"] = finite(psnr(ex, restored, task.truth->view()));
    metrics["ssim"] = finite(ssim(ex, restored, task.truth->view()));
    metrics["nmse"] = finite(nmse(ex, restored, task.truth->view()));
  }
  metrics["iterations"] = r.iterations;
  metrics["primal_residual"] = r.primal_residual;
  metrics["data_residual"] = y_norm > 0 ? misfit / y_norm : misfit;
  metrics["solver_converged"] = r.solve.converged;
  metrics["seconds"] = seconds;
  metrics["peak_rss_mib"] = peak_rss_mib();
  metrics["shape"] = {Index(shape.t), Index(shape.h), Index(shape.w), Index(shape.f)};
  metrics["rho"] = o.method.rho;
  metrics["lambda"] = o.method.prior_weight();
  metrics["seed"] = o.seed;
  write_text(folder / "metrics.json", metrics.dump(2) + "\n");

  if (shape.f == 1 || shape.f == 3) {
    const auto frames = figure::pick_frames(shape.t, 6);
    figure::Sheet sheet(cv::Size(int(shape.w), int(shape.h)), 180);
    if (task.truth) sheet.row("", {figure::strip("truth", task.truth->view(), frames)});
    const Tensor<float> measured = measurement_picture(ex, a, task.y.span());
    sheet.row("", {figure::strip("measurement: " + task.chain.key(), measured.view(), frames)});
    char caption[96];
    std::snprintf(caption, sizeof caption, task.truth ? "restored: %s, %.2f dB" : "restored: %s", o.method.name.c_str(),
                  task.truth ? psnr(ex, restored, task.truth->view()) : 0.0);
    sheet.row("", {figure::strip(caption, restored, frames)});
    sheet.write(folder / "comparison.png");
    if (shape.t > 1)
      write_mp4(folder / "restored.mp4", restored,
                {.frames_per_second = task.frames_per_second,
                 .magnification = std::max<Index>(1, 128 / std::max<Index>(shape.h, 1))});
  }
  std::printf("%s %s", task.chain.key().c_str(), o.method.name.c_str());
  if (task.truth)
    std::printf(": PSNR %.2f dB, SSIM %.4f", psnr(ex, restored, task.truth->view()),
                ssim(ex, restored, task.truth->view()));
  std::printf(", %d iterations, %.2f s; written to %s\n", r.iterations, seconds, folder.c_str());
}

void run_restore(const Options& o) {
  const Cpu ex{.threads = o.threads};
  require_method(o.method.name);
  const Task task = make_task(ex, o);
  std::error_code error;
  fs::create_directories(o.output, error);
  if (!fs::is_directory(o.output))
    throw InputError(sentence("--output ", o.output, " cannot be made a folder (", error.message(), ")"));
  // A single problem keeps its structure, and with it its exact data step.
  if (task.chain.problems.size() == 1)
    restore_and_write(ex, o, task, task.chain.problems[0].a);
  else
    restore_and_write(ex, o, task, task.chain.chain());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Restores a video or an image from a simulated or given measurement.", "restore"};
  Options options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_restore(options); });
}
