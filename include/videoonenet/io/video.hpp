// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Videos and directories of frames, through OpenCV.

#include <algorithm>
#include <array>
#include <cctype>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>

#include "videoonenet/io/image.hpp"

namespace videoonenet {

/// Which frames of a video are read, and how they are stored.
struct VideoOptions {
  Index start = 0;                  ///< first frame
  std::optional<Index> frames{};    ///< number of frames; all from `start` on when absent
  std::optional<FrameSize> size{};  ///< resize to this by area averaging; as stored when absent [pixels]
  Color color = Color::rgb;
};

namespace detail {

inline std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Orders names as people do: frame2 before frame10.
inline bool natural_less(const std::string& a, const std::string& b) {
  const auto digit = [](const std::string& s, std::size_t i) { return i < s.size() && s[i] >= '0' && s[i] <= '9'; };
  const auto number = [&](const std::string& s, std::size_t& i) {
    std::size_t end = i;
    while (digit(s, end)) ++end;
    const auto first = std::min(s.find_first_not_of('0', i), end);
    std::string value = s.substr(first, end - first);
    i = end;
    return std::pair(value.size(), value);
  };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a, i) && digit(b, j)) {
      const auto m = number(a, i), n = number(b, j);
      if (m != n) return m < n;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  const auto left = a.size() - i, other_left = b.size() - j;
  return left != other_left ? left < other_left : a < b;
}

inline cv::VideoCapture open_video(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw InputError(sentence(path.string(), ": the file does not exist"));
  // The image-sequence backend would take "clip%d" as a pattern and prints when it fails.
  const auto backends = cv::videoio_registry::getStreamBackends();
  const bool ffmpeg = std::ranges::find(backends, cv::CAP_FFMPEG) != backends.end();
  cv::VideoCapture capture;
  try {
    capture.open(path.string(), ffmpeg ? cv::CAP_FFMPEG : cv::CAP_ANY);
  } catch (const cv::Exception&) {
    capture.release();
  }
  if (!capture.isOpened())
    throw InputError(sentence(path.string(), ": not a video that can be decoded, or it is damaged"));
  return capture;
}

/// The frames read so far, still in 8 or 16 bits.
class FrameCollector {
 public:
  FrameCollector(const VideoOptions& options, std::string name) : options_(options), name_(std::move(name)) {
    if (options.start < 0) throw InputError(sentence(name_, ": a first frame of ", options.start, " is negative"));
    if (options.frames && *options.frames <= 0)
      throw InputError(sentence(name_, ": ", *options.frames, " frames were asked for, expected at least one"));
  }
  bool complete() const { return options_.frames && std::ssize(frames_) >= *options_.frames; }

  void add(const cv::Mat& picture, const std::string& name) {
    cv::Mat frame = resized(picture, {.size = options_.size}, name);
    if (!frames_.empty() && (frame.size() != frames_[0].size() || frame.type() != frames_[0].type()))
      throw InputError(sentence(name, ": the frame is ", frame.rows, "x", frame.cols, ", but the first one is ",
                                frames_[0].rows, "x", frames_[0].cols, "; give a size to resize to"));
    frames_.push_back(options_.size ? frame : frame.clone());
  }

  template <class T>
  Tensor<T> finish(Index found) const {
    if (frames_.empty() || (options_.frames && std::ssize(frames_) < *options_.frames))
      throw InputError(sentence(name_, ": has ", found, " frames, but ", options_.frames.value_or(1), " from frame ",
                                options_.start, " on were asked for"));
    const Index channels = options_.color == Color::rgb ? 3 : 1;
    Tensor<T> video({.t = std::ssize(frames_), .h = frames_[0].rows, .w = frames_[0].cols, .f = channels});
    for (std::size_t t = 0; t < frames_.size(); ++t)
      to_frame(frames_[t], options_.color, video.data() + static_cast<Index>(t) * video.shape().frame_size());
    return video;
  }

 private:
  VideoOptions options_;
  std::string name_;
  std::vector<cv::Mat> frames_;
};

}  // namespace detail

/// Whether the name ends like a picture's.
inline bool is_image_file(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 10> known{".png", ".jpg", ".jpeg", ".bmp",  ".pgm",
                                                   ".ppm", ".pnm", ".tif",  ".tiff", ".webp"};
  return std::ranges::find(known, detail::lower_case(path.extension().string())) != known.end();
}

/// Whether the name ends like a video's.
inline bool is_video_file(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 8> known{".avi", ".mp4", ".mkv", ".mov", ".webm", ".mpg", ".mpeg", ".m4v"};
  return std::ranges::find(known, detail::lower_case(path.extension().string())) != known.end();
}

