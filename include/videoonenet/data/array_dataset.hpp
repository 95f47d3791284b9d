// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Opens the data sets whose videos need no decoder by name: arrays on disk, and generated ones.

#include <array>
#include <filesystem>
#include <optional>

#include "videoonenet/data/rotated_mnist.hpp"
#include "videoonenet/data/scanned_cifar10.hpp"
#include "videoonenet/data/synthetic.hpp"

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

/// Errors: InputError where the data set's files should be in a directory and there is none.
inline void require_directory(const DatasetOptions& options) {
  if (!std::filesystem::is_directory(options.directory))
    throw InputError(
        sentence("the data set ", options.name, " needs a directory; \"", options.directory.string(), "\" is none"));
}

}  // namespace detail

/// Whether a data set has this name.
inline bool is_array_dataset(std::string_view name) {
  return name == "rotated_mnist" || name == "scanned_cifar10" || name.starts_with("synthetic");
}

/// Opens `rotated_mnist`, `scanned_cifar10`, `synthetic`, `synthetic:texture` or `synthetic:strokes`; see open_dataset.
/// Errors: InputError for another name, or when files are missing (saying what was expected) or damaged; ShapeError
/// when the shape does not fit the data.
template <class T>
AnyDataset<T> open_array_dataset(const DatasetOptions& options) {
  const auto& [name, directory, split, shape, framing] = options;
  if (!is_array_dataset(name))
    throw InputError(sentence("the data set \"", name, "\" is unknown, expected rotated_mnist, scanned_cifar10, ",
                              "synthetic:texture or synthetic:strokes"));
  if (framing == Framing::crop)
    throw InputError(sentence("only the videos of ucf101 and video can be cropped, not those of ", name));
  if (name.starts_with("synthetic")) {
    const std::string kind = name == "synthetic" ? "texture" : name.substr(std::min<std::size_t>(10, name.size()));
    SyntheticOptions synthetic{.kind = parse_synthetic_kind(kind), .split = split};
    synthetic.shape = shape.value_or(synthetic.shape);
    return AnyDataset<T>(SyntheticVideos(synthetic));
  }
  detail::require_directory(options);
  if (name == "scanned_cifar10")
    return detail::require_given_shape(AnyDataset<T>(ScannedCifar10(directory, {.split = split})), options);
  const Index frames = shape ? Index(shape->t) : RotatedMnistOptions{}.frames;
  return detail::require_given_shape(AnyDataset<T>(RotatedMnist(directory, {.split = split, .frames = frames})),
                                     options);
}

}  // namespace videoonenet
