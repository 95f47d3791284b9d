// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// evaluate: the papers' tables, every method on the same videos, operators and measurements.

#include <cmath>
#include <filesystem>
#include <map>

#include "support/data_options.hpp"
#include "support/figure.hpp"
#include "support/measurement_picture.hpp"
#include "support/method.hpp"
#include "support/program.hpp"
#include "support/score_table.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/metrics/ssim.hpp"

namespace {

using namespace videoonenet;
using namespace program;

struct Options {
  DataOptions data;
  std::string split = "test", csv, markdown, figure;
  std::vector<std::string> methods{"wavelet"};
  Method method;
  Index videos = 500;
  RunOptions run{.seed = 123};
};

void add_options(CLI::App& app, Options& o) {
  auto& defaults = *app.option_defaults();
  defaults.group("Data");
  add_dataset_options(app, o.data);
  app.add_option("--split", o.split, "train, validation or test")->type_name("NAME")->capture_default_str();
  app.add_option("--videos", o.videos, "videos to evaluate, spread evenly over the split")
      ->type_name("N")
      ->check(whole<Index>(1, (Index(1) << 30) - 1))
      ->capture_default_str();
  add_problems_option(app, o.data);

  defaults.group("Method");
  app.add_option(
         "--method", o.methods,
         "least_squares (pinv(A) y), tikhonov, wavelet, tv, wiener, bicubic, weights files of networks; several "
         "allowed, with commas or spaces between; a method is left out of the columns it does not suit")
      ->type_name("NAME")
      ->delimiter(',')
      ->capture_default_str();
  add_method_options(app, o.method);

  defaults.group("Run");
  app.add_option("--csv", o.csv,
                 "table to write: dataset, method, problem (with @noise where it was chosen), ratio, psnr_mean [dB], "
                 "psnr_std [dB], ssim_mean, videos, "
                 "seconds (of computing, over all videos)")
      ->type_name("PATH")
      ->required();
  app.add_option("--markdown", o.markdown, "the mean PSNRs as a table to read")->type_name("PATH");
  app.add_option("--figure", o.figure, ".png with one sample a problem and every method's result")->type_name("PATH");
  add_run_options(app, o.run, "videos, operators and noise");
  app.footer(
      "Exit codes: 0 done, 1 failed while running, 2 bad usage or bad input.\n"
      "Example: evaluate --dataset rotated_mnist --data-dir mnist --method wavelet tv --videos 200 --csv out.csv");
}

/// The random numbers of one video's problem. They depend on the problem itself and not on the list it stands in, so
/// that every run of the same seed measures the same.
Random problem_stream(const ProblemSpec& spec, std::uint64_t seed, Index video) {
  ProblemSpec named{.key = spec.key, .ratio = effective_ratio(spec)};
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (char c : to_string(named)) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  constexpr std::uint64_t apart_from_the_videos = std::uint64_t(1) << 63;
  return Random(seed, apart_from_the_videos | std::uint64_t(hash) << 31 | static_cast<std::uint64_t>(video));
}

/// One video, its operator and its measurement: a function of (seed, video, problem) alone.
struct Triplet {
  Tensor<float> truth;
  Problem<float> problem;
  Buffer<float> y;
};

Triplet draw_triplet(const Cpu& ex, const AnyDataset<float>& data, const ProblemSpec& spec, std::uint64_t seed,
                     Index video) {
  Random video_random(seed, static_cast<std::uint64_t>(video));
  Random problem_random = problem_stream(spec, seed, video);
  Triplet t{data.sample(video, video_random), draw_problem<float>(ex, spec, data.shape(), problem_random), {}};
  t.y = measure(ex, t.problem, std::span<const float>(t.truth.flat()), problem_random);
  return t;
}

struct Sample {
  double psnr = 0, ssim = 0, seconds = 0;
};

/// Scores one method on one column.
Score evaluate_column(const Options& o, const AnyDataset<float>& data, const Table1Column& column, const Method& method,
                      Index videos, Progress& progress) {
  std::vector<Sample> samples(static_cast<std::size_t>(videos));
  parallel_for(o.run.executor(), videos, [&](Index v) {
    const Cpu one = o.run.executor().with_threads(1);
    // Spread, since data sets are ordered: the first MNIST test digits are brighter than the others.
    const Triplet t = draw_triplet(one, data, column.problem, o.run.seed, v * data.size() / videos);
    const Stopwatch watch;
    const Restoration r = restore(one, for_noise(method, effective_noise_sigma(column.problem)), t.problem.a,
                                  std::span<const float>(t.y.span()));
    Sample& s = samples[static_cast<std::size_t>(v)];
    s.seconds = watch.seconds();
    s.psnr = psnr(one, r.video.view(), t.truth.view());
    s.ssim = ssim(one, r.video.view(), t.truth.view());
    progress.advance();
  });
  Score score{.dataset = o.data.dataset, .method = method.label(), .column = column.name, .problem = column.problem};
  for (const Sample& s : samples) {
    score.psnr.add(s.psnr);
    score.ssim.add(s.ssim);
    score.seconds += s.seconds;
  }
  return score;
}

/// The first video of every column with every method's result.
figure::Sheet draw_figure(const Options& o, const AnyDataset<float>& data, const std::vector<Table1Column>& columns,
                          const std::vector<Method>& methods) {
  const Cpu ex = o.run.executor();
  const Shape shape = data.shape();
  const auto frames = figure::pick_frames(shape.t, 4);
  figure::Sheet sheet(cv::Size(int(shape.w), int(shape.h)), 64);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Triplet t = draw_triplet(ex, data, columns[c].problem, o.run.seed, 0);
    const Tensor<float> measured = measurement_picture(ex, t.problem.a, std::span<const float>(t.y.span()));
    std::vector<figure::Strip> strips{figure::strip("truth", t.truth.view(), frames),
                                      figure::strip("measurement", measured.view(), frames)};
    for (const Method& m : methods) {
      if (!suits(m, t.problem.a)) continue;
      const Restoration r = restore(ex, for_noise(m, effective_noise_sigma(columns[c].problem)), t.problem.a,
                                    std::span<const float>(t.y.span()));
      char caption[64];
      std::snprintf(caption, sizeof caption, "%s %.1f dB", m.label().c_str(), psnr(ex, r.video.view(), t.truth.view()));
      strips.push_back(figure::strip(caption, r.video.view(), frames));
    }
    sheet.row(columns[c].name, strips);
  }
  return sheet;
}

