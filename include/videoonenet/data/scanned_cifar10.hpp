// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Scanned CIFAR-10: the four corners of a picture as four frames.

#include <array>

#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/data/cifar10.hpp"

namespace videoonenet {

/// What ScannedCifar10 makes of CIFAR-10.
struct ScannedCifar10Options {
  Split split = Split::test;
};

/// Scanned CIFAR-10: videos (1,4,16,16,3), the corners of a picture in boustrophedon order, columns first.
///
/// Math: frames begin at (row, column) = (0,0), (16,0), (16,16), (0,16); values divided by 255.
/// Splits: the last tenth of the training pictures is for validation: 45,000 / 5,000 / 10,000 with all files. It works
/// with whatever files are there (data_batch_1.bin … data_batch_5.bin; test_batch.bin or test_batch_first*.bin); a note
/// says so when there are fewer pictures.
/// Errors: InputError when no file is there or one is damaged.  Source: SPEC §4, VON §5.
class ScannedCifar10 {
 public:
  explicit ScannedCifar10(const std::filesystem::path& directory, const ScannedCifar10Options& options = {}) {
    const bool test = options.split == Split::test;
    std::string found;
    for (const auto& path : test ? test_files(directory) : training_files(directory)) {
      images_.append(read_bytes(path), path.string());
      found += (found.empty() ? "" : ", ") + path.filename().string();
    }
    if (found.empty())
      throw InputError(sentence(directory.string(), ": expected CIFAR-10's ",
                                test ? "test_batch.bin" : "data_batch_1.bin to data_batch_5.bin",
                                " (binary version) in this directory, found none"));
    const Index complete = test ? 10'000 : 50'000;
    if (images_.size() != complete)
      notes_.push_back(sentence(directory.string(), ": CIFAR-10 is incomplete: ", images_.size(), " of ", complete,
                                " pictures are there (", found, ")"));
    range_ = test ? SampleRange{0, images_.size()} : training_range(images_.size(), options.split);
    if (range_.size() == 0) throw InputError(sentence(directory.string(), ": has too few pictures for this split"));
  }

  Index size() const { return range_.size(); }
  Shape shape() const { return {.t = 4, .h = 16, .w = 16, .f = 3}; }
  const std::vector<std::string>& notes() const { return notes_; }

  /// Nothing is random: the generator is not used.
  template <class T>
  void sample(Index index, Random&, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "ScannedCifar10::sample");
    constexpr std::array<std::array<Index, 2>, 4> corners{{{0, 0}, {16, 0}, {16, 16}, {0, 16}}};
    for (Index t = 0; t < 4; ++t) {
      const auto [top, left] = corners[static_cast<std::size_t>(t)];
      for (Index h = 0; h < 16; ++h)
        for (Index w = 0; w < 16; ++w)
          for (Index f = 0; f < 3; ++f)
            video(0, t, h, w, f) = T(images_.pixel(range_.begin + index, top + h, left + w, f)) / T(255);
    }
  }

 private:
  static std::vector<std::filesystem::path> training_files(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i <= 5; ++i)
      if (const auto path = directory / sentence("data_batch_", i, ".bin"); std::filesystem::exists(path))
        files.push_back(path);
    return files;
  }
  static std::vector<std::filesystem::path> test_files(const std::filesystem::path& directory) {
    if (const auto path = directory / "test_batch.bin"; std::filesystem::exists(path)) return {path};
    std::vector<std::filesystem::path> files;
    std::error_code ignored;  // a missing directory holds no files, and the caller says what was expected
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
      if (entry.path().filename().string().starts_with("test_batch_first") && entry.path().extension() == ".bin")
        files.push_back(entry.path());
    if (files.size() > 1)
      throw InputError(
          sentence(directory.string(), ": several parts of the test batch (test_batch_first*.bin) overlap"));
    return files;
  }

  Cifar10 images_;
  SampleRange range_;
  std::vector<std::string> notes_;
};

}  // namespace videoonenet
