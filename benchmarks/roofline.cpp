// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Draws what `layer_benchmark --benchmark_format=json` has measured under the roofline of the machine it ran on:
//   roofline LAYERS.json PICTURE.png
// Each part of the network is a dot (forward) or a ring (adjoint) at its operational intensity and speed; the lines are
// the bandwidths of caches and memory up to the peak of multiply-adds.
#include <cmath>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

namespace {

struct Point {
  double intensity = 0, speed = 0;  ///< flop/byte, GFLOP/s
};

struct Part {
  std::string name;
  std::optional<Point> forward, adjoint;
};

struct Roof {
  std::string name;
  double bandwidth = 0;  ///< GB/s
};

struct Measured {
  double peak = 0;  ///< GFLOP/s
  std::vector<Roof> roofs;
  std::vector<Part> parts;
};

Measured read(const std::string& path) {
  const auto json = nlohmann::json::parse(std::ifstream(path));
  Measured m;
  const auto& context = json.at("context");
  m.peak = std::stod(context.at("GFLOP/s").get<std::string>());
  const std::string prefix = "GB/s of ";
  for (const auto& [key, value] : context.items())
    if (key.starts_with(prefix)) m.roofs.push_back({key.substr(prefix.size()), std::stod(value.get<std::string>())});
  std::ranges::sort(m.roofs, std::greater(), &Roof::bandwidth);
  for (const auto& b : json.at("benchmarks")) {
    std::string name = b.at("name");
    if (!name.starts_with("part/") || b.at("run_type") != "iteration") continue;
    name = name.substr(5, name.find("/real_time") - 5);
    const Point at{b.at("flop/byte"), b.at("GFLOP/s")};
    const bool adjoint = name.ends_with("/adjoint");
    name = name.substr(0, name.find('/'));
    if (m.parts.empty() || m.parts.back().name != name) m.parts.push_back({name, {}, {}});
    (adjoint ? m.parts.back().adjoint : m.parts.back().forward) = at;
  }
  if (m.parts.empty()) throw std::runtime_error(path + ": there are no parts of a network in it");
  return m;
}

/// A sheet with logarithmic axes on the left and a legend on the right.
class Drawing {
 public:
  Drawing(cv::Size2d from, cv::Size2d to) : from_(from), to_(to) {
    for (double decade = from.width; decade < to.width * 1.001; decade *= 10)
      for (int k = 1; k < 10 && decade * k < to.width * 1.001; ++k) {
        const cv::Point2d low = at({decade * k, from.height}), high = at({decade * k, to.height});
        line(low, high, k == 1 ? cv::Scalar(200, 200, 200) : cv::Scalar(238, 238, 238), 1);
        if (k == 1) text(label(decade), {low.x - 8, low.y + 18});
      }
    for (double decade = from.height; decade < to.height * 1.001; decade *= 10)
      for (int k = 1; k < 10 && decade * k < to.height * 1.001; ++k) {
        const cv::Point2d low = at({from.width, decade * k}), high = at({to.width, decade * k});
        line(low, high, k == 1 ? cv::Scalar(200, 200, 200) : cv::Scalar(238, 238, 238), 1);
        if (k == 1) text(label(decade), {low.x - 38, low.y + 4});
      }
    text("operational intensity [flop/byte]", {left + plot_width / 2 - 110, height - 8});
    text("GFLOP/s, one thread", {8, 20});
  }

