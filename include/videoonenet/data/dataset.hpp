// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Opens any of the shipped data sets by name.

#include "videoonenet/data/array_dataset.hpp"
#include "videoonenet/data/ucf101.hpp"

namespace videoonenet {

namespace detail {

template <class T>
AnyDataset<T> open_video_folder(const std::filesystem::path& directory, Split split,
                                const VideoFolderOptions& options) {
  constexpr std::array<const char*, 3> names{"train", "validation", "test"};
  const auto part = directory / names[static_cast<std::size_t>(split)];
  if (std::filesystem::is_directory(part)) return AnyDataset<T>(VideoFolder(part, options));
  AnyDataset<T> all(VideoFolder(directory, options));
  all.add_note(sentence(directory.string(), ": has no subfolder ", part.filename().string(),
                        ", so every clip of the folder belongs to this split"));
  return all;
}

}  // namespace detail

/// Opens a data set by its name:
///  - `rotated_mnist`, `scanned_cifar10`: shapes are fixed by the data (the frames of Rotated MNIST may be chosen);
///  - `ucf101`: any T, H, W, and F = 1 or 3;
///  - `video`: a folder of videos or pictures; its subfolder named like the split when there is one, else all of it;
///  - `synthetic`, `synthetic:texture`, `synthetic:strokes`: any shape.
/// Only the clips of `ucf101` and `video` can be cropped.
/// Errors: InputError for an unknown name, or when files are missing (saying what was expected) or damaged; ShapeError
/// when the shape does not fit the data.
template <class T>
AnyDataset<T> open_dataset(const DatasetOptions& options) {
  const auto& [name, directory, split, shape, framing] = options;
  if (is_array_dataset(name)) return open_array_dataset<T>(options);
  if (name != "ucf101" && name != "video")
    throw InputError(sentence("the data set \"", name,
                              "\" is unknown, expected rotated_mnist, scanned_cifar10, ucf101, "
                              "video, synthetic:texture or synthetic:strokes"));
  detail::require_directory(options);
  if (name == "ucf101")
    return AnyDataset<T>(
        Ucf101(directory, {.split = split, .shape = shape.value_or(Ucf101Options{}.shape), .framing = framing}));
  return detail::open_video_folder<T>(directory, split, {shape.value_or(VideoFolderOptions{}.shape), framing});
}

}  // namespace videoonenet
