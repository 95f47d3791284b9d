// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What restore writes, checked against scores computed here from the written arrays.
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "programs/programs.hpp"

namespace restore_outputs_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

double squared_error(const Tensor<float>& a, const Tensor<float>& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += std::pow(double(a[i]) - double(b[i]), 2);
  return sum;
}

/// SSIM straight from its definition: every valid position of an 11 × 11 Gaussian window.
double ssim_by_definition(const Tensor<float>& x, const Tensor<float>& y) {
  const Shape s = x.shape();
  double window[11][11], total = 0, sum = 0;
  for (int i = 0; i < 11; ++i)
    for (int j = 0; j < 11; ++j) total += window[i][j] = std::exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / 4.5);
  Index positions = 0;
  for (Index t = 0; t < s.t; ++t)
    for (Index f = 0; f < s.f; ++f)
      for (Index h = 0; h + 11 <= s.h; ++h)
        for (Index w = 0; w + 11 <= s.w; ++w, ++positions) {
          double mx = 0, my = 0, vx = 0, vy = 0, cov = 0;
          const auto each = [&](auto&& body) {
            for (int i = 0; i < 11; ++i)
              for (int j = 0; j < 11; ++j)
                body(window[i][j] / total, double(x[s.offset(0, t, h + i, w + j, f)]),
                     double(y[s.offset(0, t, h + i, w + j, f)]));
          };
          each([&](double g, double a, double b) { mx += g * a, my += g * b; });
          each([&](double g, double a, double b) {
            vx += g * (a - mx) * (a - mx), vy += g * (b - my) * (b - my), cov += g * (a - mx) * (b - my);
          });
          sum += (2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx * mx + my * my + 1e-4) * (vx + vy + 9e-4));
        }
  return sum / double(positions);
}

std::vector<std::string> keys_of(const Workshop& shop, const std::string& name) {
  std::vector<std::string> keys;
  const auto ordered = nlohmann::ordered_json::parse(shop.text(name));
  for (const auto& [key, value] : ordered.items()) keys.push_back(key);
  return keys;
}

const std::vector<std::string> metric_names{
    "problem",       "method",  "psnr",         "ssim",  "nmse", "iterations", "primal_residual",
    "data_residual", "seconds", "peak_rss_mib", "shape", "rho",  "lambda",     "seed"};

}  // namespace

TEST_CASE("restore writes every file of the contract, and its scores are those of the written arrays") {
  const Workshop shop;
  const Tensor<float> restored = shop.pictured(tiny + "--ratio 0.7 --noise 0.05 --seed 9", "out");
  CHECK(shop.files("out") == result_files);

  const Shape shape{.t = 3, .h = 12, .w = 16, .f = 3};
  for (const char* name : {"out/truth.npy", "out/restored.npy"}) {
    const Bytes bytes = shop.file(name);
    const RawArray raw = parse_npy(bytes, name);
    CHECK(raw.type == NumberType::f32);
    CHECK(raw.extents == std::vector<Index>{3, 12, 16, 3});
  }
  const Bytes measurement = shop.file("out/measurement.npy");
  const RawArray raw = parse_npy(measurement, "measurement.npy");
  CHECK(raw.type == NumberType::f32);
  CHECK(raw.extents == std::vector<Index>{shape.size()});

  const Safetensors a(shop / "out/operator.safetensors");
  CHECK(a.metadata() ==
        std::map<std::string, std::string>{
            {"key", "pixel_inpaint"}, {"shape", "3,12,16,3"}, {"ratio", "0.7"}, {"noise", "0.05"}, {"seed", "9"}});
  CHECK(a.names() == std::vector<std::string>{"mask"});
  CHECK(a.extents("mask") == std::vector<Index>{3, 12, 16, 3});
  const Buffer<float> mask = a.values<float>("mask");
  double kept = 0;
  for (float m : mask) kept += m;
  CHECK(kept / double(shape.size()) == Approx(0.7).margin(0.06));

  const Tensor<float> truth = shop.array("out/truth.npy"), y = shop.array("out/measurement.npy");
  double noise = 0, misfit = 0, norm = 0, power = 0;
  for (Index i = 0; i < shape.size(); ++i) {
    noise += std::pow(double(y[i]) - double(mask[i] * truth[i]), 2);
    misfit += std::pow(double(y[i]) - double(mask[i] * restored[i]), 2);
    norm += std::pow(double(y[i]), 2);
    power += std::pow(double(truth[i]), 2);
  }
  CHECK(std::sqrt(noise / double(shape.size())) == Approx(0.05).epsilon(0.1));

  const nlohmann::json metrics = shop.json("out/metrics.json");
  const double error = squared_error(restored, truth);
  CHECK(keys_of(shop, "out/metrics.json") == metric_names);
  CHECK(metrics["problem"] == "pixel_inpaint");
  CHECK(metrics["method"] == "wavelet");
  CHECK(metrics["psnr"].get<double>() == Approx(10 * std::log10(double(shape.size()) / error)).epsilon(1e-6));
  CHECK(metrics["ssim"].get<double>() == Approx(ssim_by_definition(restored, truth)).epsilon(1e-6));
  CHECK(metrics["nmse"].get<double>() == Approx(error / power).epsilon(1e-6));
  CHECK(metrics["data_residual"].get<double>() == Approx(std::sqrt(misfit / norm)).epsilon(1e-5));
  CHECK(metrics["iterations"] == 5);
  CHECK(metrics["primal_residual"].get<double>() > 0);
  CHECK(metrics["seconds"].get<double>() > 0);
  CHECK(metrics["peak_rss_mib"].get<double>() > 1);
  CHECK(metrics["shape"] == std::vector<int>{3, 12, 16, 3});
  CHECK(metrics["rho"] == 0.1);
  CHECK(metrics["lambda"].get<double>() == Approx(0.003 + 1.2 * 0.05));
  CHECK(metrics["seed"] == 9);
}

