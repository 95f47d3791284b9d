// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/frame_window/frame_window.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/operators/blur_kernels.hpp"

namespace frame_window_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Shape video{.t = 7, .h = 8, .w = 6, .f = 3};

template <class T>
Buffer<T> drawn(Index size) {
  Buffer<T> values(size);
  Random random(4);
  for (T& v : values) v = static_cast<T>(random.uniform());
  return values;
}
template <class T>
Mask<T> mask() {
  Buffer<T> entries = drawn<T>(video.size());
  for (T& m : entries) m = m < T(0.5);
  return {video, entries};
}

/// Every window of x measures, bit for bit, what the whole has measured of its frames.
template <class A>
void require_parts(const A& a, bool constant) {
  using T = typename A::value_type;
  const Buffer<T> x = drawn<T>(video.size());
  Buffer<T> y(Shape(a.range()).size());
  a.apply(Cpu{}, x.span(), y.span());
  for (const FrameRange frames :
       {FrameRange{0, 7}, FrameRange{0, 3}, FrameRange{2, 3}, FrameRange{4, 3}, FrameRange{1, 2}}) {
    const auto window = frame_window(a, frames);
    REQUIRE(window.constant == constant);
    REQUIRE(window.a.domain().t == frames.count);
    const auto part = x.span().subspan(static_cast<std::size_t>(frames.begin * video.frame_size()),
                                       static_cast<std::size_t>(frames.count * video.frame_size()));
    Buffer<T> measured(Shape(window.a.range()).size());
    window.a.apply(Cpu{}, part, measured.span());
    const auto expected = window.of(y.span());
    REQUIRE(std::ssize(expected) == measured.size());
    REQUIRE(std::ranges::equal(measured, expected));
  }
}

std::string refusal(const auto& a, const FrameRange& frames) {
  try {
    static_cast<void>(frame_window(a, frames));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("a window of an operator that works frame by frame makes its part of the measurement", "", float,
                   double) {
  using T = TestType;
  require_parts(Identity<T>(video), true);
  require_parts(mask<T>(), false);
  require_parts(FrameSelection<T>(video, {0, 2, 3, 5}), false);
  require_parts(BoxDownsample<T>(video, 2), true);
  require_parts(ChannelSum<T>(video, {T(0.3), T(0.6), T(0.1)}), true);
  require_parts(FullBlur<T>(video, disk_kernel<T>()), true);
  require_parts(StridedBlur<T>(video, gaussian_kernel<T>(3, 0.5), 2), true);
  const Tensor<T> kernels({.h = 3, .w = 3, .f = 3}, drawn<T>(27).span());
  require_parts(GrayStridedBlur<T>(video, kernels, 2), true);
}

TEMPLATE_TEST_CASE("operators chosen at run time and compositions of them have windows too", "", float, double) {
  using T = TestType;
  using Any = ShippedOperator<T>;
  require_parts(Any(mask<T>()), false);
  require_parts(Any(BoxDownsample<T>(video, 2)), true);
  Shape selected = video;
  selected.t = 4;
  const Any selection = FrameSelection<T>(video, {0, 2, 3, 5}), small = BoxDownsample<T>(selected, 2);
  require_parts(Chain<Any>({selection, small}), false);
  require_parts(Chain<Any>({Any(ChannelSum<T>(video, {T(0.3), T(0.6), T(0.1)}))}), true);
}

TEST_CASE("windows are refused where no measurement belongs to them") {
  const FrameRange all{0, 7};
  CHECK_THAT(refusal(TemporalBlur<float>(video, {1, 1}), all), ContainsSubstring("a temporal blur mixes frames"));
  CHECK_THAT(refusal(VideoCompressiveSensing<float>(video, 2, Buffer<float>(2 * 48)), all),
             ContainsSubstring("video compressive sensing mixes frames"));
  CHECK_THAT(refusal(ShippedOperator<float>(Dense<float>(video, 1, Buffer<float>(video.size()))), all),
             ContainsSubstring("a matrix mixes frames"));
  const FrameSelection<float> selection(video, {0, 1, 2});
  CHECK_THAT(refusal(selection, {3, 4}), ContainsSubstring("none of the 4 frames from frame 3 on is kept"));
  CHECK_THAT(refusal(FrameSelection<float>(video, {0, 5, 1}), {0, 2}), ContainsSubstring("do not follow each other"));
  for (const FrameRange& bad : {FrameRange{-1, 2}, FrameRange{0, 0}, FrameRange{5, 3}, FrameRange{0, 8}})
    CHECK_THAT(refusal(mask<float>(), bad), ContainsSubstring("but the video has 7"));
  CHECK_THAT(refusal(Identity<float>({.n = 2, .t = 3}), {0, 1}), ContainsSubstring("expected one video"));
}

}  // namespace frame_window_test
