// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Opens any of the shipped data sets by name.

#include "videoonenet/data/rotated_mnist.hpp"
#include "videoonenet/data/scanned_cifar10.hpp"
#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/data/ucf101.hpp"

namespace videoonenet {

/// Which data set is opened.
struct DatasetOptions {
  std::string name = "synthetic";     ///< a key of open_dataset
  std::filesystem::path directory{};  ///< where its files are; not needed for synthetic videos
  Split split = Split::test;
  std::optional<Shape> shape{};       ///< of one video; the data set's own when absent
  Framing framing = Framing::resize;  ///< of clips
};

namespace detail {

/// Errors: ShapeError when a shape was asked for that the data set does not have.
template <class T>
AnyDataset<T> require_given_shape(AnyDataset<T> dataset, const DatasetOptions& options) {
  if (options.shape) require_shape(*options.shape, dataset.shape(), "open_dataset", options.name.c_str());
  return dataset;
}

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
  if (framing == Framing::crop && name != "ucf101" && name != "video")
    throw InputError(sentence("only the videos of ucf101 and video can be cropped, not those of ", name));
  if (name.starts_with("synthetic")) {
    const std::string kind = name == "synthetic" ? "texture" : name.substr(std::min<std::size_t>(10, name.size()));
    SyntheticOptions synthetic{.kind = parse_synthetic_kind(kind), .split = split};
    synthetic.shape = shape.value_or(synthetic.shape);
    return AnyDataset<T>(SyntheticVideos(synthetic));
  }
  constexpr std::array<std::string_view, 4> known{"rotated_mnist", "scanned_cifar10", "ucf101", "video"};
  if (std::ranges::find(known, name) == known.end())
    throw InputError(sentence("the data set \"", name,
                              "\" is unknown, expected rotated_mnist, scanned_cifar10, ucf101, "
                              "video, synthetic:texture or synthetic:strokes"));
  if (!std::filesystem::is_directory(directory))
    throw InputError(sentence("the data set ", name, " needs a directory; \"", directory.string(), "\" is none"));
  if (name == "rotated_mnist") {
    const Index frames = shape ? Index(shape->t) : RotatedMnistOptions{}.frames;
    return detail::require_given_shape(AnyDataset<T>(RotatedMnist(directory, {.split = split, .frames = frames})),
                                       options);
  }
  if (name == "scanned_cifar10")
    return detail::require_given_shape(AnyDataset<T>(ScannedCifar10(directory, {.split = split})), options);
  if (name == "ucf101")
    return AnyDataset<T>(
        Ucf101(directory, {.split = split, .shape = shape.value_or(Ucf101Options{}.shape), .framing = framing}));
  return detail::open_video_folder<T>(directory, split, {shape.value_or(VideoFolderOptions{}.shape), framing});
}

}  // namespace videoonenet
