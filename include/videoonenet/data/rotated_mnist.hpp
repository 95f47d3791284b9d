// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Rotated MNIST: a digit that turns, seen through its top left quarter.

#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/data/mnist.hpp"
#include "videoonenet/data/rotation.hpp"

namespace videoonenet {

/// What RotatedMnist makes of MNIST.
struct RotatedMnistOptions {
  Split split = Split::test;
  Index frames = 9;
  double degrees_per_frame = 40;  ///< counter-clockwise
};

/// Rotated MNIST: videos (1, frames, H/2, W/2, 1), 9×14×14×1 for MNIST's 28×28 digits.
///
/// Math: frame t is the digit turned about its centre by phase + 40°·t, its top left quarter, divided by 255; the
/// phase is drawn uniformly from [0°, 360°).
/// Splits: the last tenth of the training file is for validation: 54,000 / 6,000 / 10,000.
/// Errors: InputError for missing or damaged files, or no frames.  Source: SPEC §4, VON §5.
class RotatedMnist {
 public:
  explicit RotatedMnist(const std::filesystem::path& directory, const RotatedMnistOptions& options = {})
      : options_(options), images_(read_mnist_images(directory, options.split == Split::test ? "t10k" : "train")) {
    if (options.frames <= 0) throw InputError(sentence("RotatedMnist: ", options.frames, " frames were asked for"));
    if (images_.extents[1] < 2 || images_.extents[2] < 2)
      throw InputError(sentence(directory.string(), ": the pictures are smaller than 2x2"));
    range_ = {0, images_.extents[0]};
    if (options.split != Split::test) range_ = training_range(images_.extents[0], options.split);
    if (range_.size() == 0) throw InputError(sentence(directory.string(), ": has too few pictures for this split"));
  }

  Index size() const { return range_.size(); }
  Shape shape() const {
    return {.t = options_.frames, .h = images_.extents[1] / 2, .w = images_.extents[2] / 2, .f = 1};
  }

  template <class T>
  void sample(Index index, Random& random, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "RotatedMnist::sample");
    render(index, 360 * random.uniform(), video);
  }

  /// Writes digit `index` with the given phase in degrees.  Errors: as sample.
  template <class T>
  void render(Index index, double phase, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "RotatedMnist::render");
    const Index height = images_.extents[1], width = images_.extents[2];
    Bytes turned(static_cast<std::size_t>(height * width));
    for (Index t = 0; t < options_.frames; ++t) {
      const double angle = phase + options_.degrees_per_frame * double(t);
      rotate_bilinear(images_.item(range_.begin + index), height, width, angle, turned);
      for (Index h = 0; h < video.shape.h; ++h)
        for (Index w = 0; w < video.shape.w; ++w)
          video(0, t, h, w, 0) = T(turned[static_cast<std::size_t>(h * width + w)]) / T(255);
    }
  }

 private:
  RotatedMnistOptions options_;
  IdxArray images_;
  SampleRange range_;
};

}  // namespace videoonenet
