// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// UCF-101: the official split lists and the clips that are there.

#include <charconv>
#include <map>

#include "videoonenet/data/video_folder.hpp"

namespace videoonenet {

/// One line of an official list.
struct UcfClip {
  std::string file;  ///< v_<Class>_g<group>_c<clip>.avi
  int group = 0;     ///< clips of one group come from one source video
};

/// Reads the bytes of trainlist0?.txt or testlist0?.txt: lines `Class/v_Class_gNN_cNN.avi`, a class number may follow.
///
/// Line ends may be CRLF; class and file may differ in capitals (HandstandPushups/v_HandStandPushups_…).
/// Errors: InputError naming the file, the line and the defect.
inline std::vector<UcfClip> parse_ucf_list(std::span<const std::uint8_t> bytes, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto is_word = [](std::string_view s) {
    return !s.empty() && std::ranges::all_of(s, [](unsigned char c) { return std::isalnum(c) != 0; });
  };
  const auto two_digits = [](std::string_view s, std::string_view prefix, int& value) {
    if (s.size() != prefix.size() + 2 || !s.starts_with(prefix)) return false;
    const auto [end, error] = std::from_chars(s.data() + prefix.size(), s.data() + s.size(), value);
    return error == std::errc() && end == s.data() + s.size() && value > 0;
  };
  std::vector<UcfClip> clips;
  Index number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string_view path = line.substr(0, line.find(' '));
    const std::string_view label = line.substr(std::min(path.size() + 1, line.size()));
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view class_name = path.substr(0, slash), file = path.substr(std::min(slash + 1, path.size()));
    const bool framed = file.starts_with("v_") && file.ends_with(".avi") && file.size() >= 2 + 1 + 8 + 4;
    const std::string_view stem = framed ? file.substr(2, file.size() - 6) : std::string_view();  // Class_gNN_cNN
    int group = 0, clip = 0;
    const bool valid = framed && is_word(class_name) && two_digits(stem.substr(stem.size() - 4), "_c", clip) &&
                       two_digits(stem.substr(stem.size() - 8, 4), "_g", group) &&
                       detail::lower_case(std::string(stem.substr(0, stem.size() - 8))) ==
                           detail::lower_case(std::string(class_name)) &&
                       std::ranges::all_of(label, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!valid) throw InputError(sentence(name, ": line ", number, " is not of the form Class/v_Class_gNN_cNN.avi"));
    clips.push_back({std::string(file), group});
  }
  if (clips.empty()) throw InputError(sentence(name, ": the list names no clip"));
  return clips;
}

/// Which part of UCF-101 is used, and how clips become videos.
struct Ucf101Options {
  Split split = Split::test;
  int list = 1;                                   ///< official split 1, 2 or 3
  Shape shape{.t = 4, .h = 32, .w = 32, .f = 3};  ///< of one video; F = 1 (grey) or 3
  Framing framing = Framing::resize;
};

/// UCF-101: T consecutive frames from a random first one, resized to H × W or cut out of the stored ones, in [0, 1].
///
/// `directory` holds `ucfTrainTestlist/` and the clips in `videos/<Class>/`, `UCF-101/<Class>/` or `<Class>/`; capitals
/// do not matter. Clips that the list names but the folder lacks are skipped and noted.
/// Splits: test is the official test list; groups 23–25 of the training list are for validation, the others for
/// training (split 1: 3,783 / 1,584 / 7,953 clips).
/// Errors: InputError when lists or all clips are missing or a list is damaged; ShapeError.  Source: SPEC §4, VON §5.
class Ucf101 {
 public:
  explicit Ucf101(const std::filesystem::path& directory, const Ucf101Options& options = {})
      : shape_(options.shape), framing_(options.framing) {
    require_valid(shape_, "Ucf101");
    if (shape_.n != 1 || (shape_.f != 1 && shape_.f != 3))
      throw ShapeError(
          sentence("Ucf101: given the shape (N,T,H,W,F) = ", shape_, ", expected one video with 1 or 3 channels"));
    const auto there = clips_by_name(directory);
    std::vector<std::string> missing;
    for (const UcfClip& clip : split_clips(directory, options.split, options.list)) {
      const auto found = there.find(detail::lower_case(clip.file));
      if (found != there.end())
        clips_.push_back(found->second);
      else
        missing.push_back(clip.file);
    }
    if (!missing.empty())
      notes_.push_back(sentence(directory.string(), ": ", missing.size(), " of ", missing.size() + clips_.size(),
                                " clips of this split are missing and skipped: ", detail::list_of_names(missing)));
    if (clips_.empty())
      throw InputError(sentence(directory.string(), ": expected clips such as videos/<Class>/", missing.front(),
                                ", found none of this split"));
  }

  Index size() const { return std::ssize(clips_); }
  Shape shape() const { return shape_; }
  const std::vector<std::string>& notes() const { return notes_; }
  /// The files of this split, in the order of the list.
  const std::vector<std::filesystem::path>& clips() const { return clips_; }

  template <class T>
  void sample(Index index, Random& random, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "Ucf101::sample");
    detail::read_random_clip(clips_[static_cast<std::size_t>(index)], framing_, random, video);
  }

  /// The clips that the official lists give to a split.
  /// Errors: InputError for a list number other than 1 to 3, or when the list is missing or damaged.
  static std::vector<UcfClip> split_clips(const std::filesystem::path& directory, Split split, int list) {
    constexpr int first_validation_group = 23;
    if (list < 1 || list > 3) throw InputError(sentence("Ucf101: there is no official split ", list, ", only 1 to 3"));
    const std::string file = sentence(split == Split::test ? "testlist0" : "trainlist0", list, ".txt");
    auto path = directory / "ucfTrainTestlist" / file;
    if (!std::filesystem::exists(path)) path = directory / file;
    if (!std::filesystem::exists(path))
      throw InputError(sentence(directory.string(), ": expected the official list ucfTrainTestlist/", file,
                                " in this directory, found none"));
    auto clips = parse_ucf_list(read_bytes(path, {.bytes = Index(1) << 24}), path.string());
    if (split != Split::test)
      std::erase_if(clips, [split](const UcfClip& clip) {
        return (clip.group >= first_validation_group) != (split == Split::validation);
      });
    return clips;
  }

 private:
  static std::map<std::string, std::filesystem::path> clips_by_name(const std::filesystem::path& directory) {
    auto root = directory;
    for (const char* name : {"UCF-101", "videos"})
      if (std::filesystem::is_directory(directory / name)) root = directory / name;
    std::map<std::string, std::filesystem::path> clips;
    std::error_code ignored;  // a missing directory holds no clips, and the lists' absence is reported
    for (const auto& folder : std::filesystem::directory_iterator(root, ignored)) {
      if (!folder.is_directory()) continue;
      for (const auto& entry : std::filesystem::directory_iterator(folder.path(), ignored))
        if (is_video_file(entry.path())) clips[detail::lower_case(entry.path().filename().string())] = entry.path();
    }
    return clips;
  }

  Shape shape_;
  Framing framing_;
  std::vector<std::filesystem::path> clips_;
  std::vector<std::string> notes_;
};

}  // namespace videoonenet
