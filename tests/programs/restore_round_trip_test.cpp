// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// restore --measurement --operator gives the bits of the run that wrote them, for every problem.
#include "programs/programs.hpp"
#include "videoonenet/operators/problem_spec/problem_spec.hpp"

namespace restore_round_trip_test {

using namespace videoonenet;
using namespace videoonenet::test;

namespace {

/// Measures and restores, then restores the written measurement again.
void check_round_trip(const Workshop& shop, const std::string& arguments) {
  INFO(arguments);
  const std::string method = " --method wavelet --iterations 4 --threads 1 --seed 5";
  const Tensor<float> first = shop.restored("--input synthetic --size 12x16 --frames 4 " + arguments + method, "first");
  const Tensor<float> again =
      shop.restored("--measurement first/measurement.npy --operator first/operator.safetensors" + method, "again");
  CHECK(same(first, again));
  CHECK(shop.file("first/operator.safetensors") == shop.file("again/operator.safetensors"));
  CHECK(shop.file("first/measurement.npy") == shop.file("again/measurement.npy"));
  CHECK_FALSE(std::filesystem::exists(shop / "again/truth.npy"));
  nlohmann::json a = shop.json("first/metrics.json"), b = shop.json("again/metrics.json");
  CHECK(b["psnr"].is_null());
  for (const char* key : {"psnr", "ssim", "nmse", "seconds", "peak_rss_mib"}) a.erase(key), b.erase(key);
  CHECK(a == b);
  std::filesystem::remove_all(shop / "first");
  std::filesystem::remove_all(shop / "again");
}

}  // namespace

TEST_CASE("every problem is restored again from its files, bit for bit") {
  const Workshop shop;
  for (const auto& [key, name] : problem_keys)
    if (key != ProblemKey::dense) check_round_trip(shop, "--problem " + std::string(name));
}

TEST_CASE("chains are restored again from their files, bit for bit") {
  const Workshop shop;
  check_round_trip(shop, "--problem disk_blur super_resolution --noise 0.01");
  check_round_trip(shop, "--problem motion_blur,frame_prediction:0.25,pixel_inpaint --gray");
}

TEST_CASE("a kernel of the user's own is used and kept") {
  const Workshop shop;
  const Tensor<float> kernel = uniform_video({.h = 2, .w = 5});
  write_npy(shop / "k.npy", kernel.view());
  for (const char* problem : {"disk_blur", "motion_blur", "strided_blur", "super_resolution,disk_blur"})
    check_round_trip(shop, std::string("--kernel k.npy --problem ") + problem);
  shop.restored(tiny + "--kernel k.npy --problem disk_blur", "out");
  const Safetensors a(shop / "out/operator.safetensors");
  CHECK(a.extents("kernel") == std::vector<Index>{2, 5});
  CHECK(std::ranges::equal(a.values<float>("kernel").span(), kernel.flat()));
  CHECK(shop.array("out/measurement.npy").size() == 3 * 13 * 20 * 3);
}

TEST_CASE("a dense matrix of the user's own is undone") {
  const Workshop shop;
  const Shape shape{.t = 2, .h = 3, .w = 4, .f = 2};  // two channels: shown as their mean
  const Index d = 30, n = shape.size();
  const Tensor<float> x = uniform_video(shape);
  std::vector<float> matrix(static_cast<std::size_t>(d * n)), y(static_cast<std::size_t>(d), 0.f);
  Random random(4);
  for (float& v : matrix) v = static_cast<float>(random.normal());
  for (Index i = 0; i < d; ++i)
    for (Index j = 0; j < n; ++j) y[std::size_t(i)] += matrix[std::size_t(i * n + j)] * x[j];
  SafetensorsWriter file;
  file.set_metadata("key", "dense");
  file.set_metadata("shape", "2,3,4,2");
  file.add<float>("matrix", matrix, {d, n});
  file.write(shop / "a.safetensors");
  write_npy<float>(shop / "y.npy", y, std::vector<Index>{d});

  const Tensor<float> z =
      shop.pictured("--measurement y.npy --operator a.safetensors --method least_squares --threads 1", "out");
  CHECK(z.shape() == shape);
  // The solution of minimum norm reproduces y and is no longer than x, which also reproduces it.
  double misfit = 0, norm_y = 0, norm_x = 0, norm_z = 0;
  for (Index i = 0; i < d; ++i) {
    double az = 0;
    for (Index j = 0; j < n; ++j) az += double(matrix[std::size_t(i * n + j)]) * double(z[j]);
    misfit += std::pow(az - double(y[std::size_t(i)]), 2), norm_y += std::pow(double(y[std::size_t(i)]), 2);
  }
  for (Index j = 0; j < n; ++j) norm_x += std::pow(double(x[j]), 2), norm_z += std::pow(double(z[j]), 2);
  CHECK(std::sqrt(misfit / norm_y) < 1e-5);
  CHECK(norm_z < norm_x);
  CHECK(shop.files("out") == std::vector<std::string>{"comparison.png", "measurement.npy", "metrics.json",
                                                      "operator.safetensors", "restored.mp4", "restored.npy"});
  const Safetensors written(shop / "out/operator.safetensors");
  CHECK(written.metadata() == std::map<std::string, std::string>{{"key", "dense"}, {"shape", "2,3,4,2"}});

  write_npy<float>(shop / "y.npy", std::span(y).first(29), std::vector<Index>{29});
  CHECK(shop.restore("--measurement y.npy --operator a.safetensors --output no").code == 2);
}

}  // namespace restore_round_trip_test