/// The methods of a command line, each once.
std::vector<Method> methods_of(const Options& o) {
  std::vector<Method> methods;
  std::vector<std::string> names;
  for (const std::string& name : o.methods) {
    if (std::ranges::find(names, name) != names.end()) continue;
    names.push_back(name);
    methods.push_back(named_method(o.method, name));
    const std::string label = methods.back().label();
    if (label.find_first_of(",\"\n\r|") != std::string::npos)
      throw InputError(sentence(name, ": the network's name has a character that a table cannot hold"));
    if (std::ranges::count(methods, label, &Method::label) > 1)
      throw InputError(sentence("two methods are called ", label, "; give their files other names"));
  }
  return methods;
}

void run_evaluate(const Options& o) {
  const std::vector<Method> methods = methods_of(o);
  if (!o.figure.empty() && std::filesystem::path(o.figure).extension() != ".png")
    throw InputError(sentence("--figure is \"", o.figure, "\", expected a name that ends in .png"));
  for (const std::string& path : {o.csv, o.markdown, o.figure})
    if (!path.empty()) require_writable(path);
  const AnyDataset<float> data = open_split(o.data, parse_split(o.split), "evaluate");
  const auto columns = columns_of(o.data, data.shape());
  const Index videos = std::min(o.videos, data.size());
  if (videos < o.videos)
    std::fprintf(stderr, "evaluate: note: the split has %td videos, %td were asked for\n", videos, o.videos);

  for (const Method& method : methods)
    if (method.network) method.network->require_video(Cpu{}, data.shape());
  // One of every column first: a problem that does not fit the videos is refused before any work.
  std::map<std::string, std::vector<const Table1Column*>> suited;
  for (const Table1Column& column : columns) {
    const Triplet probe = draw_triplet(Cpu{}, data, column.problem, o.run.seed, 0);
    for (const Method& method : methods)
      if (suits(method, probe.problem.a)) suited[method.label()].push_back(&column);
  }
  if (suited.empty()) throw InputError("none of the methods suits any of the problems");

  ScoreTable table;
  for (const Method& method : methods) {
    const auto& own = suited[method.label()];
    Progress progress(method.label(), static_cast<long>(videos * std::ssize(own)), "videos", o.run.quiet);
    for (const Table1Column* column : own) {
      table.add(evaluate_column(o, data, *column, method, videos, progress));
      const Uninterrupted one_file;
      table.write_csv(o.csv);  // after every column: what is computed is never lost
    }
  }
  std::optional<figure::Sheet> sheet;
  if (!o.figure.empty()) sheet = draw_figure(o, data, columns, methods);
  const Uninterrupted both_files;
  if (!o.markdown.empty()) write_text(o.markdown, table.markdown());
  if (sheet) sheet->write(o.figure);
  std::printf("%s", table.markdown().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Evaluates restoration methods on a data set, as the papers' tables do.", "evaluate"};
  Options options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_evaluate(options); });
}
