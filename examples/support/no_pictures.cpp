// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// A program without OpenCV: arrays and generated videos, no pictures.

#include "support/pictures.hpp"

namespace program {

videoonenet::AnyDataset<float> open_any_dataset(const videoonenet::DatasetOptions& options) {
  if (options.name == "ucf101" || options.name == "video")
    throw videoonenet::InputError(
        videoonenet::sentence("the data set ", options.name, " needs OpenCV, which this program was built without"));
  return videoonenet::open_array_dataset<float>(options);
}

void write_history_picture(const std::filesystem::path&, const std::vector<videoonenet::EpochRecord>&) {}

}  // namespace program
