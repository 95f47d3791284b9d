// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/shipped_operator_cuda.cuh"

#include <limits>
#include <utility>

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/compose/compose.hpp"
#include "videoonenet/operators/frame_window/frame_window.hpp"
#include "videoonenet/operators/scale/scale.hpp"
#include "videoonenet/operators/shipped_operator.hpp"
#include "videoonenet/operators/stack/stack.hpp"
#include "videoonenet/operators/transpose/transpose.hpp"

namespace shipped_operator_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

using Any = ShippedOperator<float>;

/// What body(ex, from, to) writes on the host and on a GPU, where `to` is full of NaN before.
template <class Body>
void same_on_both(const TestGpu& gpu, const std::vector<float>& from, Index size, const Body& body) {
  const std::vector<float> poison(static_cast<std::size_t>(size), std::numeric_limits<float>::quiet_NaN());
  std::vector<float> expected = poison;
  body(Cpu{}, std::span<const float>(from), std::span(expected));
  const auto device_from = to_executor(gpu, from), device_to = to_executor(gpu, poison);
  body(gpu, std::span<const float>(device_from.span()), device_to.span());
  CHECK(relative_error(from_executor(gpu, device_to), expected) < 1e-6);
}

/// A and Aᵀ on GPUs with memories of their own, twice on each, so that what is kept there is used again.
template <class A>
void check_on_gpu(const A& a) {
  const Shape domain = a.domain(), range = a.range();
  CAPTURE(domain, range);
  Random random(5);
  const auto x = random_values(random, domain.size()), y = random_values(random, range.size());
  const TestGpu gpus[] = {test_gpu(), test_gpu(cuda::Precision::tf32, 5)};
  for (int call = 0; call < 4; ++call) {
    const TestGpu& gpu = gpus[call % 2];
    same_on_both(gpu, x, range.size(), [&](const auto& ex, auto from, auto to) { a.apply(ex, from, to); });
    same_on_both(gpu, y, domain.size(), [&](const auto& ex, auto from, auto to) { a.apply_adjoint(ex, from, to); });
  }
}

/// The same, and the diagonal of AᵀA in memory of the executor.
template <class A>
void check_diagonal_on_gpu(const A& a) {
  check_on_gpu(a);
  const TestGpu gpu = test_gpu();
  const std::span<const float> expected = a.normal_diagonal();
  CHECK(a.normal_diagonal_on(Cpu{}).data() == expected.data());
  CHECK(from_executor(gpu, a.normal_diagonal_on(gpu)) == std::vector<float>(expected.begin(), expected.end()));
}

/// A device still gives the same results when the host's entries are lost, as it reads a copy of its own.
template <class A>
void check_own_copy(const A& a, std::span<const float> entries) {
  const TestGpu gpu = test_gpu();
  Random random(5);
  const auto x = to_executor(gpu, random_values(random, Shape(a.domain()).size()));
  const auto y = to_executor(gpu, random_values(random, Shape(a.range()).size()));
  const auto results = [&] {
    const auto ax = gpu.allocate<float>(y.size()), aty = gpu.allocate<float>(x.size());
    a.apply(gpu, x.span(), ax.span());
    a.apply_adjoint(gpu, y.span(), aty.span());
    return std::pair(from_executor(gpu, ax), from_executor(gpu, aty));
  };
  const auto expected = results();
  std::fill_n(const_cast<float*>(entries.data()), entries.size(), std::numeric_limits<float>::quiet_NaN());
  CHECK(results() == expected);
}

Buffer<float> normal(Index size, std::uint64_t seed = 3) {
  Random random(seed);
  return Buffer<float>(std::span<const float>(random_values(random, size)));
}

Tensor<float> normal_kernel(Index kh, Index kw, Index channels = 1) {
  return {Shape{.h = kh, .w = kw, .f = channels}, normal(kh * kw * channels).span()};
}

Mask<float> random_mask(const Shape& shape) {
  Buffer<float> mask = normal(shape.size());
  for (float& m : mask) m = m > 0 ? 1.0f : 0.0f;
  return {shape, mask};
}

/// Videos of one entry, of one grey image, and of frames with odd sides and three channels.
const Shape one{}, image{.h = 11, .w = 9}, video{.t = 4, .h = 5, .w = 7, .f = 3};

}  // namespace

TEST_CASE("device operators with a diagonal equal the host's") {
  for (const Shape& shape : {one, image, video, Shape{.n = 3, .t = 2, .h = 5, .w = 3, .f = 3}}) {
    check_diagonal_on_gpu(Identity<float>(shape));
    check_diagonal_on_gpu(random_mask(shape));
  }
  check_diagonal_on_gpu(FrameSelection<float>(one, {0}));
  check_diagonal_on_gpu(FrameSelection<float>(video, {2, 0}));
  check_diagonal_on_gpu(FrameSelection<float>(video, {1, 2, 3}));
}

TEST_CASE("device tight frames equal the host's") {
  check_on_gpu(BoxDownsample<float>(one, 1));
  check_on_gpu(BoxDownsample<float>(image, 3));
  for (const Index factor : {1, 2, 4}) check_on_gpu(BoxDownsample<float>(video, factor));
  check_on_gpu(ChannelSum<float>(image, {-2.0f}));
  check_on_gpu(ChannelSum<float>(video, luma_weights<float>(3)));
}

