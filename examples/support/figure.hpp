// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Draws a sheet of labelled rows of frames.

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "support/sheet.hpp"
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

inline constexpr double font_scale = 0.4;

inline int text_width(const std::string& text) {
  int baseline = 0;
  return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, font_scale, 1, &baseline).width;
}
inline void put(cv::Mat& sheet, const std::string& text, cv::Point at, cv::Scalar colour) {
  cv::putText(sheet, text, at, cv::FONT_HERSHEY_SIMPLEX, font_scale, colour, 1, cv::LINE_AA);
}

/// Writes a PNG, atomically.
/// Errors: InputError when it cannot be written.
inline void write_png(const std::filesystem::path& path, const cv::Mat& picture) {
  videoonenet::Bytes bytes;
  if (!cv::imencode(".png", picture, bytes))
    throw videoonenet::Error(videoonenet::sentence(path.string(), ": OpenCV cannot encode PNG"));
  videoonenet::write_bytes(path, {bytes});
}

/// Draws a white sheet on which the strips are placed, every frame shown at the same size.
inline cv::Mat draw(const program::Sheet& described) {
  const double target = double(described.target_height), height_of_frame = double(described.height);
  const double factor = double(std::max<Index>(1, described.target_height / std::max<Index>(1, described.height)));
  const double scale = factor * std::min(1.0, target / height_of_frame);
  const cv::Size cell(std::max(1, int(std::lround(double(described.width) * scale))),
                      std::max(1, int(std::lround(height_of_frame * scale))));
  constexpr int gap = 3, margin = 10, text = 16;
  const auto strip_width = [&](const program::Strip& s) {
    const int frames = int(s.frames.shape().t) * (cell.width + gap);
    return std::max(frames, text_width(s.caption)) + margin;
  };
  int width = 0, height = margin;
  for (const program::Sheet::Row& r : described.rows) {
    int row_width = margin;
    for (const program::Strip& s : r.strips) row_width += strip_width(s);
    width = std::max({width, row_width, text_width(r.label) + 2 * margin});
    height += (r.label.empty() ? 0 : text) + text + cell.height + margin;
  }
  cv::Mat sheet(height, width, CV_8UC3, cv::Scalar(255, 255, 255));
  int top = margin;
  for (const program::Sheet::Row& r : described.rows) {
    if (!r.label.empty()) put(sheet, r.label, {margin, top + text - 4}, {160, 60, 0});
    top += r.label.empty() ? 0 : text;
    int left = margin;
    for (const program::Strip& s : r.strips) {
      put(sheet, s.caption, {left, top + text - 4}, {40, 40, 40});
      int x = left;
      for (Index t = 0; t < s.frames.shape().t; ++t) {
        const cv::Mat f = frame_picture(s.frames.view(), t);
        cv::Mat scaled;
        cv::resize(f, scaled, cell, 0, 0, f.rows < cell.height ? cv::INTER_NEAREST : cv::INTER_AREA);
        scaled.copyTo(sheet(cv::Rect({x, top + text}, cell)));
        x += cell.width + gap;
      }
      left += strip_width(s);
    }
    top += text + cell.height + margin;
  }
  return sheet;
}

}  // namespace figure
