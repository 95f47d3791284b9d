// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// The data set and the problems of a command line.

#include "support/data_options.hpp"

#include <cstdio>
#include <sstream>

#include "support/pictures.hpp"
#include "support/problem_chain.hpp"
#include "videoonenet/data/array_dataset.hpp"

namespace program {

void add_dataset_options(CommandLine& app, DataOptions& o) {
  app.add_option("--dataset", o.dataset, "rotated_mnist, scanned_cifar10, ucf101, video or synthetic[:texture|strokes]")
      .type_name("NAME")
      .capture_default_str();
  app.add_option("--data-dir", o.data_dir, "folder with the data set's files (not for synthetic)").type_name("DIR");
  app.add_option("--shape", o.shape, "shape of a video, for ucf101, video and synthetic [4,32,32,3]")
      .type_name("T,H,W,F");
  app.add_flag("--crop", o.crop,
               "cut videos of this shape out of the frames of ucf101 and video as they are stored, at random places, "
               "instead of resizing whole frames");
}
Option add_problems_option(CommandLine& app, DataOptions& o) {
  return app
      .add_option("--problems", o.problems,
                  "all (the columns of Table 1), or KEY,KEY:RATIO,KEY:RATIO@NOISE,... with noise of this standard "
                  "deviation, where white is 1; of " +
                      known_problems())
      .type_name("LIST")
      .capture_default_str();
}

namespace {

/// T,H,W,F of a command line; nothing for an empty text.
std::optional<Shape> parse_shape(const std::string& text) {
  if (text.empty()) return std::nullopt;
  long t = 0, h = 0, w = 0, f = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%ld,%ld,%ld,%ld%n", &t, &h, &w, &f, &read) != 4 ||
      static_cast<std::size_t>(read) != text.size())
    throw InputError(sentence("--shape is \"", text, "\", expected T,H,W,F, for example 4,32,32,3"));
  const Shape shape{.t = t, .h = h, .w = w, .f = f};
  require_valid(shape, "--shape");
  return shape;
}

}  // namespace

AnyDataset<float> open_split(const DataOptions& o, Split split, const char* program) {
  const DatasetOptions options{.name = o.dataset,
                               .directory = o.data_dir,
                               .split = split,
                               .shape = parse_shape(o.shape),
                               .framing = o.crop ? Framing::crop : Framing::resize};
  const bool clips = o.dataset == "ucf101" || o.dataset == "video";
  const auto data = clips ? pictures().open_clips(options) : open_array_dataset<float>(options);
  for (const std::string& note : data.notes()) std::fprintf(stderr, "%s: note: %s\n", program, note.c_str());
  return data;
}

std::vector<Table1Column> columns_of(const DataOptions& o, const Shape& shape) {
  if (o.problems == "all") {
    const Table1 table = o.dataset == "rotated_mnist"     ? Table1::rotated_mnist
                         : o.dataset == "scanned_cifar10" ? Table1::scanned_cifar10
                                                          : Table1::ucf101;
    auto columns = table1_problems(table);
    if (shape.f == 1) std::erase_if(columns, [](const auto& c) { return c.problem.key == ProblemKey::colorization; });
    return columns;
  }
  std::vector<Table1Column> columns;
  std::istringstream list(o.problems);
  for (std::string item; std::getline(list, item, ',');) {
    const ProblemSpec spec = parse_problem_spec(item);
    columns.push_back({to_string(spec), spec});
  }
  if (columns.empty()) throw InputError("--problems is empty, expected all or KEY:RATIO,...");
  return columns;
}

ProblemSet problem_set_of(const DataOptions& o, const Shape& shape) {
  std::vector<ProblemSpec> problems;
  for (Table1Column& column : columns_of(o, shape)) problems.push_back(std::move(column.problem));
  return ProblemSet(std::move(problems));
}

}  // namespace program
