// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/u_net.hpp"

#include <algorithm>
#include <functional>

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace u_net_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Which pixels of y change when x[entry] does, by running statistics, small positive kernels and no bias but where
/// `is_zero(name of an array, entry)` says so.
std::vector<bool> changed_pixels(const UNet<double>& net, const Shape& frame, Index entry,
                                 const std::function<bool(const std::string&, Index)>& is_zero = {}) {
  testing::LayerTrial trial(net, frame, Cpu{}, Purpose::inference);
  Random random(3);
  double* at = trial.parameters.data();
  for (const Parameter& p : net.parameters()) {
    const bool kernel = p.name.ends_with("kernel");
    for (Index i = 0; i < p.size(); ++i, ++at) {
      *at = kernel ? 0.02 + 0.02 * random.uniform() : p.initial == Initial::ones;
      if (kernel && is_zero && is_zero(p.name, i)) *at = 0;
    }
  }
  std::ranges::fill(trial.x, 1.0);
  trial.forward();
  const Buffer<double> before = trial.y;
  trial.x[entry] += 1;
  trial.forward();
  std::vector<bool> changed(static_cast<std::size_t>(trial.y.size()));
  for (Index i = 0; i < trial.y.size(); ++i) changed[static_cast<std::size_t>(i)] = trial.y[i] != before[i];
  return changed;
}

bool is_deeper(const std::string& name) { return !name.starts_with("down.0") && !name.starts_with("up.0"); }

}  // namespace

TEST_CASE("the U-Net's adjoint belongs to it, whatever the number of levels") {
  testing::GradientOptions options{.entries = 12};
  options.same_in_inference = false;  // batch norm
  for (const Index levels : {1, 2, 3}) {
    CAPTURE(levels);
    const auto net = u_net<double>({.in = 2, .out = 1, .levels = levels, .filters = 2});
    const auto report = testing::check_gradient(net, {.n = 2, .t = 2, .h = 8, .w = 16, .f = 2}, options);
    INFO(report);
    CHECK(report);
  }
}

TEST_CASE("the published U-Net has as many weights as its table says") {
  const auto net = u_net<double>({});
  const Index down = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 4 * 512 * 512) + 64;
  const Index up = 16 * (512 * 512 + 3 * 1024 * 512 + 1024 * 256 + 512 * 128 + 256 * 64 + 128 * 3) + 3;
  const Index norms = 4 * (128 + 256 + 5 * 512) + 4 * (4 * 512 + 256 + 128 + 64);
  CHECK(net.parameter_count() == down + up + norms);
  CHECK((net.output_shape({.n = 36, .h = 256, .w = 256, .f = 3}) == Shape{.n = 36, .h = 256, .w = 256, .f = 3}));
  std::vector<std::string> names;
  for (const Parameter& p : net.parameters()) names.push_back(p.name);
  CHECK(names.size() == 2 * (2 + 7 * 5));
  for (const char* name : {"down.0.conv.kernel", "down.0.conv.bias", "down.1.norm.running_mean", "down.7.norm.beta",
                           "up.7.conv.kernel", "up.3.norm.gamma", "up.0.conv.bias"})
    CHECK(std::ranges::count(names, name) == 1);
  CHECK(names.front() == "down.0.conv.kernel");
  CHECK(names.back() == "up.0.conv.bias");
}

TEST_CASE("a U-Net of two levels by hand") {
  const auto net = u_net<double>({.in = 1, .out = 1, .levels = 2, .filters = 1});
  testing::LayerTrial trial(net, {.h = 4, .w = 4}, Cpu{}, Purpose::inference);
  // kernels with entry (1, 1) alone: the upper left pixel of each level is made of that of the next
  double* at = trial.parameters.data();
  for (const Parameter& p : net.parameters()) {
    if (p.name.ends_with("kernel")) at[5 * p.extents[2] * p.extents[3]] = 1;
    if (p.name == "up.1.conv.kernel") at[5 * 2] = -1;
    if (p.name == "up.0.conv.kernel") at[5 * 2] = 3, at[5 * 2 + 1] = 2;  // of what comes from below, and across
    if (p.initial == Initial::ones) std::fill_n(at, p.size(), 1.0);
    at += p.size();
  }
  const double s = std::sqrt(1 + 1e-3);
  const auto upper_left = [&](double x) {
    trial.x[0] = x;
    trial.forward();
    return trial.y[0];
  };
  // −1 becomes −0.2, which becomes −0.04/s, turned to 0.04/s²
  CHECK(upper_left(-1) == Approx(std::tanh(3 * 0.04 / s / s + 2 * -0.2)).epsilon(1e-12));
  CHECK(upper_left(0.5) == Approx(std::tanh(2 * 0.5)).epsilon(1e-12));  // −0.5/s² is cut off
  CHECK(trial.y[1] == 0);
}

