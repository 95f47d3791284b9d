// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every data set offers, and a holder for any of them.

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "videoonenet/core/random.hpp"
#include "videoonenet/core/tensor.hpp"

namespace videoonenet {

/// The three disjoint parts of a data set.
enum class Split { train, validation, test };

/// The split called train, validation or test.
/// Errors: InputError for any other name.
inline Split parse_split(std::string_view name) {
  if (name == "train") return Split::train;
  if (name == "validation") return Split::validation;
  if (name == "test") return Split::test;
  throw InputError(sentence("the split \"", name, "\" is unknown, expected train, validation or test"));
}

/// How the frames of a clip become those of a video.
enum class Framing {
  resize,  ///< whole frames, resized
  crop,    ///< a part of the frames as they are stored, from a random place
};

/// A data set of videos of one shape.
///
/// Requirements, for `const D& d`, an index i in [0, d.size()), a generator r and a view x of shape d.shape():
///  1. `d.size()` is the number of videos and `d.shape()` the shape of one of them (N = 1);
///  2. `d.sample(i, r, x)` writes the i-th video, values in [0, 1]; whatever is random (a phase, a first frame) is
///     drawn from r, and the result depends on i and r alone;
///  3. calls are const and may run at the same time with different r.
/// Optional: `d.notes()`, sentences about what is unusual, such as missing files.
template <class D, class T>
concept VideoDataset = requires(const D& d, Index i, Random& r, View<T> x) {
  { d.size() } -> std::convertible_to<Index>;
  { d.shape() } -> std::convertible_to<Shape>;
  d.sample(i, r, x);
};

/// Checks the arguments of a data set's `sample`.
/// Errors: InputError for an index out of range, ShapeError for a view of another shape.
inline void require_sample(Index index, Index size, const Shape& given, const Shape& expected, const char* where) {
  if (index < 0 || index >= size)
    throw InputError(sentence(where, ": there is no video ", index, ", the data set has ", size));
  require_shape(given, expected, where, "the video");
}

/// A half-open range of sample numbers.
struct SampleRange {
  Index begin = 0, end = 0;
  Index size() const { return end - begin; }
};

/// The part of a list of training samples that a split takes: the last tenth is for validation, the rest for training.
///
/// 60,000 digits give 54,000 + 6,000, 50,000 pictures 45,000 + 5,000.  Source: SPEC §4.
inline SampleRange training_range(Index count, Split split) {
  const Index boundary = count - count / 10;
  return split == Split::validation ? SampleRange{boundary, count} : SampleRange{0, boundary};
}

/// Holds any data set and forwards to it.
template <class T>
class AnyDataset {
 public:
  template <VideoDataset<T> D>
    requires(!std::same_as<std::remove_cvref_t<D>, AnyDataset>)
  explicit AnyDataset(D dataset) {
    const auto held = std::make_shared<const D>(std::move(dataset));
    size_ = held->size();
    shape_ = held->shape();
    if constexpr (requires { std::vector<std::string>(held->notes()); }) notes_ = held->notes();
    sample_ = [held](Index index, Random& random, View<T> video) { held->sample(index, random, video); };
  }

  /// Number of videos.
  Index size() const { return size_; }
  /// Shape of one video.
  Shape shape() const { return shape_; }
  /// What a user should know, each a sentence.
  const std::vector<std::string>& notes() const { return notes_; }
  /// Adds a sentence to the notes.
  void add_note(std::string note) { notes_.push_back(std::move(note)); }

  /// Writes video `index`.  Errors: InputError, ShapeError.
  void sample(Index index, Random& random, View<T> video) const {
    require_sample(index, size_, video.shape, shape_, "AnyDataset::sample");
    sample_(index, random, video);
  }
  /// Video `index` in memory of its own.  Errors: InputError.
  Tensor<T> sample(Index index, Random& random) const {
    Tensor<T> video(shape_);
    sample(index, random, video.view());
    return video;
  }

 private:
  Index size_ = 0;
  Shape shape_{};
  std::vector<std::string> notes_;
  std::function<void(Index, Random&, View<T>)> sample_;
};

}  // namespace videoonenet
