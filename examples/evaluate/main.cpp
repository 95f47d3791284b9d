// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// evaluate: the papers' tables, every method on the same videos, operators and measurements.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "support/data_options.hpp"
#include "support/device.hpp"
#include "support/network_method.hpp"
#include "support/pictures.hpp"
#include "support/program.hpp"
#include "support/restoration.hpp"
#include "support/score_table.hpp"
#include "support/scores.hpp"
#include "videoonenet/train/batch_step/restore_on_engine.hpp"

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

void add_options(CommandLine& app, Options& o) {
  app.group("Data");
  add_dataset_options(app, o.data);
  app.add_option("--split", o.split, "train, validation or test").type_name("NAME").capture_default_str();
  app.add_option("--videos", o.videos, "videos to evaluate, spread evenly over the split")
      .type_name("N")
      .check(whole<Index>(1, (Index(1) << 30) - 1))
      .capture_default_str();
  add_problems_option(app, o.data);

  app.group("Method");
  app.add_option(
         "--method", o.methods,
         "least_squares (pinv(A) y), tikhonov, wavelet, tv, wiener, bicubic, weights files of networks; several "
         "allowed, with commas or spaces between; a method is left out of the columns it does not suit")
      .type_name("NAME")
      .delimiter(',')
      .capture_default_str();
  add_method_options(app, o.method);

  app.group("Run");
  app.add_option("--csv", o.csv,
                 "table to write: dataset, method, problem (with @noise where it was chosen), ratio, psnr_mean [dB], "
                 "psnr_std [dB], ssim_mean, videos, "
                 "seconds (of computing, over all videos)")
      .type_name("PATH")
      .required();
  app.add_option("--markdown", o.markdown, "the mean PSNRs as a table to read").type_name("PATH");
  app.add_option("--figure", o.figure, ".png with one sample a problem and every method's result").type_name("PATH");
  add_run_options(app, o.run, "videos, operators and noise", device_names());
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
Triplet<float> draw_triplet(const Cpu& ex, const AnyDataset<float>& data, const ProblemSpec& spec, std::uint64_t seed,
                            Index video) {
  Random video_random(seed, static_cast<std::uint64_t>(video));
  Random problem_random = problem_stream(spec, seed, video);
  Triplet<float> t{data.sample(video, video_random), draw_problem<float>(ex, spec, data.shape(), problem_random), {}};
  t.y = measure(ex, t.problem, std::span<const float>(t.truth.flat()), problem_random);
  return t;
}

/// The number in the data set of video v of those that are evaluated: spread, since data sets are ordered (the first
/// MNIST test digits are brighter than the others).
Index spread(Index v, Index videos, const AnyDataset<float>& data) { return v * data.size() / videos; }

struct Sample {
  Scores scores;
  double seconds = 0;
};

/// One method on one column, a video a thread; on a device one after the other.
std::vector<Sample> restore_column(const Options& o, const AnyDataset<float>& data, const Table1Column& column,
                                   const Method& method, Index videos, Progress& progress) {
  std::vector<Sample> samples(static_cast<std::size_t>(videos));
  const Cpu one = o.run.executor().with_threads(1), all = o.run.device == "cpu" ? o.run.executor() : one;
  parallel_for(all, videos, [&](Index v) {
    Triplet<float> t = draw_triplet(one, data, column.problem, o.run.seed, spread(v, videos, data));
    const AnyOperator a(std::move(t.problem.a));
    const Stopwatch watch;
    const Restoration r = restore(o.run, one, for_noise(method, effective_noise_sigma(column.problem)), a, t.y.span());
    const double seconds = watch.seconds();
    samples[static_cast<std::size_t>(v)] = {scores_of(one, r.video.view(), t.truth.view()), seconds};
    progress.advance();
  });
  return samples;
}

/// A network on one column by batches on a device.
std::vector<Sample> restore_column(const Options& o, const AnyDataset<float>& data, const Table1Column& column,
                                   RestorationEngine<float>& engine, Index videos, Progress& progress) {
  std::vector<Sample> samples(static_cast<std::size_t>(videos));
  const Cpu one{};
  const Stopwatch watch;
  restore_on_engine(
      engine, videos,
      [&](Index v) { return draw_triplet(one, data, column.problem, o.run.seed, spread(v, videos, data)); },
      [&](Index v, View<const float> z, View<const float> truth) {
        samples[static_cast<std::size_t>(v)].scores = scores_of(one, z, truth);
        progress.advance();
      },
      {.batches_ahead = o.run.threads});
  for (Sample& s : samples) s.seconds = watch.seconds() / double(videos);
  return samples;
}

/// The device that restores batches by a network, for problems of these columns; none where the host computes.
std::unique_ptr<RestorationEngine<float>> engine_for(const Options& o, const Method& method, const Shape& video,
                                                     Index videos, const std::vector<const Table1Column*>& columns) {
  if (o.run.device == "cpu" || !method.network) return nullptr;
  const ModelOptions& model = method.network->model().options();
  std::vector<ProblemSpec> problems;
  for (const Table1Column* column : columns) problems.push_back(column->problem);
  Shape batch = video;
  batch.n = std::min<Index>(videos, 64);
  return make_restorer(o.run.device, model, method.network->parameters(), batch,
                       factor_bounds<float>(ProblemSet(std::move(problems)), video, static_cast<float>(model.rho)));
}

/// The score of one method on one column.
Score score_of(const Options& o, const Table1Column& column, const Method& method, const std::vector<Sample>& samples) {
  Score score{.dataset = o.data.dataset, .method = method.label(), .column = column.name, .problem = column.problem};
  for (const Sample& s : samples) {
    score.psnr.add(s.scores.psnr);
    score.ssim.add(s.scores.ssim);
    score.seconds += s.seconds;
  }
  return score;
}

/// The first video of every column with every method's result.
Sheet make_figure(const Options& o, const AnyDataset<float>& data, const std::vector<Table1Column>& columns,
                  const std::vector<Method>& methods) {
  const Cpu ex = o.run.executor();
  constexpr Index frames = 4;
  Sheet sheet{.height = data.shape().h, .width = data.shape().w, .target_height = 64};
  for (const Table1Column& column : columns) {
    Triplet<float> t = draw_triplet(ex, data, column.problem, o.run.seed, 0);
    const AnyOperator a(std::move(t.problem.a));
    const Tensor<float> measured = measurement_picture(ex, a, t.y.span());
    std::vector<Strip> strips{strip("truth", t.truth.view(), frames), strip("measurement", measured.view(), frames)};
    for (const Method& m : methods) {
      if (!suits(m, a)) continue;
      const Restoration r = restore(o.run, ex, for_noise(m, effective_noise_sigma(column.problem)), a, t.y.span());
      char caption[64];
      std::snprintf(caption, sizeof caption, "%s %.1f dB", m.label().c_str(),
                    scores_of(ex, r.video.view(), t.truth.view()).psnr);
      strips.push_back(strip(caption, r.video.view(), frames));
    }
    sheet.rows.push_back({column.name, std::move(strips)});
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
    if (!suits_tables(label))
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

  for (const Method& method : methods) method.require_video(Cpu{}, data.shape());
  // One of every column first: a problem that does not fit the videos is refused before any work.
  std::map<std::string, std::vector<const Table1Column*>> suited;
  for (const Table1Column& column : columns) {
    const AnyOperator probe(draw_triplet(Cpu{}, data, column.problem, o.run.seed, 0).problem.a);
    for (const Method& method : methods)
      if (suits(method, probe)) suited[method.label()].push_back(&column);
  }
  if (suited.empty()) throw InputError("none of the methods suits any of the problems");

  ScoreTable table;
  for (const Method& method : methods) {
    const auto& own = suited[method.label()];
    Progress progress(method.label(), static_cast<long>(videos * std::ssize(own)), "videos", o.run.quiet);
    const auto engine = engine_for(o, method, data.shape(), videos, own);
    for (const Table1Column* column : own) {
      table.add(score_of(o, *column, method,
                         engine ? restore_column(o, data, *column, *engine, videos, progress)
                                : restore_column(o, data, *column, method, videos, progress)));
      const Uninterrupted one_file;
      table.write_csv(o.csv);  // after every column: what is computed is never lost
    }
  }
  std::optional<Sheet> sheet;
  if (!o.figure.empty()) sheet = make_figure(o, data, columns, methods);
  const Uninterrupted both_files;
  if (!o.markdown.empty()) write_text(o.markdown, table.markdown());
  if (sheet) pictures().write_sheet(o.figure, *sheet);
  std::printf("%s", table.markdown().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine app{"Evaluates restoration methods on a data set, as the papers' tables do.", "evaluate"};
  Options options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_evaluate(options); });
}