TEST_CASE("every pixel of a U-Net's output sees every one of its input, through the innermost level") {
  const auto net = u_net<double>({.in = 1, .out = 1, .levels = 3, .filters = 1});
  const Shape frame{.h = 8, .w = 8};
  for (const Index entry : {0, 63}) {
    const auto changed = changed_pixels(net, frame, entry);
    CHECK(std::ranges::count(changed, true) == 64);
    const auto without_innermost =
        changed_pixels(net, frame, entry, [](const std::string& name, Index) { return name == "down.2.conv.kernel"; });
    CHECK(std::ranges::count(without_innermost, true) < 64);
  }
}

TEST_CASE("what skips the deeper levels of a U-Net stays in its place") {
  const auto net = u_net<double>({.in = 1, .out = 1, .levels = 3, .filters = 2});
  const Shape frame{.h = 16, .w = 16};
  const Index row = 9, column = 6;
  // x[p] is read for the rows q with 2q − 1 ≤ p ≤ 2q + 2, and these make the rows p′ with the same distance
  const auto near = [](Index p, Index made) {
    for (Index q = 0; q < 8; ++q)
      if (2 * q - 1 <= p && p <= 2 * q + 2 && 2 * q - 1 <= made && made <= 2 * q + 2) return true;
    return false;
  };
  const auto across =
      changed_pixels(net, frame, row * 16 + column, [](const std::string& name, Index) { return is_deeper(name); });
  for (Index i = 0; i < 16; ++i)
    for (Index j = 0; j < 16; ++j) {
      CAPTURE(i, j);
      REQUIRE(across[static_cast<std::size_t>(16 * i + j)] == (near(row, i) && near(column, j)));
    }
  // up.0's kernel is 4 × 4 × 1 × 4: of its inputs the first two come from below and the last two across
  const auto below = changed_pixels(net, frame, row * 16 + column, [](const std::string& name, Index i) {
    return name == "up.0.conv.kernel" && i % 4 > 1;
  });
  CHECK(std::ranges::count(below, true) == 16 * 16);
  const auto neither = changed_pixels(net, frame, row * 16 + column, [](const std::string& name, Index i) {
    return is_deeper(name) || (name == "up.0.conv.kernel" && i % 4 > 1);
  });
  CHECK(std::ranges::count(neither, true) == 0);
}

TEST_CASE("running statistics of all levels of a U-Net follow its batches") {
  const auto net = u_net<double>({.in = 1, .out = 1, .levels = 3, .filters = 1});
  const Shape frames{.n = 2, .h = 8, .w = 8};
  Buffer<double> x(frames.size()), y(frames.size()), weights(net.parameter_count());
  Random random(4);
  random.fill_normal(x.span());
  random.fill_normal(weights.span());
  const Buffer<double> before = weights;
  auto planned = plan(Cpu{}, [&](auto& memory) { return net.make_cache(memory, frames); });
  net.forward(Cpu{}, std::as_const(weights).span(), view(std::as_const(x).span(), frames), view(y.span(), frames),
              planned.cache);
  net.update_running_statistics(Cpu{}, planned.cache, weights.span());
  Index i = 0;
  for (const Parameter& p : net.parameters())
    for (const Index end = i + p.size(); i < end; ++i) {
      CAPTURE(p.name);
      CHECK((weights[i] != before[i]) == (p.name.find("running") != std::string::npos));
    }
}

TEST_CASE("inference keeps no more of a U-Net than its moments, and gives the same bits for every number of threads") {
  const auto net = u_net<double>({.in = 3, .out = 3, .levels = 2, .filters = 8});
  const Shape frames{.n = 2, .h = 64, .w = 64, .f = 3};
  auto memory = Memory<Cpu>::measuring(Cpu{}, Purpose::inference);
  static_cast<void>(net.make_cache(memory, frames));
  CHECK(memory.kept.peak_bytes() == 16 * 16 + 8 * 16);  // of down.1 and up.1
  const auto run = [&](int threads) {
    testing::LayerTrial trial(net, frames, Cpu{.threads = threads});
    Random random(5);
    trial.draw(random);
    trial.forward();
    trial.adjoint();
    return trial;
  };
  const auto one = run(1), two = run(2);
  CHECK(std::ranges::equal(one.y, two.y));
  CHECK(std::ranges::equal(one.grad_x, two.grad_x));
  CHECK(std::ranges::equal(one.grad_parameters, two.grad_parameters));
}

TEST_CASE("the U-Net refuses frames that cannot be halved often enough, and sizes that are none") {
  const auto net = u_net<double>({.levels = 3});
  CHECK_THROWS_WITH(net.output_shape({.h = 16, .w = 20, .f = 3}),
                    ContainsSubstring("frames of 16x20 pixels, expected multiples of 2^levels = 8"));
  CHECK_THROWS_AS(net.output_shape({.h = 16, .w = 16, .f = 1}), ShapeError);
  CHECK_THROWS_WITH(u_net<double>({.levels = 0}), ContainsSubstring("levels = 0, expected positive numbers"));
  CHECK_THROWS_AS(u_net<double>({.levels = 31}), InputError);
  CHECK_THROWS_AS(u_net<double>({.filters = 0}), InputError);
}

}  // namespace u_net_test
