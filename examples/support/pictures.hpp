// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures and clips by OpenCV, which is loaded when it is first needed: that takes longer than a small restoration.

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "support/sheet.hpp"
#include "support/video_input.hpp"
#include "videoonenet/data/array_dataset.hpp"
#include "videoonenet/train/training_history.hpp"

namespace program {

/// What the programs ask of OpenCV; opencv_pictures.cpp, a library of its own, has the only implementation.
class Pictures {
 public:
  virtual ~Pictures() = default;
  /// A video, a folder of pictures or a picture, resized to `size` (height, width) where there is one.
  /// Errors: InputError.
  virtual VideoInput read_clip(const InputOptions& o, const std::optional<std::array<Index, 2>>& size) const = 0;
  /// The data sets ucf101 and video.  Errors: as videoonenet::open_dataset.
  virtual AnyDataset<float> open_clips(const DatasetOptions& options) const = 0;
  /// Writes a PNG, atomically.
  virtual void write_sheet(const std::filesystem::path& path, const Sheet& sheet) const = 0;
  /// Writes a clip, enlarged to about 128 rows where it is smaller.
  virtual void write_clip(const std::filesystem::path& path, View<const float> video,
                          double frames_per_second) const = 0;
  /// Draws a training's curves.
  virtual void write_history(const std::filesystem::path& path, const std::vector<EpochRecord>& history) const = 0;
};

/// Loads OpenCV when it is first asked for.
/// Errors: InputError where the program was built without it, or where it cannot be loaded.
const Pictures& pictures();

}  // namespace program
