// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures of videos side by side: a sheet of labelled rows of frames.

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "videoonenet/io/image.hpp"

namespace figure {

using videoonenet::Index;
using videoonenet::View;

/// A video that can be shown: of three channels, or of one that is the mean of however many there are.
inline videoonenet::Tensor<float> viewable(View<const float> video) {
  videoonenet::Shape s = video.shape;
  const Index channels = s.f;
  if (channels != 3) s.f = 1;
  videoonenet::Tensor<float> result(s);
  const Index group = channels / Index(s.f);
  for (Index i = 0; i < result.size(); ++i) {
    for (Index k = 0; k < group; ++k) result[i] += video.data[i * group + k];
    result[i] /= float(group);
  }
  return result;
}

/// One frame as an 8-bit BGR picture; values are clipped to [0, 1], what is not of three channels becomes grey.
inline cv::Mat frame_picture(View<const float> video, Index t) {
  const auto& s = video.shape;
  const View<const float> frame{video.data + t * s.frame_size(), {.h = Index(s.h), .w = Index(s.w), .f = Index(s.f)}};
  const auto shown = viewable(frame);
  cv::Mat picture = videoonenet::detail::to_picture<float>(shown.view(), "frame_picture");
  if (picture.channels() == 1) cv::cvtColor(picture, picture, cv::COLOR_GRAY2BGR);
  return picture;
}

/// Frames of one video with a caption above them.
struct Strip {
  std::string caption;
  std::vector<cv::Mat> frames;
};

/// At most `count` frames of a video, spread evenly from the first to the last.
inline std::vector<Index> pick_frames(Index frames, Index count) {
  count = std::min(frames, count);
  std::vector<Index> picked;
  for (Index i = 0; i < count; ++i) picked.push_back(count == 1 ? 0 : i * (frames - 1) / (count - 1));
  return picked;
}

/// The given frames of a video as a strip.
inline Strip strip(const std::string& caption, View<const float> video, const std::vector<Index>& frames) {
  Strip result{caption, {}};
  for (Index t : frames) result.frames.push_back(frame_picture(video, t));
  return result;
}

/// A white sheet on which rows of strips are placed, every frame shown at the same size.
class Sheet {
 public:
  /// Frames of `frame` pixels are enlarged by a whole factor, or reduced, to about `target_height` rows.
  Sheet(cv::Size frame, int target_height) {
    const double factor = std::max(1, target_height / std::max(1, frame.height));
    const double shrink = std::min(1.0, double(target_height) / frame.height);
    cell_ = cv::Size(std::max(1, int(std::lround(frame.width * factor * shrink))),
                     std::max(1, int(std::lround(frame.height * factor * shrink))));
  }

  /// Adds a row; the label stands above it.
  void row(const std::string& label, const std::vector<Strip>& strips) { rows_.push_back({label, strips}); }

  /// Writes the sheet as a PNG, atomically.
  void write(const std::filesystem::path& path) const {
    videoonenet::Bytes bytes;
    if (!cv::imencode(".png", draw(), bytes))
      throw videoonenet::Error(videoonenet::sentence(path.string(), ": OpenCV cannot encode PNG"));
    videoonenet::write_bytes(path, {bytes});
  }

  /// Draws the sheet.
  cv::Mat draw() const {
    constexpr int gap = 3, margin = 10, text = 16;
    const auto strip_width = [&](const Strip& s) {
      const int frames = int(s.frames.size()) * (cell_.width + gap);
      return std::max(frames, text_width(s.caption)) + margin;
    };
    int width = 0, height = margin;
    for (const Row& r : rows_) {
      int row_width = margin;
      for (const Strip& s : r.strips) row_width += strip_width(s);
      width = std::max({width, row_width, text_width(r.label) + 2 * margin});
      height += (r.label.empty() ? 0 : text) + text + cell_.height + margin;
    }
    cv::Mat sheet(height, width, CV_8UC3, cv::Scalar(255, 255, 255));
    int top = margin;
    for (const Row& r : rows_) {
      if (!r.label.empty()) put(sheet, r.label, {margin, top + text - 4}, {160, 60, 0});
      top += r.label.empty() ? 0 : text;
      int left = margin;
      for (const Strip& s : r.strips) {
        put(sheet, s.caption, {left, top + text - 4}, {40, 40, 40});
        int x = left;
        for (const cv::Mat& f : s.frames) {
          cv::Mat scaled;
          cv::resize(f, scaled, cell_, 0, 0, f.rows < cell_.height ? cv::INTER_NEAREST : cv::INTER_AREA);
          scaled.copyTo(sheet(cv::Rect({x, top + text}, cell_)));
          x += cell_.width + gap;
        }
        left += strip_width(s);
      }
      top += text + cell_.height + margin;
    }
    return sheet;
  }

 private:
  struct Row {
    std::string label;
    std::vector<Strip> strips;
  };
  static constexpr double font_scale = 0.4;

  static int text_width(const std::string& text) {
    int baseline = 0;
    return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, font_scale, 1, &baseline).width;
  }
  static void put(cv::Mat& sheet, const std::string& text, cv::Point at, cv::Scalar colour) {
    cv::putText(sheet, text, at, cv::FONT_HERSHEY_SIMPLEX, font_scale, colour, 1, cv::LINE_AA);
  }

  cv::Size cell_;
  std::vector<Row> rows_;
};

}  // namespace figure