TEST_CASE("the pictures can be opened and show the video") {
  const Workshop shop;
  shop.pictured(tiny + "--problem center_inpaint --method least_squares", "out");
  const cv::Mat sheet = cv::imread((shop / "out/comparison.png").string(), cv::IMREAD_COLOR);
  REQUIRE_FALSE(sheet.empty());
  CHECK(sheet.cols > 3 * 16);
  CHECK(sheet.rows > 3 * 12);
  cv::VideoCapture capture((shop / "out/restored.mp4").string());
  REQUIRE(capture.isOpened());
  const Tensor<float> restored = shop.array("out/restored.npy");
  int frames = 0;
  for (cv::Mat frame; capture.read(frame); ++frames) {
    const cv::Scalar shown = cv::mean(frame);
    double mean = 0;
    for (Index i = 0; i < 12 * 16 * 3; ++i)
      mean += std::clamp(double(restored[frames * 12 * 16 * 3 + i]), 0., 1.) / (12 * 16 * 3);
    CHECK((shown[0] + shown[1] + shown[2]) / 3 / 255 == Approx(mean).margin(0.03));
  }
  CHECK(frames == 3);
}

TEST_CASE("a picture gives no video, and the one of an earlier run goes away") {
  const Workshop shop;
  shop.pictured(tiny, "out");
  write_npy(shop / "photo.npy", uniform_video({.h = 9, .w = 8, .f = 3}).view());
  const Tensor<float> restored = shop.pictured("--input photo.npy --threads 1 --iterations 3", "out");
  CHECK(restored.shape() == Shape{.h = 9, .w = 8, .f = 3});
  CHECK(shop.files("out") == std::vector<std::string>{"comparison.png", "measurement.npy", "metrics.json",
                                                      "operator.safetensors", "restored.npy", "truth.npy"});
  CHECK(same(shop.array("out/truth.npy"), shop.array("photo.npy")));
  shop.restored(tiny, "out");
  CHECK(shop.files("out") == files_without_pictures);
}

TEST_CASE("the input is the part of the video that was asked for") {
  const Workshop shop;
  const Tensor<float> video = uniform_video({.t = 5, .h = 6, .w = 4, .f = 1});
  write_npy(shop / "x.npy", video.view());
  shop.restored("--input x.npy --start 2 --frames 2 --method least_squares --threads 1", "out");
  CHECK(std::ranges::equal(shop.array("out/truth.npy").flat(), video.flat().subspan(48, 48)));
  shop.restored("--input synthetic:strokes --gray --size 10x8 --frames 2 --method least_squares --threads 1", "gray");
  CHECK(shop.array("gray/truth.npy").shape() == Shape{.t = 2, .h = 10, .w = 8, .f = 1});
}

TEST_CASE("numbers that a method does not have, or that are infinite, are null") {
  const Workshop shop;
  write_npy(shop / "gray.npy", uniform_video({.t = 2, .h = 6, .w = 5}).view());
  shop.restored("--input gray.npy --problem colorization --method least_squares --threads 1", "ls");
  const nlohmann::json exact = shop.json("ls/metrics.json");
  CHECK(exact["psnr"].is_null());  // the identity is undone without error
  CHECK(exact["nmse"] == 0);
  CHECK(exact["data_residual"] == 0);
  CHECK(exact["rho"].is_null());
  CHECK(exact["lambda"].is_null());
  shop.restored(tiny + "--problem disk_blur --method wiener", "wiener");
  CHECK(shop.json("wiener/metrics.json")["lambda"].get<double>() == Approx(1e-6));
  shop.restored(tiny + "--method tikhonov", "tikhonov");
  CHECK(shop.json("tikhonov/metrics.json")["rho"] == 0.3);
  shop.restored(tiny + "--method tv", "tv");
  CHECK(shop.json("tv/metrics.json")["lambda"].get<double>() == Approx(0.002 + 0.4 * 0.1));
}

TEST_CASE("every method restores what it suits, better than nothing") {
  const Workshop shop;
  const std::string clip = "--input synthetic --size 32x40 --frames 4 --iterations 60 --threads 1 ";
  const auto psnr = [&](const std::string& problem, const std::string& method) {
    shop.restored(clip + "--problem " + problem + " --method " + method, problem + method);
    return shop.json(problem + method + "/metrics.json")["psnr"].get<double>();
  };
  const double filled = psnr("pixel_inpaint", "least_squares");
  CHECK(psnr("pixel_inpaint", "wavelet") > filled + 5);
  CHECK(psnr("pixel_inpaint", "tv") > filled + 5);
  CHECK(psnr("super_resolution", "bicubic") > psnr("super_resolution", "least_squares"));
  CHECK(psnr("disk_blur", "wiener") > psnr("disk_blur", "tikhonov"));
}

}  // namespace restore_outputs_test
