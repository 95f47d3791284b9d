// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Pictures and clips by OpenCV.

#include "support/pictures.hpp"

#include "support/history_figure.hpp"
#include "videoonenet/data/dataset.hpp"

namespace program {

videoonenet::AnyDataset<float> open_any_dataset(const videoonenet::DatasetOptions& options) {
  return videoonenet::open_dataset<float>(options);
}

void write_history_picture(const std::filesystem::path& path, const std::vector<videoonenet::EpochRecord>& history) {
  figure::write_history(path, history);
}

}  // namespace program
