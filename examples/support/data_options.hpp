// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The data set of a command line and the problems that are posed on it.

#include <optional>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/operators/problem_set/problem_set.hpp"

namespace program {

using namespace videoonenet;

/// What --dataset, --data-dir, --shape, --crop and --problems say.
struct DataOptions {
  std::string dataset = "rotated_mnist", data_dir, shape, problems = "all";
  bool crop = false;
};

/// Adds --dataset, --data-dir, --shape and --crop to a program.
void add_dataset_options(CommandLine& app, DataOptions& o);
/// Adds --problems to a program.
Option add_problems_option(CommandLine& app, DataOptions& o);

/// Opens one split of the data set and prints its notes, each after the program's name.
AnyDataset<float> open_split(const DataOptions& o, Split split, const char* program);

/// Table 1's columns for the data set, or the problems asked for.
std::vector<Table1Column> columns_of(const DataOptions& o, const Shape& shape);

/// The columns as a set to draw from.
ProblemSet problem_set_of(const DataOptions& o, const Shape& shape);

}  // namespace program
