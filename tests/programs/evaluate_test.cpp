// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// evaluate by its contract, on synthetic videos.
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "programs/programs.hpp"

namespace evaluate_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string small = "--dataset synthetic --shape 4,16,16,3 --videos 2 --iterations 3 ";

/// The lines of a CSV, their time aside, by "method problem ratio".
std::map<std::string, std::string> scores(const Workshop& shop, const std::string& name) {
  std::istringstream lines(shop.text(name));
  std::string line;
  std::getline(lines, line);
  REQUIRE(line == "dataset,method,problem,ratio,psnr_mean,psnr_std,ssim_mean,videos,seconds");
  std::map<std::string, std::string> result;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 9);
    CHECK(std::stod(cells[8]) >= 0);
    const bool is_new =
        result.emplace(cells[1] + " " + cells[2] + " " + cells[3], line.substr(0, line.rfind(','))).second;
    CHECK(is_new);
  }
  return result;
}

std::map<std::string, std::string> evaluated(const Workshop& shop, const std::string& arguments) {
  const Run r = shop.evaluate(arguments + " --csv out.csv");
  INFO(arguments << "\n" << r.err);
  REQUIRE(r.code == 0);
  CHECK(r.err.empty());
  return scores(shop, "out.csv");
}

void refuses(const Workshop& shop, const std::string& arguments, const std::string& saying) {
  const Run r = shop.evaluate(arguments);
  INFO(arguments << "\n" << r.err);
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, "evaluate"));
  CHECK_THAT(r.err, ContainsSubstring(saying));
  CHECK_FALSE(std::filesystem::exists(shop / "no.csv"));
}

}  // namespace

TEST_CASE("evaluate writes the table, its Markdown and the figure for all problems") {
  const Workshop shop;
  const Run r = shop.evaluate(small +
                              "--method least_squares wavelet wiener,bicubic --csv a.csv --markdown a.md "
                              "--figure a.png");
  INFO(r.err);
  REQUIRE(r.code == 0);
  CHECK(r.err.empty());
  const auto rows = scores(shop, "a.csv");
  CHECK(rows.size() == 15 + 15 + 3 + 2);  // wiener undoes three blurs, bicubic two subsamplings
  for (const auto& [key, row] : rows) CHECK(row.starts_with("synthetic,"));
  for (const char* key : {"least_squares super_resolution 0.25", "wavelet disk_blur ", "bicubic super_resolution 0.5",
                          "wiener temporal_disk_blur ", "wavelet frame_prediction 0.75"}) {
    INFO(key);
    REQUIRE(rows.contains(key));
    CHECK(rows.at(key).ends_with(",2"));
  }
  const std::string markdown = shop.text("a.md");
  CHECK(r.out == markdown);
  CHECK_THAT(markdown, ContainsSubstring("| PSNR [dB] | PID | BI | SI | SR2 | SR4 | CS | VCS | DD | TDD | MD | FI2 |"));
  CHECK_THAT(markdown, ContainsSubstring("| bicubic | – |"));
  const cv::Mat figure = cv::imread((shop / "a.png").string(), cv::IMREAD_COLOR);
  CHECK(figure.rows > 15 * 64);
  CHECK(figure.cols > 3 * 4 * 64);
}

TEST_CASE("a row depends neither on the other methods nor on the other problems nor on the threads") {
  const Workshop shop;
  const auto alone = evaluated(shop, small + "--method least_squares --threads 1");
  const auto together = evaluated(shop, small + "--method wavelet least_squares --threads 2");
  CHECK(alone.size() == 15);
  CHECK(together.size() == 30);
  for (const auto& [key, row] : alone) CHECK(together.at(key) == row);
  const auto few = evaluated(
      shop, small + "--method least_squares --problems super_resolution:0.25,pixel_inpaint,compressive_sensing");
  CHECK(few.size() == 3);
  for (const auto& [key, row] : few) CHECK(alone.at(key) == row);
  const auto other = evaluated(shop, small + "--method least_squares --problems pixel_inpaint --seed 7");
  CHECK(other.at("least_squares pixel_inpaint 0.5") != alone.at("least_squares pixel_inpaint 0.5"));
}

