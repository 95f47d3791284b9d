// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Any folder of videos or pictures as a data set.

#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/io/video.hpp"

namespace videoonenet {

namespace detail {

/// The number of frames a clip announces, without decoding it.
/// Errors: InputError when it cannot be opened.
inline Index announced_frames(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path) || is_image_file(path)) return count_frames(path);
  return static_cast<Index>(open_video(path).get(cv::CAP_PROP_FRAME_COUNT));
}

/// Copies H × W pixels of all frames from a place drawn from `random`.
/// Errors: InputError when the frames are smaller.
template <class T>
void crop_at_random(const Tensor<T>& frames, const std::string& name, Random& random, View<T> video) {
  const Shape from = frames.shape(), to = video.shape;
  if (from.h < to.h || from.w < to.w)
    throw InputError(sentence(name, ": the frames are ", Index(from.h), "x", Index(from.w), ", too small to cut out ",
                              Index(to.h), "x", Index(to.w)));
  const Index top = random.integer(from.h - to.h + 1), left = random.integer(from.w - to.w + 1);
  for (Index t = 0; t < to.t; ++t)
    for (Index h = 0; h < to.h; ++h) std::copy_n(&frames(0, t, top + h, left, 0), to.w * to.f, &video(0, t, h, 0, 0));
}

/// Reads shape.t consecutive frames from a first frame drawn from `random`, framed to the shape.
///
/// Containers may announce a wrong number of frames: then the clip is counted and the first frame moved back.
template <class T>
void read_random_clip(const std::filesystem::path& clip, Framing framing, Random& random, View<T> video) {
  const Shape s = video.shape;
  VideoOptions options{.start = random.integer(std::max<Index>(announced_frames(clip) - s.t + 1, 1)),
                       .frames = Index(s.t),
                       .color = s.f == 1 ? Color::gray : Color::rgb};
  if (framing == Framing::resize) options.size = FrameSize{s.h, s.w};
  Tensor<T> frames;
  try {
    frames = read_video<T>(clip, options);
  } catch (const InputError&) {
    const Index counted = count_frames(clip);
    if (options.start + s.t <= counted || counted < s.t) throw;
    options.start %= counted - s.t + 1;
    frames = read_video<T>(clip, options);
  }
  if (framing == Framing::crop) return crop_at_random(frames, clip.string(), random, video);
  std::ranges::copy(frames.flat(), video.flat().begin());
}

/// "3 clips are missing: a, b, c" with at most three names.
inline std::string list_of_names(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 3); ++i) list += (i ? ", " : "") + names[i];
  return names.size() > 3 ? list + ", …" : list;
}

}  // namespace detail

/// What VideoFolder makes of a folder.
struct VideoFolderOptions {
  Shape shape{.t = 4, .h = 32, .w = 32, .f = 3};  ///< of one video; F = 1 (grey) or 3
  Framing framing = Framing::resize;
};

/// A folder of videos: every video file, and every subfolder of pictures, is a clip.
///
/// Pictures directly in the folder are a clip each when T = 1, and the frames of one clip otherwise. A sample is T
/// consecutive frames from a random first one, resized to H × W or cut out of the stored ones. Clips that are too short
/// or cannot be opened are skipped and noted. Errors: InputError when the folder is missing or holds no usable clip;
/// ShapeError for a batch or other channels.
class VideoFolder {
 public:
  explicit VideoFolder(const std::filesystem::path& folder, const VideoFolderOptions& options = {})
      : options_(options) {
    require_valid(options.shape, "VideoFolder");
    if (options.shape.n != 1 || (options.shape.f != 1 && options.shape.f != 3))
      throw ShapeError(sentence("VideoFolder: given the shape (N,T,H,W,F) = ", options.shape,
                                ", expected one video with 1 or 3 channels"));
    if (!std::filesystem::is_directory(folder))
      throw InputError(sentence(folder.string(), ": expected a folder of videos or pictures, found none"));
    std::vector<std::string> skipped;
    for (const auto& path : clip_paths(folder)) {
      Index frames = 0;
      try {
        frames = detail::announced_frames(path);
      } catch (const InputError&) {
        skipped.push_back(path.filename().string());
        continue;
      }
      if (frames >= options.shape.t)
        clips_.push_back(path);
      else
        skipped.push_back(path.filename().string());
    }
    if (!skipped.empty())
      notes_.push_back(sentence(folder.string(), ": skipped ", skipped.size(), " clips that are shorter than ",
                                Index(options.shape.t),
                                " frames or cannot be opened: ", detail::list_of_names(skipped)));
    if (clips_.empty())
      throw InputError(sentence(folder.string(), ": holds no video or folder of pictures with at least ",
                                Index(options.shape.t), " frames"));
  }

  Index size() const { return std::ssize(clips_); }
  Shape shape() const { return options_.shape; }
  const std::vector<std::string>& notes() const { return notes_; }

  template <class T>
  void sample(Index index, Random& random, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "VideoFolder::sample");
    detail::read_random_clip(clips_[static_cast<std::size_t>(index)], options_.framing, random, video);
  }

 private:
  std::vector<std::filesystem::path> clip_paths(const std::filesystem::path& folder) const {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const bool frames = entry.is_directory() && !frame_files(entry.path()).empty();
      if (frames || (entry.is_regular_file() && is_video_file(entry.path()))) paths.push_back(entry.path());
    }
    const auto pictures = frame_files(folder);
    if (options_.shape.t == 1)
      paths.insert(paths.end(), pictures.begin(), pictures.end());
    else if (!pictures.empty())
      paths.push_back(folder);
    std::ranges::sort(paths, [](const auto& a, const auto& b) { return detail::natural_less(a.string(), b.string()); });
    return paths;
  }

  VideoFolderOptions options_;
  std::vector<std::filesystem::path> clips_;
  std::vector<std::string> notes_;
};

}  // namespace videoonenet
