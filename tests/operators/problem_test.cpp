// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/problem/problem.hpp"

#include <numeric>

#include "support/catch.hpp"

namespace problem_test {

using namespace videoonenet;
using enum videoonenet::ProblemKey;

namespace {

const Shape mnist{.t = 9, .h = 14, .w = 14, .f = 1}, color{.t = 4, .h = 8, .w = 12, .f = 3};

template <class A, class T = float>
A draw(const ProblemSpec& spec, const Shape& video, std::uint64_t seed = 2026, std::uint64_t stream = 5) {
  Random random(seed, stream);
  return std::get<A>(draw_operator<T>(Cpu{.threads = 2}, spec, video, random).variant());
}

/// FNV-1a over 64-bit words.
std::uint64_t hash(std::uint64_t seed, std::uint64_t word) {
  for (int byte = 0; byte < 8; ++byte) seed = (seed ^ ((word >> (8 * byte)) & 0xFF)) * 0x100000001b3u;
  return seed;
}

struct Moments {
  double mean = 0, variance = 0;
  template <class T>
  explicit Moments(std::span<const T> values) {
    for (T v : values) mean += double(v) / double(values.size());
    for (T v : values) variance += (v - mean) * (v - mean) / double(values.size());
  }
};

}  // namespace

TEST_CASE("the pixel mask of a seed is the same everywhere") {
  // Written down from an independent Philox4x32-10: entry i is kept where number i of (2026, 5) is below one half.
  const auto a = draw<Mask<float>>({.key = pixel_inpaint}, mnist);
  std::uint64_t first = 0;
  for (Index i = 0; i < 64; ++i) first = first << 1 | (a.mask()[static_cast<std::size_t>(i)] == 1);
  CHECK(first == 0xdd1e990c87aff445);
  CHECK(std::accumulate(a.mask().begin(), a.mask().end(), 0.0) == 871);
}

TEST_CASE("the sensing matrix of a seed is the same everywhere") {
  // Entries from the same independent generator and SciPy's normal quantile, to rounding; the bits by their hash.
  const auto a = draw<Dense<double>, double>({.key = compressive_sensing}, mnist);
  const auto m = a.matrix();
  REQUIRE(a.range() == flat_shape(176));
  REQUIRE(m.size() == 176 * 1764);
  const auto close = [&](std::size_t i, double expected) {
    CHECK(std::abs(m[i] - expected) <= 1e-15 * std::abs(expected));
  };
  close(0, -0.07386631145257302);
  close(1, -0.006082319229868896);
  close(2, 0.058680584767619406);
  close(1000, 0.09387485152183372);
  close(176 * 1764 - 1, -0.04294473249872957);
  std::uint64_t bits = 0xcbf29ce484222325;
  for (double v : m) bits = hash(bits, std::bit_cast<std::uint64_t>(v));
  CHECK(bits == 0x60c448d513fdf173);
}

TEST_CASE("the angle of a seed is the same everywhere, and the kernel is drawn from it") {
  Random random(2026, 5);
  const auto problem = draw_problem<double>(Cpu{}, {.key = motion_blur}, mnist, random);
  CHECK(problem.angle_degrees == 58.88017871111203);
  const auto& blur = std::get<FullBlur<double>>(problem.a.variant());
  CHECK(std::ranges::equal(blur.kernel().flat(), motion_kernel_published<double>(58.88017871111203).flat()));
  const auto line = draw<FullBlur<float>>({.key = motion_blur, .motion_kernel = MotionKernel::line}, mnist);
  CHECK(std::ranges::equal(line.kernel().flat(), line_kernel<float>(7, 58.88017871111203).flat()));
  CHECK(draw<FullBlur<float>>({.key = motion_blur, .motion_kernel = MotionKernel::line, .kernel_size = 5}, mnist)
            .kernel()
            .shape == Shape{.h = 5, .w = 5});
}

TEST_CASE("angles are uniform over the circle, and no published kernel is empty") {
  Random random(3);
  int quadrant[4] = {};
  for (int draws = 0; draws < 2000; ++draws) {
    const auto problem = draw_problem<float>(Cpu{}, {.key = motion_blur}, Shape{.h = 3, .w = 3}, random);
    const double angle = problem.angle_degrees.value();
    REQUIRE((angle >= 0 && angle < 360));
    ++quadrant[int(angle / 90)];
    const auto kernel = std::get<FullBlur<float>>(problem.a.variant()).kernel().flat();
    REQUIRE(std::abs(std::accumulate(kernel.begin(), kernel.end(), 0.0) - 1) <= 1e-6);
  }
  for (int count : quadrant) CHECK(std::abs(count - 500) < 80);  // four standard deviations
}

TEST_CASE("mask density follows the ratio") {
  const Shape video{.t = 5, .h = 40, .w = 50, .f = 3};
  for (double keep : {0.5, 0.1, 1.0}) {
    const auto a = draw<Mask<float>>({.key = pixel_inpaint, .ratio = keep}, video);
    const double deviation = std::sqrt(keep * (1 - keep) / double(video.size()));
    CHECK(std::abs(Moments(a.mask()).mean - keep) <= 4 * deviation + 1e-12);
  }
}

TEST_CASE("the missing box is centred, halves rounded to even") {
  struct Case {
    Index h, w, side, row, column;
  };
  // 0.4·14 = 5.6, 14/2 − 5/2 = 4.5 → 4; 0.4·15 = 6, 4.5 → 4; 0.4·17 = 6.8, 5.5 → 6; 0.4·16 = 6.4, 5; 0.4·32 = 12.8, 10
  for (const Case& c : {Case{14, 14, 5, 4, 4}, Case{15, 15, 6, 4, 4}, Case{17, 17, 6, 6, 6}, Case{16, 16, 6, 5, 5},
                        Case{32, 32, 12, 10, 10}, Case{10, 21, 4, 3, 8}, Case{2, 9, 0, 1, 4}}) {
    const Shape video{.t = 2, .h = c.h, .w = c.w, .f = 2};
    const auto a = draw<Mask<float>>({.key = center_inpaint}, video);
    for (Index i = 0; i < video.size(); ++i) {
      const Index h = i / (c.w * 2) % c.h, w = i / 2 % c.w;
      const bool missing = h >= c.row && h < c.row + c.side && w >= c.column && w < c.column + c.side;
      REQUIRE(a.mask()[static_cast<std::size_t>(i)] == (missing ? 0 : 1));
    }
  }
}

TEST_CASE("a box taller than the frame is wide loses its sides only") {
  const auto a = draw<Mask<float>>({.key = center_inpaint}, Shape{.h = 20, .w = 5});
  CHECK(std::accumulate(a.mask().begin(), a.mask().end(), 0.0) == 100 - 8 * 5);
}

TEST_CASE("scattered boxes lie where their random numbers put them") {
  // Top-left corners of frame 0 for (2026, 5), H = W = 14, b = 2, from the independent generator.
  const std::pair<Index, Index> corners[] = {{2, 5}, {8, 3}, {1, 4}, {8, 1}, {10, 6},
                                             {7, 2}, {2, 2}, {1, 7}, {3, 7}, {9, 3}};
  const auto a = draw<Mask<float>>({.key = scattered_inpaint}, mnist);
  for (Index h = 0; h < 14; ++h)
    for (Index w = 0; w < 14; ++w) {
      const bool missing = std::ranges::any_of(
          corners, [=](const auto& c) { return h >= c.first && h < c.first + 2 && w >= c.second && w < c.second + 2; });
      CHECK(a.mask()[static_cast<std::size_t>(14 * h + w)] == (missing ? 0 : 1));
    }
}

TEST_CASE("scattered boxes differ from frame to frame, keep off the border and cover all channels") {
  for (Index height : {16, 32, 41}) {
    const Shape video{.t = 6, .h = height, .w = height + 3, .f = 3};
    const Index b = height / 5, border = b / 4;
    const auto a = draw<Mask<float>>({.key = scattered_inpaint}, video);
    const auto at = [&](Index t, Index h, Index w, Index f) {
      return a.mask()[static_cast<std::size_t>(video.offset(0, t, h, w, f))] == 1;
    };
    int same_as_first = 0;
    for (Index t = 0; t < video.t; ++t) {
      Index missing = 0;
      bool same = true;
      for (Index h = 0; h < video.h; ++h)
        for (Index w = 0; w < video.w; ++w) {
          missing += !at(t, h, w, 0);
          same = same && at(t, h, w, 0) == at(0, h, w, 0);
          REQUIRE((at(t, h, w, 0) == at(t, h, w, 1) && at(t, h, w, 0) == at(t, h, w, 2)));
          if (h < border || w < border || h >= video.h - border - 1 || w >= video.w - border - 1)
            REQUIRE(at(t, h, w, 0));
        }
      same_as_first += same;
      CHECK(missing >= 2 * b * b);
      CHECK(missing <= 10 * b * b);
    }
    CHECK(same_as_first == 1);
  }
}

TEST_CASE("Gaussian matrices have the stated size, mean and variance") {
  for (double ratio : {0.1, 0.05}) {
    const auto a = draw<Dense<float>>({.key = compressive_sensing, .ratio = ratio}, color);
    const Index m = Shape(a.range()).size();
    CHECK(m == Index(std::nearbyint(ratio * 1152)));
    const Moments moments(a.matrix());
    const double entries = double(a.matrix().size());
    CHECK(std::abs(moments.mean) <= 4 / std::sqrt(double(m) * entries));
    CHECK(std::abs(moments.variance * double(m) - 1) <= 4 * std::sqrt(2 / entries));
  }
  const auto v = draw<VideoCompressiveSensing<float>>({.key = video_compressive_sensing}, color);
  CHECK(v.measurements() == 10);  // 0.1 · 8 · 12 = 9.6
  CHECK(std::ssize(v.sensing_matrix()) == 10 * 96);
  CHECK(Shape(v.range()).size() == 288 + 3 * 10 * 3);
  CHECK(std::abs(Moments(v.sensing_matrix()).variance * 10 - 1) <= 4 * std::sqrt(2 / 960.0));
  // 0.1 · 25 = 2.5 and 0.1 · 35 = 3.5: halves to even, as in the public code.
  CHECK(draw<Dense<float>>({.key = compressive_sensing}, Shape{.h = 5, .w = 5}).range() == flat_shape(2));
  CHECK(draw<Dense<float>>({.key = compressive_sensing}, Shape{.h = 5, .w = 7}).range() == flat_shape(4));
}

TEST_CASE("operators without a random part take their parameters from the ratio") {
  CHECK(draw<BoxDownsample<float>>({.key = super_resolution}, mnist).range() == Shape{.t = 9, .h = 7, .w = 7});
  CHECK(draw<BoxDownsample<float>>({.key = super_resolution, .ratio = 0.25}, mnist).range() ==
        Shape{.t = 9, .h = 3, .w = 3});
  CHECK(draw<BoxDownsample<float>>({.key = super_resolution, .ratio = 1.0 / 3}, color).range() ==
        Shape{.t = 4, .h = 2, .w = 4, .f = 3});
  using Frames = std::vector<Index>;
  CHECK(draw<FrameSelection<float>>({.key = frame_interpolation}, mnist).frames() == Frames{0, 2, 4, 6});
  CHECK(draw<FrameSelection<float>>({.key = frame_interpolation, .ratio = 0.25}, mnist).frames() == Frames{0, 4});
  CHECK(draw<FrameSelection<float>>({.key = frame_interpolation, .ratio = 0.3333}, mnist).frames() == Frames{0, 3, 6});
  CHECK(draw<FrameSelection<float>>({.key = frame_prediction, .ratio = 0.25}, mnist).frames() ==
        Frames{0, 1, 2, 3, 4, 5, 6});
  CHECK(draw<FrameSelection<float>>({.key = frame_prediction, .ratio = 0.75}, mnist).frames() == Frames{0, 1, 2});
  CHECK(draw<FullBlur<float>>({.key = disk_blur}, color).range() == Shape{.t = 4, .h = 11, .w = 15, .f = 3});
  CHECK(draw<TemporalBlur<float>>({.key = temporal_disk_blur}, color).range() ==
        Shape{.t = 7, .h = 8, .w = 12, .f = 3});
  CHECK(draw<Identity<float>>({.key = colorization}, mnist).range() == mnist);
  const auto gray = draw<ChannelSum<double>, double>({.key = colorization}, color);
  CHECK(gray.range() == Shape{.t = 4, .h = 8, .w = 12});
  CHECK(std::ranges::equal(gray.weights(), std::vector<double>{0.299, 0.587, 0.114}));
}

TEST_CASE("strided blurs filter with the chosen low pass") {
  const auto blur = draw<StridedBlur<double>, double>({.key = strided_blur}, color);
  CHECK(blur.range() == Shape{.t = 4, .h = 2, .w = 3, .f = 3});
  CHECK(std::ranges::equal(blur.kernel().flat(), gaussian_kernel<double>(3, 0.5).flat()));
  const auto flat = draw<StridedBlur<double>, double>(
      {.key = strided_blur, .ratio = 0.5, .low_pass = LowPass::flat, .kernel_size = 7}, color);
  CHECK(flat.range() == Shape{.t = 4, .h = 4, .w = 6, .f = 3});
  CHECK(std::ranges::equal(flat.kernel().flat(), flat_kernel<double>(7).flat()));

  // Of a constant gray video the joint problem measures the constant; a single red pixel reaches its neighbours.
  const auto gray = draw<GrayStridedBlur<double>, double>({.key = gray_strided_blur}, color);
  CHECK(gray.range() == Shape{.t = 4, .h = 4, .w = 6});
  Buffer<double> x(color.size()), y(gray.range().size());
  std::ranges::fill(x, 0.7);
  gray.apply(Cpu{}, x.span(), y.span());
  for (double v : y) CHECK(std::abs(v - 0.7) <= 1e-14);
  std::ranges::fill(x, 0.0);
  x[color.offset(0, 0, 2, 4, 0)] = 1;
  gray.apply(Cpu{}, x.span(), y.span());
  CHECK(std::abs(*std::ranges::max_element(y) - gaussian_kernel<double>(3, 0.5)[4] / 3) <= 1e-15);
}

TEST_CASE("threads do not change what is drawn or measured, and draws follow one another") {
  const Shape video{.t = 8, .h = 48, .w = 40, .f = 3};  // several blocks of entries
  std::vector<float> results[2];
  std::uint64_t positions[2];
  for (int threads : {1, 2}) {
    Random random(11, 4);
    random.uniform();  // an odd beginning
    auto& out = results[threads - 1];
    const Cpu ex{.threads = threads};
    const std::vector<float> x(static_cast<std::size_t>(video.size()), 0.25f);
    for (ProblemKey key : {pixel_inpaint, scattered_inpaint, video_compressive_sensing, motion_blur}) {
      const auto y = measure(ex, draw_problem<float>(ex, {.key = key, .noise_sigma = 0.1}, video, random), x, random);
      out.insert(out.end(), y.begin(), y.end());
    }
    positions[threads - 1] = random.position();
  }
  CHECK(results[0] == results[1]);
  CHECK(positions[0] == positions[1]);
  const std::uint64_t n = 8 * 48 * 40 * 3, m = 192, vcs = 5760 + 7 * m * 3, blurred = 8 * 50 * 42 * 3;
  CHECK(positions[0] == 1 + 2 * n + (2 * 10 * 8 + n) + (m * 1920 + vcs) + (1 + blurred));
}

TEMPLATE_TEST_CASE("entries drawn in blocks on any number of threads have the bits of one stream", "", float, double) {
  using T = TestType;
  Random start(12, 1);
  start.uniform();  // an odd beginning
  constexpr Index count = 100001;
  std::vector<T> normals, indicators;
  Random one = start;
  for (Index i = 0; i < count; ++i) normals.push_back(static_cast<T>(one.normal() * 0.7));
  for (Index i = 0; i < count; ++i) indicators.push_back(one.uniform() < 0.3 ? T(1) : T(0));
  for (int threads : {1, 2, 3}) {
    Random random = start;
    std::vector<T> values(count);
    draw_normal(Cpu{.threads = threads}, random, std::span<T>(values), 0.7);
    CHECK(values == normals);
    draw_indicator(Cpu{.threads = threads}, random, std::span<T>(values), 0.3);
    CHECK(values == indicators);
    CHECK(random.position() == one.position());
  }
}

TEST_CASE("streams give different problems, and float and double draw the same one") {
  const auto a = draw<Mask<float>>({.key = pixel_inpaint}, mnist, 2026, 5);
  const auto stream = draw<Mask<float>>({.key = pixel_inpaint}, mnist, 2026, 6);
  const auto seed = draw<Mask<float>>({.key = pixel_inpaint}, mnist, 2027, 5);
  const auto in_double = draw<Mask<double>, double>({.key = pixel_inpaint}, mnist, 2026, 5);
  CHECK_FALSE(std::ranges::equal(a.mask(), stream.mask()));
  CHECK_FALSE(std::ranges::equal(a.mask(), seed.mask()));
  CHECK(std::ranges::equal(a.mask(), in_double.mask()));
}

TEST_CASE("a measurement is A x, and noise of the stated deviation where there is any") {
  const Shape video{.t = 4, .h = 30, .w = 30};
  Buffer<double> x(video.size());
  Random values(1);
  for (double& v : x) v = values.uniform();
  for (double sigma : {0.0, 0.1}) {
    Random random(2);
    const auto problem = draw_problem<double>(Cpu{}, {.key = disk_blur, .noise_sigma = sigma}, video, random);
    auto difference = measure(Cpu{}, problem, x.span(), random);
    Buffer<double> clean(difference.size());
    problem.a.apply(Cpu{}, x.span(), clean.span());
    for (Index i = 0; i < clean.size(); ++i) difference[i] -= clean[i];
    const Moments noise(std::as_const(difference).span());
    const double entries = double(difference.size());
    CHECK(std::abs(noise.mean) <= 4 * sigma / std::sqrt(entries));
    CHECK(std::abs(noise.variance - sigma * sigma) <= 4 * sigma * sigma * std::sqrt(2 / entries));
  }
  Random random(2);
  const auto problem = draw_problem<double>(Cpu{}, {.key = disk_blur}, video, random);
  CHECK_THROWS_AS(measure(Cpu{}, problem, x.span().first(5), random), ShapeError);
}

TEST_CASE("problems that cannot be drawn are refused in a sentence") {
  Random random(1);
  const auto refuse = [&](const ProblemSpec& spec, const Shape& video) {
    CHECK_THROWS_AS(draw_problem<float>(Cpu{}, spec, video, random), InputError);
  };
  refuse({.key = dense}, mnist);
  refuse({.key = super_resolution, .ratio = 0.4}, mnist);
  refuse({.key = frame_interpolation, .ratio = 0.25}, Shape{.t = 3, .h = 4, .w = 4});
  refuse({.key = frame_prediction, .ratio = 1}, mnist);
  refuse({.key = colorization}, Shape{.h = 4, .w = 4, .f = 2});
  refuse({.key = compressive_sensing}, Shape{.h = 2, .w = 2});
  refuse({.key = compressive_sensing}, Shape{.t = 16, .h = 240, .w = 320, .f = 3});
  refuse({.key = motion_blur, .ratio = 0.5}, mnist);
  CHECK_THROWS_AS(draw_problem<float>(Cpu{}, {.key = disk_blur}, Shape{.n = 2, .h = 4, .w = 4}, random), ShapeError);
  CHECK_THROWS_AS(draw_problem<float>(Cpu{}, {.key = disk_blur}, Shape{.h = 0, .w = 4}, random), ShapeError);
  CHECK_THROWS_AS(draw_problem<float>(Cpu{}, {.key = strided_blur}, Shape{.h = 6, .w = 8}, random), ShapeError);
}

}  // namespace problem_test
