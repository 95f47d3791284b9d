// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What `train` asks of a library for pictures and videos: pictures.cpp with OpenCV, no_pictures.cpp where a program is
/// to run on machines without it.

#include <filesystem>
#include <vector>

#include "videoonenet/data/array_dataset.hpp"
#include "videoonenet/train/training_history.hpp"

namespace program {

/// Opens any data set.
/// Errors: as videoonenet::open_dataset; InputError for clips in a program built without OpenCV.
videoonenet::AnyDataset<float> open_any_dataset(const videoonenet::DatasetOptions& options);

/// Draws a training's curves; writes nothing in a program built without OpenCV.
void write_history_picture(const std::filesystem::path& path, const std::vector<videoonenet::EpochRecord>& history);

}  // namespace program
