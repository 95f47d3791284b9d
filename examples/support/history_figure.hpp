// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The curves of a training as a picture: losses, PSNR and gradient norm over the epochs.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "videoonenet/train/training_history.hpp"

namespace figure {

/// One curve of a panel.
struct Curve {
  std::string name;
  cv::Scalar colour;
  std::vector<double> values;  ///< one an epoch
};

/// Whether a panel's values are drawn by their logarithm.
enum class Axis { linear, logarithmic };

/// A panel with axes, grid and legend.
inline cv::Mat panel(const std::string& title, const std::vector<Curve>& curves, Axis axis) {
  constexpr int width = 480, height = 320, left = 72, right = 16, top = 32, bottom = 36;
  const cv::Scalar black(40, 40, 40), grey(225, 225, 225);
  cv::Mat picture(height, width, CV_8UC3, cv::Scalar(255, 255, 255));
  const auto put = [&](const std::string& text, cv::Point at, const cv::Scalar& colour) {
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv::LINE_AA);
  };
  const auto drawn = [&](double v) { return axis == Axis::logarithmic ? std::log10(v) : v; };
  const auto can_be_drawn = [&](double v) { return std::isfinite(v) && (axis == Axis::linear || v > 0); };

  double low = 0, high = 0;
  std::size_t epochs = 0;
  bool any = false;
  for (const Curve& c : curves) {
    epochs = std::max(epochs, c.values.size());
    for (double v : c.values) {
      if (!can_be_drawn(v)) continue;
      low = any ? std::min(low, drawn(v)) : drawn(v);
      high = any ? std::max(high, drawn(v)) : drawn(v);
      any = true;
    }
  }
  const double margin = std::max(0.05 * (high - low), 1e-3);
  low -= margin;
  high += margin;
  const auto x_of = [&](double epoch) {
    const double last = std::max<double>(2, double(epochs));
    return left + (epoch - 1) / (last - 1) * (width - left - right);
  };
  const auto y_of = [&](double v) { return top + (high - v) / (high - low) * (height - top - bottom); };
  const auto point = [&](double epoch, double v) {
    return cv::Point(int(std::lround(x_of(epoch))), int(std::lround(y_of(v))));
  };

  put(title, {left, top - 12}, black);
  for (int k = 0; k <= 4; ++k) {
    const double v = low + (high - low) * k / 4;
    const int y = int(std::lround(y_of(v)));
    cv::line(picture, {left, y}, {width - right, y}, grey);
    char label[32];
    std::snprintf(label, sizeof label, "%.3g", axis == Axis::logarithmic ? std::pow(10, v) : v);
    put(label, {6, y + 4}, black);
  }
  const std::size_t step = std::max<std::size_t>(1, (epochs + 7) / 8);
  for (std::size_t e = 1; e <= std::max<std::size_t>(epochs, 2); e += step)
    put(std::to_string(e), {int(std::lround(x_of(double(e)))) - 4, height - bottom + 16}, black);
  put("epoch", {width / 2, height - 6}, black);
  cv::rectangle(picture, {left, top}, {width - right, height - bottom}, black);

  int legend = width - right - 8;
  for (const Curve& c : curves) {
    for (std::size_t i = 0; i < c.values.size(); ++i) {
      if (!can_be_drawn(c.values[i])) continue;
      const cv::Point at = point(double(i + 1), drawn(c.values[i]));
      cv::circle(picture, at, 2, c.colour, cv::FILLED, cv::LINE_AA);
      if (i > 0 && can_be_drawn(c.values[i - 1]))
        cv::line(picture, point(double(i), drawn(c.values[i - 1])), at, c.colour, 1, cv::LINE_AA);
    }
    int baseline = 0;
    legend -= cv::getTextSize(c.name, cv::FONT_HERSHEY_SIMPLEX, 0.4, 1, &baseline).width;
    put(c.name, {legend, top - 12}, c.colour);
    legend -= 12;
  }
  return picture;
}

/// The panels of a history, side by side.
inline cv::Mat draw_history(const std::vector<videoonenet::EpochRecord>& history) {
  const auto curve = [&](const char* name, const cv::Scalar& colour, double videoonenet::EpochRecord::* member) {
    Curve c{name, colour, {}};
    for (const auto& record : history) c.values.push_back(record.*member);
    return c;
  };
  using videoonenet::EpochRecord;
  // Losses in decibels are negative.
  const bool positive =
      std::ranges::all_of(history, [](const EpochRecord& r) { return r.training_loss > 0 && r.validation_loss > 0; });
  const cv::Scalar blue(180, 90, 20), orange(20, 110, 230), green(60, 140, 40);
  const std::vector<cv::Mat> panels{
      panel("loss",
            {curve("validation", orange, &EpochRecord::validation_loss),
             curve("training", blue, &EpochRecord::training_loss)},
            positive ? Axis::logarithmic : Axis::linear),
      panel("validation PSNR [dB]", {curve("", orange, &EpochRecord::validation_psnr)}, Axis::linear),
      panel("gradient norm", {curve("", green, &EpochRecord::gradient_norm)}, Axis::logarithmic)};
  cv::Mat sheet;
  cv::hconcat(panels, sheet);
  return sheet;
}

}  // namespace figure