TEST_CASE("the scores are means over the videos, the deviation is the population's") {
  const Workshop shop;
  const auto numbers = [&](const std::string& videos) {
    const auto rows = evaluated(shop,
                                "--dataset synthetic:strokes --shape 2,16,16,1 --threads 1 --method least_squares "
                                "--problems frame_prediction:0.5 --videos " +
                                    videos);
    std::istringstream row(rows.at("least_squares frame_prediction 0.5"));
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    CHECK(cells[0] == "synthetic:strokes");
    return std::vector<double>{std::stod(cells[4]), std::stod(cells[5])};
  };
  // Two unknown scores a, b: one video gives a, two give (a + b)/2 and |a − b|/2.
  const auto one = numbers("1"), two = numbers("2");
  CHECK(one[1] == 0);
  CHECK(two[1] > 0);
  CHECK(std::abs(two[0] - one[0]) == Approx(two[1]).margin(2e-4));
}

TEST_CASE("problems may be named with their ratios, methods more than once") {
  const Workshop shop;
  const auto rows = evaluated(shop, small + "--method tv tv --problems super_resolution:0.25,frame_prediction:0.5");
  CHECK(rows.size() == 2);
  CHECK(rows.contains("tv super_resolution 0.25"));
  CHECK(rows.contains("tv frame_prediction 0.5"));
}

TEST_CASE("noise that is named with a problem is added to its measurements") {
  const Workshop shop;
  const auto rows = evaluated(shop,
                              "--dataset synthetic --shape 4,16,16,3 --videos 1 --method least_squares "
                              "--problems super_resolution,super_resolution@0.1,disk_blur@0.1");
  const auto psnr_of = [&](const std::string& row) {
    std::istringstream cells(rows.at(row));
    std::string cell;
    for (int i = 0; i < 5; ++i) std::getline(cells, cell, ',');
    return std::stod(cell);
  };
  CHECK(rows.size() == 3);
  CHECK(rows.contains("least_squares disk_blur@0.1 "));
  // Least squares repeats the averages of 2 x 2 pixels: their noise is that of every pixel, and orthogonal to the
  // error.
  const double clean = std::pow(10, -psnr_of("least_squares super_resolution 0.5") / 10);
  const double noisy = std::pow(10, -psnr_of("least_squares super_resolution@0.1 0.5") / 10);
  CHECK(noisy - clean == Approx(0.1 * 0.1).epsilon(0.15));
}

TEST_CASE("evaluate refuses what it cannot do before any work, in one sentence") {
  const Workshop shop;
  const std::string rest = "--shape 4,16,16,3 --videos 2 --threads 1 --csv no.csv ";
  const std::string base = "--dataset synthetic " + rest;
  refuses(shop, "--dataset synthetic", "--csv is required");
  refuses(shop, "--dataset nope " + rest, "the data set \"nope\" is unknown");
  refuses(shop, "--dataset rotated_mnist --csv no.csv", "needs a directory");
  refuses(shop, base + "--split nope", "the split \"nope\" is unknown");
  refuses(shop, base + "--method nope", "the method \"nope\" is unknown");
  refuses(shop, base + "--problems nope", "there is no problem named \"nope\"");
  refuses(shop, base + "--problems ''", "--problems is empty");
  refuses(shop, base + "--problems disk_blur:0.5", "disk_blur has no ratio");
  refuses(shop, base + "--problems pixel_inpaint --method wiener", "none of the methods suits any of the problems");
  refuses(shop, base + "--device tpu", "is not available");
  refuses(shop, base + "--videos 0", "is not a whole number from 1");
  refuses(shop, base + "--figure a.jpg", "expected a name that ends in .png");
  refuses(shop, base + "--markdown nowhere/a.md", "the directory nowhere does not exist");
  refuses(shop, "--dataset synthetic --csv nowhere/a.csv", "the directory nowhere does not exist");
  refuses(shop, "--dataset synthetic --shape 4,16 --csv no.csv", "--shape is \"4,16\"");
  refuses(shop, "--dataset synthetic --shape 1,16,16,3 --csv no.csv", "would keep no frame");
  CHECK(shop.files(".") == std::vector<std::string>{".stderr", ".stdout"});
}

}  // namespace evaluate_test
