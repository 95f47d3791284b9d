// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/shipped_operator.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/compose/compose.hpp"
#include "videoonenet/operators/scale/scale.hpp"
#include "videoonenet/operators/stack/stack.hpp"
#include "videoonenet/operators/transpose/transpose.hpp"

namespace shipped_operator_test {

using namespace videoonenet;

namespace {

template <class A>
Eigen::MatrixXd matrix(const A& a) {
  return testing::dense_matrix(support::Erased<typename A::value_type>(a));
}

double largest_difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  double largest = 0;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) largest = std::max(largest, std::abs(a(i, j) - b(i, j)));
  return largest;
}

}  // namespace

TEMPLATE_TEST_CASE("blur, then subsample, then gray: a chain chosen at run time is the product", "", float, double) {
  using T = TestType;
  using Any = ShippedOperator<T>;
  const Shape video{.t = 2, .h = 5, .w = 4, .f = 3};
  const FullBlur<T> blur(video, motion_kernel_published<T>(30));
  const BoxDownsample<T> subsample(blur.range(), 2);
  const ChannelSum<T> gray(subsample.range(), {T(0.299), T(0.587), T(0.114)});

  const Chain<Any> chain({blur, subsample, gray});
  CHECK(chain.range() == Shape{.t = 2, .h = 3, .w = 3});
  support::require_adjoint(chain);
  const Eigen::MatrixXd product = support::product(matrix(gray), matrix(subsample), matrix(blur));
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  CHECK(largest_difference(matrix(chain), product) <= tolerance);

  const auto fixed = compose(gray, subsample, blur);
  support::require_adjoint(fixed);
  CHECK(matrix(fixed) == matrix(chain));
  CHECK(matrix(Chain<Any>({Identity<T>(video), blur, subsample, gray})) == matrix(chain));

  support::require_adjoint(transpose(fixed));
  support::require_adjoint(Scale(fixed, T(-3)));
  support::require_adjoint(stack(fixed, blur, FrameSelection<T>(video, {1})));
}

TEMPLATE_TEST_CASE("a batch mixes problems of every structure", "", float, double) {
  using T = TestType;
  using Any = ShippedOperator<T>;
  const Shape video{.t = 3, .h = 6, .w = 4, .f = 3};
  const auto random_buffer = [](Index size) {
    Random random(3);
    Buffer<T> values(size);
    random.fill_normal(values.span());
    return values;
  };
  Tensor<T> kernels(Shape{.h = 3, .w = 2, .f = 3});
  Random(4).fill_normal(kernels.flat());
  const std::vector<Any> blocks{Identity<T>(video),
                                Mask<T>(video, Buffer<T>(video.size())),
                                FrameSelection<T>(video, {0, 2}),
                                BoxDownsample<T>(video, 2),
                                ChannelSum<T>(video, random_buffer(3)),
                                Dense<T>(video, 7, random_buffer(7 * video.size())),
                                VideoCompressiveSensing<T>(video, 5, random_buffer(5 * 24)),
                                FullBlur<T>(video, disk_kernel<T>()),
                                TemporalBlur<T>(video, temporal_taps<T>()),
                                StridedBlur<T>(video, flat_kernel<T>(3), 2),
                                GrayStridedBlur<T>(video, kernels, 2)};
  CHECK(std::ssize(blocks) == std::variant_size_v<std::remove_cvref_t<decltype(blocks[0].variant())>>);
  const BlockDiagonal<Any> batch(blocks);
  CHECK(batch.domain() == Shape{.n = 11, .t = 3, .h = 6, .w = 4, .f = 3});
  support::require_adjoint(batch);

  const Buffer<T> x = random_buffer(batch.domain().size());
  Buffer<T> one(batch.range().size()), two(batch.range().size());
  batch.apply(Cpu{.threads = 1}, x.span(), one.span());
  batch.apply(Cpu{.threads = 2}, x.span(), two.span());
  CHECK(std::ranges::equal(one, two));
  for (Index i = 0; i < batch.size(); ++i) {
    Buffer<T> y(blocks[static_cast<std::size_t>(i)].range().size());
    batch.block(i).apply(Cpu{}, x.span().subspan(static_cast<std::size_t>(i * video.size()), video.size()), y.span());
    CHECK(std::equal(y.begin(), y.end(), one.begin() + batch.range_offset(i)));
  }
}

}  // namespace shipped_operator_test