/// The pictures of a directory in the order people count: frame2 before frame10.
/// Errors: InputError when the directory cannot be read.
inline std::vector<std::filesystem::path> frame_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (entry.is_regular_file() && is_image_file(entry.path())) files.push_back(entry.path());
  if (error) throw InputError(sentence(directory.string(), ": the directory cannot be read (", error.message(), ")"));
  std::ranges::sort(files, [](const auto& a, const auto& b) {
    return detail::natural_less(a.filename().string(), b.filename().string());
  });
  return files;
}

/// Number of frames of a video file (by decoding it), a directory of frames, or a picture.
/// Errors: InputError when the file is missing or cannot be decoded.
inline Index count_frames(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return std::ssize(frame_files(path));
  if (is_image_file(path)) return detail::decode_picture(path).empty() ? 0 : 1;
  cv::VideoCapture capture = detail::open_video(path);
  Index count = 0;
  while (capture.grab()) ++count;
  return count;
}

/// Reads a video file, a directory of frames, or a picture as one video (1,T,H,W,F) with values in [0, 1].
///
/// Frames before `start` are decoded and dropped, because seeking is inexact in many formats.
/// Errors: InputError when the file is missing, cannot be decoded, has fewer frames than asked for, or frames of
/// different sizes.  Cost: decoding start + frames frames; 8-bit frames are kept until all are there.
template <class T>
Tensor<T> read_video(const std::filesystem::path& path, const VideoOptions& options = {}) {
  detail::FrameCollector collector(options, path.string());
  if (std::filesystem::is_directory(path) || is_image_file(path)) {
    const auto files = std::filesystem::is_directory(path) ? frame_files(path) : std::vector{path};
    if (files.empty()) throw InputError(sentence(path.string(), ": the directory holds no pictures"));
    for (Index i = options.start; i < std::ssize(files) && !collector.complete(); ++i) {
      const auto& file = files[static_cast<std::size_t>(i)];
      collector.add(detail::decode_picture(file), file.string());
    }
    return collector.finish<T>(std::ssize(files));
  }
  cv::VideoCapture capture = detail::open_video(path);
  Index position = 0;
  for (cv::Mat frame; !collector.complete() && capture.grab(); ++position) {
    if (position < options.start) continue;
    if (!capture.retrieve(frame) || frame.empty() || frame.type() != CV_8UC3)
      throw InputError(sentence(path.string(), ": frame ", position, " cannot be decoded"));
    collector.add(frame, sentence(path.string(), ", frame ", position));
  }
  return collector.finish<T>(position);
}

/// How a video file is written.
struct Mp4Options {
  double frames_per_second = 25;
  Index magnification = 1;  ///< every pixel becomes a square of this side, so that small videos can be looked at
};

/// Writes one video (1,T,H,W,F), F = 1 or 3, atomically as .mp4 (MPEG-4 part 2); values are clamped to [0, 1].
///
/// The format needs even sides: an odd one is extended by repeating its last row or column.
/// Errors: ShapeError for other shapes; InputError when it cannot be written or the name does not end in .mp4.
template <class T>
void write_mp4(const std::filesystem::path& path, View<T> video, const Mp4Options& options = {}) {
  using Scalar = std::remove_const_t<T>;
  const Shape s = video.shape;
  require_valid(s, "write_mp4");
  if (s.n != 1) throw ShapeError(sentence("write_mp4: given a batch of ", Index(s.n), " videos, expected one"));
  if (detail::lower_case(path.extension().string()) != ".mp4")
    throw InputError(sentence(path.string(), ": the name of a video to write must end in .mp4"));
  if (!(options.frames_per_second > 0) || options.magnification < 1 || options.magnification > 64)
    throw InputError("write_mp4: frames_per_second must be positive and magnification from 1 to 64");
  const Shape frame_shape{.h = s.h, .w = s.w, .f = s.f};
  const int scale = static_cast<int>(options.magnification), width = static_cast<int>(Index(s.w)) * scale;
  const int height = static_cast<int>(Index(s.h)) * scale;
  const cv::Size size(width + width % 2, height + height % 2);
  AtomicFile target(path);
  cv::VideoWriter writer;
  for (Index t = 0; t < s.t; ++t) {
    const View<const Scalar> frame{video.data + t * s.frame_size(), frame_shape};
    cv::Mat picture = detail::to_picture<Scalar>(frame, "write_mp4"), large, even;
    if (picture.channels() == 1) cv::cvtColor(picture, picture, cv::COLOR_GRAY2BGR);
    cv::resize(picture, large, cv::Size(width, height), 0, 0, cv::INTER_NEAREST);
    cv::copyMakeBorder(large, even, 0, height % 2, 0, width % 2, cv::BORDER_REPLICATE);
    if (t == 0 && !writer.open(target.temporary().string(), cv::VideoWriter::fourcc('m', 'p', '4', 'v'),
                               options.frames_per_second, size))
      throw InputError(sentence(path.string(), ": cannot be written as .mp4 (no permission, or OpenCV lacks a codec)"));
    writer.write(even);
  }
  writer.release();
  target.commit();
}

}  // namespace videoonenet