  /// The lines of caches and memory, each named above its ridge, and the peak.
  void roofs(const Measured& m) {
    double row = at({1, m.peak}).y - 14;
    for (auto r = m.roofs.rbegin(); r != m.roofs.rend(); ++r, row -= 19) {  // the flattest line has the lowest name
      const double begin = std::max(from_.width, from_.height / r->bandwidth), ridge = m.peak / r->bandwidth;
      line(at({begin, begin * r->bandwidth}), at({ridge, m.peak}), grey, 2);
      line(at({ridge, m.peak}), {at({ridge, m.peak}).x, row - 4}, grey, 1);
      char name[64];
      std::snprintf(name, sizeof name, "%s: %.0f GB/s", r->name.c_str(), r->bandwidth);
      text(name, {at({ridge, m.peak}).x + 5, row}, grey);
    }
    line(at({m.peak / m.roofs.front().bandwidth, m.peak}), at({to_.width, m.peak}), grey, 2);
    char name[64];
    std::snprintf(name, sizeof name, "multiply-adds: %.0f GFLOP/s", m.peak);
    text(name, {left + plot_width - 210, at({1, m.peak}).y - 10}, grey);
  }
  void part(const Part& p, const cv::Scalar& colour) {
    if (p.forward) dot(at(*p.forward), colour, cv::FILLED);
    if (p.adjoint) dot(at(*p.adjoint), colour, 2);
    dot({left + plot_width + 30, legend_ - 4}, colour, cv::FILLED);
    text(p.name, {left + plot_width + 44, legend_});
    char speeds[96];
    const auto speed = [](const std::optional<Point>& at) { return at ? at->speed : 0; };
    if (p.adjoint)
      std::snprintf(speeds, sizeof speeds, "%.0f forward, %.0f adjoint", speed(p.forward), speed(p.adjoint));
    else
      std::snprintf(speeds, sizeof speeds, "%.0f", speed(p.forward));
    text(speeds, {left + plot_width + 44, legend_ + 16}, grey);
    legend_ += 44;
  }
  void note(const std::string& words) { text(words, {left + plot_width + 24, legend_}, grey); }
  void write(const std::string& path) const {
    cv::Mat half;
    cv::resize(sheet_, half, {}, 0.75, 0.75, cv::INTER_AREA);
    if (!cv::imwrite(path, half, {cv::IMWRITE_PNG_COMPRESSION, 9}))
      throw std::runtime_error(path + " cannot be written");
  }

 private:
  static constexpr double left = 56, top = 36, plot_width = 700, plot_height = 480, width = 1010, height = 568;
  static constexpr double scale = 2;  // drawn larger, for smooth lines
  const cv::Scalar black{40, 40, 40}, grey{110, 110, 110};

  cv::Point2d at(const Point& p) const {
    const double x = std::log(p.intensity / from_.width) / std::log(to_.width / from_.width);
    const double y = std::log(p.speed / from_.height) / std::log(to_.height / from_.height);
    return {left + x * plot_width, top + (1 - y) * plot_height};
  }
  static std::string label(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
  }
  static cv::Point pixel(cv::Point2d p) { return {int(std::lround(p.x * scale)), int(std::lround(p.y * scale))}; }
  void line(cv::Point2d a, cv::Point2d b, const cv::Scalar& colour, int thickness) {
    cv::line(sheet_, pixel(a), pixel(b), colour, thickness * int(scale), cv::LINE_AA);
  }
  void dot(cv::Point2d p, const cv::Scalar& colour, int thickness) {
    const int pen = thickness == cv::FILLED ? cv::FILLED : thickness * int(scale);
    cv::circle(sheet_, pixel(p), int(5 * scale), colour, pen, cv::LINE_AA);
  }
  void text(const std::string& words, cv::Point2d p) { text(words, p, black); }
  void text(const std::string& words, cv::Point2d p, const cv::Scalar& colour) {
    cv::putText(sheet_, words, pixel(p), cv::FONT_HERSHEY_SIMPLEX, 0.45 * scale, colour, int(scale), cv::LINE_AA);
  }

  cv::Size2d from_, to_;
  cv::Mat sheet_{int(height * scale), int(width* scale), CV_8UC3, cv::Scalar(255, 255, 255)};
  double legend_ = top + 12;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error(std::string("usage: ") + argv[0] + " LAYERS.json PICTURE.png");
  const Measured m = read(argv[1]);
  Drawing drawing({0.1, 1}, {1000, 1000});
  drawing.roofs(m);
  const cv::Scalar colours[] = {{180, 90, 20}, {20, 110, 230}, {60, 140, 40},  {150, 40, 130},
                                {40, 40, 200}, {150, 150, 0},  {100, 70, 140}, {30, 30, 30}};
  for (std::size_t i = 0; i < m.parts.size(); ++i) drawing.part(m.parts[i], colours[i % std::size(colours)]);
  drawing.note("dot: forward, ring: adjoint");
  drawing.write(argv[2]);
  return 0;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