TEST_CASE("device blurs equal the host's") {
  check_on_gpu(FullBlur<float>(one, normal_kernel(1, 1)));
  check_on_gpu(FullBlur<float>(image, normal_kernel(4, 3)));
  check_on_gpu(FullBlur<float>(video, normal_kernel(2, 5)));
  check_on_gpu(FullBlur<float>(video, normal_kernel(9, 10)));  // larger than a frame
  Tensor<float> line(Shape{.h = 3, .w = 4});
  line[1] = 0.5f, line[6] = 0.25f;  // most taps are zero
  check_on_gpu(FullBlur<float>(video, line));
  check_on_gpu(TemporalBlur<float>(one, {0.5f}));
  check_on_gpu(TemporalBlur<float>(image, {1.0f, 2.0f, -3.0f}));
  check_on_gpu(TemporalBlur<float>(video, normal(3)));
  check_on_gpu(TemporalBlur<float>(video, normal(6)));  // more taps than frames
}

TEST_CASE("device strided blurs equal the host's") {
  const struct {
    Shape shape;
    Index kh, kw, stride;
  } cases[] = {{one, 1, 1, 1},
               {one, 3, 2, 1},
               {image, 4, 3, 1},
               {{.t = 2, .h = 6, .w = 9, .f = 3}, 5, 4, 3},
               {{.t = 3, .h = 4, .w = 6, .f = 3}, 1, 3, 2},
               {{.h = 4, .w = 6}, 11, 15, 2},  // wraps around more than once
               {{.t = 2, .h = 3, .w = 6, .f = 3}, 2, 8, 3}};
  for (const auto& c : cases) {
    CAPTURE(c.kh, c.kw, c.stride);
    check_on_gpu(StridedBlur<float>(c.shape, normal_kernel(c.kh, c.kw), c.stride));
    check_on_gpu(GrayStridedBlur<float>(c.shape, normal_kernel(c.kh, c.kw, c.shape.f), c.stride));
  }
}

TEST_CASE("device compressive sensing equals the host's") {
  check_on_gpu(Dense<float>(one, 1, normal(1)));
  check_on_gpu(Dense<float>(image, 3, normal(3 * image.size())));
  check_on_gpu(Dense<float>(video, 11, normal(11 * video.size())));
  const auto sensing = [](const Shape& shape, Index m) {
    return VideoCompressiveSensing<float>(shape, m, normal(m * shape.h * shape.w));
  };
  check_on_gpu(sensing(one, 1));
  check_on_gpu(sensing(image, 2));
  check_on_gpu(sensing(video, 9));
  check_on_gpu(sensing({.t = 8, .h = 13, .w = 11, .f = 1}, 5));  // more than a block's pixels and frames
  check_on_gpu(sensing({.t = 11, .h = 3, .w = 11, .f = 3}, 17));
}

TEST_CASE("device compositions equal the host's") {
  const FullBlur<float> blur(video, normal_kernel(2, 3));
  const BoxDownsample<float> subsample(blur.range(), 2);
  const ChannelSum<float> gray(subsample.range(), luma_weights<float>(3));
  const auto fixed = compose(subsample, blur);
  check_on_gpu(fixed);
  check_on_gpu(Chain<Any>({blur}));
  check_on_gpu(Chain<Any>({random_mask(video), blur, subsample, gray}));
  check_on_gpu(stack(fixed, FrameSelection<float>(video, {3, 1}), random_mask(video)));
  check_on_gpu(Scale(fixed, -3.0f));
  check_on_gpu(transpose(fixed));
  check_on_gpu(frame_window(Chain<Any>({blur, subsample}), {.begin = 1, .count = 2}).a);
}

TEST_CASE("a device batch of every kind of problem equals the host's") {
  const Shape small{.t = 3, .h = 6, .w = 4, .f = 3};
  const std::vector<Any> blocks{Identity<float>(small),
                                random_mask(small),
                                FrameSelection<float>(small, {0, 2}),
                                BoxDownsample<float>(small, 2),
                                ChannelSum<float>(small, luma_weights<float>(3)),
                                Dense<float>(small, 7, normal(7 * small.size())),
                                VideoCompressiveSensing<float>(small, 5, normal(5 * 24)),
                                FullBlur<float>(small, normal_kernel(3, 2)),
                                TemporalBlur<float>(small, normal(2)),
                                StridedBlur<float>(small, normal_kernel(3, 3), 2),
                                GrayStridedBlur<float>(small, normal_kernel(3, 2, 3), 2)};
  CHECK(std::ssize(blocks) == std::variant_size_v<std::remove_cvref_t<decltype(blocks[0].variant())>>);
  check_on_gpu(BlockDiagonal<Any>(blocks));
}

TEST_CASE("device operators keep what they are made of in the device's memory") {
  const auto check = [](const auto& a, const auto& entries) { check_own_copy(a, entries(a)); };
  check(random_mask(video), [](const auto& a) { return a.mask(); });
  check(ChannelSum<float>(video, normal(3)), [](const auto& a) { return a.weights(); });
  check(Dense<float>(video, 2, normal(2 * video.size())), [](const auto& a) { return a.matrix(); });
  check(VideoCompressiveSensing<float>(video, 2, normal(2 * 35)), [](const auto& a) { return a.sensing_matrix(); });
  check(FullBlur<float>(video, normal_kernel(2, 3)), [](const auto& a) { return a.kernel().flat(); });
  check(TemporalBlur<float>(video, normal(2)), [](const auto& a) { return a.taps(); });
  check(StridedBlur<float>(video, normal_kernel(2, 3), 1), [](const auto& a) { return a.kernel().flat(); });
  check(GrayStridedBlur<float>(video, normal_kernel(2, 3, 3), 1), [](const auto& a) { return a.kernels().flat(); });
}

TEST_CASE("device operators refuse arrays of the wrong size before any work") {
  const TestGpu gpu = test_gpu();
  const auto a = random_mask(video);
  const auto x = gpu.allocate<float>(video.size()), y = gpu.allocate<float>(video.size() - 1);
  CHECK_THROWS_AS(a.apply(gpu, x.span(), y.span()), ShapeError);
}

}  // namespace shipped_operator_cuda_test
