// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// restore: one video or image, degraded by a chosen problem or already measured, and restored.

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/device.hpp"
#include "support/network_method.hpp"
#include "support/operator_file.hpp"
#include "support/pictures.hpp"
#include "support/program.hpp"
#include "support/restoration.hpp"
#include "support/scores.hpp"
#include "support/video_input.hpp"
#include "videoonenet/io/npy.hpp"

namespace {

using namespace videoonenet;
using namespace program;
namespace fs = std::filesystem;

struct Options {
  InputOptions input;
  ProblemOptions problem;
  Method method;
  std::optional<Index> memory_mib;  ///< of the network
  std::string measurement, operator_file, output;
  std::vector<Option> simulation;  ///< what --measurement and --operator replace
  RunOptions run;
};

/// A problem with everything known about it.
struct Task {
  ProblemChain chain;
  Buffer<float> y;
  std::optional<Tensor<float>> truth{};
  double frames_per_second = 10;
};

void add_options(CommandLine& app, Options& o) {
  app.group("Input");
  o.simulation = {
      app.add_option("--input", o.input.path,
                     "video, folder of pictures, picture, .npy of (T,H,W,F) or (H,W,F) with values in [0,1], "
                     "synthetic[:texture|strokes]")
          .type_name("PATH"),
      app.add_option("--frames", o.input.frames, "frames to take [all; synthetic: 16]")
          .type_name("T")
          .check(whole<Index>(1)),
      app.add_option("--start", o.input.start, "first frame to take, counted from 0")
          .type_name("N")
          .check(whole<Index>(0, 1 << 30))
          .capture_default_str(),
      app.add_option("--size", o.input.size, "resize to this many pixels [as stored; synthetic: 96x128]")
          .type_name("HxW"),
      app.add_flag("--gray", o.input.gray, "one grey channel [three: R, G, B]")};

  app.group("Problem");
  o.simulation.insert(
      o.simulation.end(),
      {app.add_option("--problem", o.problem.problems,
                      "key, key:ratio or key:ratio@noise of the problem; several, with commas or spaces between, are "
                      "chained, the first is applied first: " +
                          known_problems())
           .type_name("KEY")
           .delimiter(',')
           .capture_default_str(),
       app.add_option("--ratio", o.problem.ratio,
                      "ratio of the problems that have one: kept over all entries or frames, dropped over all frames "
                      "(frame_prediction), box over height, 1 over the subsampling factor [the problem's own]")
           .type_name("X")
           .check(number("a number above 0 and at most 1", [](double v) { return v > 0 && v <= 1; })),
       app.add_option("--noise", o.problem.noise,
                      "standard deviation of the measurement noise, where white is 1 [0.1 for pixel_inpaint, else 0]")
           .type_name("X")
           .check(non_negative()),
       app.add_option(
              "--kernel", o.problem.kernel,
              ".npy of rows x columns, the kernel of the first disk_blur, motion_blur or strided_blur [its own]")
           .type_name("PATH")});
  app.add_option("--measurement", o.measurement, ".npy to restore instead of measuring --input by --problem")
      .type_name("PATH");
  app.add_option("--operator", o.operator_file,
                 "how --measurement was measured: an operator.safetensors of restore, or a dense matrix (d x n) with "
                 "metadata key=dense and shape=T,H,W,F")
      .type_name("PATH");

  app.group("Method");
  app.add_option("--method", o.method.name,
                 "least_squares (pinv(A) y), tikhonov, wavelet, tv, wiener, bicubic or network; or a weights file")
      .type_name("NAME")
      .capture_default_str();
  add_method_options(app, o.method);
  app.add_option(
         "--memory", o.memory_mib,
         "most memory of a network, the video and the factors of a data step aside; it is then applied to tiles "
         "that are small enough, instead of --tile [whole videos] [MiB]")
      .type_name("N")
      .check(whole<Index>(1, Index(1) << 30));
  add_window_options(app, o.method.windows);

  app.group("Run");
  app.add_option("--output", o.output,
                 "folder for truth.npy, measurement.npy, operator.safetensors, restored.npy, metrics.json, "
                 "comparison.png and restored.mp4; made if it does not exist")
      .type_name("DIR")
      .required();
  add_run_options(app, o.run, "everything that is drawn", device_names());
  add_pictures_option(app, o.run, "comparison.png and restored.mp4");
  app.footer(
      "Exit codes: 0 done, 1 failed while running, 2 bad usage or bad input.\n"
      "Example: restore --input clip.mp4 --size 240x320 --frames 16 --problem super_resolution:0.25 --method tv "
      "--output out");
}

Task make_task(const Cpu& ex, const Options& o) {
  if (!o.measurement.empty() || !o.operator_file.empty()) {
    if (o.measurement.empty() || o.operator_file.empty())
      throw InputError("--measurement and --operator go together, but only one of them is given");
    for (const Option& option : o.simulation)
      if (option.is_given())
        throw InputError(sentence("--measurement replaces ", option.name(), ", but both are given"));
    ProblemChain chain = load_operator(o.operator_file);
    return {std::move(chain), Buffer<float>(std::span<const float>(read_npy<float>(o.measurement).flat()))};
  }
  if (o.input.path.empty()) throw InputError("--input is missing (or --measurement with --operator)");
  VideoInput input = read_input(ex, o.input, o.run.seed);
  ProblemChain chain = draw_chain(ex, o.problem, input.video.shape(), o.run.seed);
  Buffer<float> y = measure_chain(ex, chain, input.video.flat(), o.run.seed);
  return {std::move(chain), std::move(y), std::move(input.video), input.frames_per_second};
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}
/// A score for JSON, which has no infinity: null.
nlohmann::json finite(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

/// The method for this video: told its noise, and a network on tiles that fit --memory.
/// Errors: InputError when the network cannot restore it.
Method prepared(const Cpu& ex, const Options& o, const Method& chosen, const Task& task, Shape shape) {
  Method method = for_noise(chosen, task.chain.noise_sigma.value_or(0));
  if (!method.network) {
    method.require_video(ex, shape);
    return method;
  }
  const auto warm = method.windows.stream().warm.value_or(WarmStart{});
  const StreamWindows windows = method.windows.of(shape);
  shape.t = windows.size;
  const Index hop = warm.recurrent ? windows.hop : 0;
  if (o.memory_mib) method.network = method.network->within(ex, shape, hop, *o.memory_mib << 20);
  method.network->require_video(ex, shape, hop);
  return method;
}

/// Steps of a progress bar: tiles of all nets, or iterations at most, in all windows.
long steps(const Method& method, Shape shape) {
  const StreamWindows windows = method.windows.of(shape);
  shape.t = windows.size;
  return windows.count() * (method.network ? method.network->model().tiles(shape) : Index(method.iterations));
}

/// metrics.json.
void write_metrics(const Cpu& ex, const Options& o, const Method& method, const Task& task, const Restoration& r,
                   const std::optional<Scores>& scores, double seconds) {
  const Shape shape = r.video.shape();
  nlohmann::ordered_json metrics{{"problem", task.chain.key()}, {"method", method.name}};
  if (const std::string path = method.weights_path(); !path.empty()) metrics["weights"] = path;
  metrics["psnr"] = scores ? finite(scores->psnr) : nullptr;
  metrics["ssim"] = scores ? finite(scores->ssim) : nullptr;
  metrics["nmse"] = scores ? finite(scores->nmse) : nullptr;
  metrics["iterations"] = r.iterations;
  metrics["primal_residual"] = r.primal_residual;
  metrics["data_residual"] = data_residual(ex, task.chain.a, r.video.flat(), task.y.span());
  metrics["seconds"] = seconds;
  metrics["peak_rss_mib"] = peak_rss_mib();
  metrics["shape"] = {Index(shape.t), Index(shape.h), Index(shape.w), Index(shape.f)};
  metrics["rho"] = number_or_null(method.effective_rho());
  metrics["lambda"] = number_or_null(method.effective_lambda());
  metrics["seed"] = o.run.seed;
  write_text(fs::path(o.output) / "metrics.json", metrics.dump(2) + "\n");
}

/// comparison.png, and restored.mp4 of more than one frame.
void write_pictures(const Cpu& ex, const fs::path& folder, const Method& method, const Task& task, const Restoration& r,
                    const std::optional<Scores>& scores) {
  const View<const float> restored = r.video.view();
  Sheet sheet{.height = restored.shape.h, .width = restored.shape.w, .target_height = 180};
  const auto row = [&](const std::string& caption, View<const float> video) {
    sheet.rows.push_back({"", {strip(caption, video, 6)}});
  };
  if (task.truth) row("truth", task.truth->view());
  const Tensor<float> measured = measurement_picture(ex, task.chain.a, task.y.span());
  row("measurement: " + task.chain.key(), measured.view());
  char caption[96];
  std::snprintf(caption, sizeof caption, scores ? "restored: %s, %.2f dB" : "restored: %s", method.label().c_str(),
                scores ? scores->psnr : 0.0);
  row(caption, restored);
  pictures().write_sheet(folder / "comparison.png", sheet);
  if (restored.shape.t > 1) pictures().write_clip(folder / "restored.mp4", restored, task.frames_per_second);
}

void restore_and_write(const Cpu& ex, const Options& o, const Method& chosen, const Task& task,
                       std::optional<Progress>& progress) {
  const AnyOperator& a = task.chain.a;
  require_size(task.y.size(), a.range().size(), "restore", "the measurement");
  const Shape shape = a.domain();
  const Method method = prepared(ex, o, chosen, task, shape);
  progress.emplace(method.name, steps(method, shape), method.network ? "tiles" : "iterations", o.run.quiet);
  const Stopwatch watch;
  const Restoration r =
      restore(o.run, ex, method, a, task.y.span(), [&](const AdmmResiduals&) { progress->advance(); });
  const double seconds = watch.seconds();
  progress.reset();
  for (float v : r.video.flat())
    if (!std::isfinite(v)) throw NumericalError("the restored video is not finite");

  if (!r.solve.converged && !o.run.quiet)
    std::fprintf(stderr, "restore: note: the data step stopped at a relative residual of %.1e after %d iterations\n",
                 r.solve.relative_residual, r.solve.iterations);

  const Uninterrupted whole_set;
  const fs::path folder = o.output;
  std::optional<Scores> scores;
  if (task.truth) scores = scores_of(ex, r.video.view(), task.truth->view());
  if (task.truth) write_npy(folder / "truth.npy", task.truth->view());
  const std::vector<Index> flat{task.y.size()};
  write_npy<float>(folder / "measurement.npy", task.y.span(), flat);
  save_operator(folder / "operator.safetensors", task.chain, shape);
  write_npy(folder / "restored.npy", r.video.view());
  write_metrics(ex, o, method, task, r, scores, seconds);
  // What an earlier run left and this one does not write would show another video.
  if (o.run.no_pictures) fs::remove(folder / "comparison.png");
  if (o.run.no_pictures || shape.t == 1) fs::remove(folder / "restored.mp4");
  if (!o.run.no_pictures) write_pictures(ex, folder, method, task, r, scores);
  std::printf("%s %s", task.chain.key().c_str(), method.label().c_str());
  if (scores) std::printf(": PSNR %.2f dB, SSIM %.4f", scores->psnr, scores->ssim);
  std::printf(", %d iterations, %.2f s; written to %s\n", r.iterations, seconds, folder.c_str());
}

void run_restore(const Options& o) {
  const Cpu ex = o.run.executor();
  std::optional<Progress> progress;
  Method asked = o.method;
  asked.on_tile = [&] {
    if (progress) progress->advance();
  };
  static_cast<void>(asked.windows.stream());  // refuses what does not go together
  const Method method = named_method(asked, o.method.name);
  if (method.name != "network" && (!o.method.weights.empty() || !o.method.tile.empty() || o.memory_mib))
    throw InputError(
        sentence("--weights, --tile and --memory are for the method network, but the method is ", method.name));
  const char* whole = method.projector     ? "a projector"
                      : method.inverse_net ? "an InverseNet"
                      : method.inf_admm    ? "the networks of Inf-ADMM"
                                           : nullptr;
  if (whole && (!o.method.tile.empty() || o.memory_mib))
    throw InputError(sentence("--tile and --memory are not for ", whole, ", which take whole frames"));
  if (o.memory_mib && !o.method.tile.empty())
    throw InputError("--memory chooses the tiles, but --tile is given as well");
  if (method.windows.frames && method.name != "network" && method.name != "wavelet" && method.name != "tv")
    throw InputError(sentence("--window is for the methods network, wavelet and tv, but the method is ", method.name));
  if (method.projector && o.method.lambda) throw InputError("--lambda is not for a projector, which has no weight");
  if ((method.inverse_net || method.inf_admm) && method.windows.frames)
    throw InputError(sentence("--window is not for ", whole, ", to which every frame is one of its own"));
  if ((method.network || method.inverse_net || method.inf_admm) && (o.method.rho || o.method.lambda))
    throw InputError("--rho and --lambda are not for networks, which bring their own with the weights");
  const Task task = make_task(ex, o);
  std::error_code error;
  fs::create_directories(o.output, error);
  if (!fs::is_directory(o.output))
    throw InputError(sentence("--output \"", o.output, "\" cannot be made a folder (", error.message(), ")"));
  for (const char* name : {"truth.npy", "measurement.npy", "operator.safetensors", "restored.npy", "metrics.json",
                           "comparison.png", "restored.mp4"})
    require_writable(fs::path(o.output) / name);
  restore_and_write(ex, o, method, task, progress);
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine app{"Degrades a video or an image by a chosen problem and restores it, or restores a given measurement.",
                  "restore"};
  Options options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_restore(options); });
}
