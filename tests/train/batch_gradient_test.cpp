// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"

#include <memory>

#include "support/catch.hpp"
#include "train/small_network.hpp"

namespace batch_gradient_test {

using namespace videoonenet;
using namespace videoonenet::test;

namespace {

template <class T>
using Batch = std::vector<std::unique_ptr<BoundTriplet<SmallNetwork<T>>>>;

const SmallNetwork<float> network_f;
const SmallNetwork<double> network_d;
template <class T>
const SmallNetwork<T>& network() {
  if constexpr (std::is_same_v<T, float>)
    return network_f;
  else
    return network_d;
}

template <class T>
Batch<T> draw_batch(Index count, Index first = 0) {
  const auto sampler = small_sampler<T>();
  Batch<T> batch;
  for (Index i = 0; i < count; ++i)
    batch.push_back(std::make_unique<BoundTriplet<SmallNetwork<T>>>(Cpu{}, network<T>(), sampler.draw(first + i)));
  return batch;
}

template <class T>
struct Result {
  double loss;
  Buffer<T> gradient{3};
};

template <class T, class L = MeanSquaredError>
Result<T> compute(const Batch<T>& batch, int threads, Index size, const Buffer<T>& parameters) {
  BatchGradient<SmallNetwork<T>, L> batch_gradient(Cpu{.threads = threads}, network<T>(), RandomVideos{}.shape(),
                                                   {.size = size});
  Result<T> result{};
  result.gradient = Buffer<T>{99, 99, 99};  // it is written, not added to
  result.loss = batch_gradient(parameters.span(), batch, result.gradient.span());
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("the gradient of a batch is the mean of its videos' gradients, whatever the threads", "", float,
                   double) {
  using T = TestType;
  const Buffer<T> parameters{T(0.7), T(-0.2), T(0.1)};
  const auto batch = draw_batch<T>(7);
  const auto one = compute(batch, 1, 7, parameters);
  double loss = 0;
  std::vector<double> gradient(3);
  for (Index i = 0; i < 7; ++i) {
    const auto alone = compute(draw_batch<T>(1, i), 1, 7, parameters);
    loss += alone.loss / 7;
    for (std::size_t j = 0; j < 3; ++j) gradient[j] += double(alone.gradient[Index(j)]) / 7;
  }
  constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  CHECK(one.loss == Approx(loss).epsilon(tolerance));
  for (Index j = 0; j < 3; ++j) CHECK(double(one.gradient[j]) == Approx(gradient[std::size_t(j)]).epsilon(tolerance));
  for (int threads : {2, 3, 16}) {
    const auto many = compute(batch, threads, 7, parameters);
    CHECK(many.loss == one.loss);
    CHECK(same_bits(many.gradient, one.gradient));
    CHECK(same_bits(compute(batch, threads, 20, parameters).gradient, one.gradient));
  }
}

TEMPLATE_TEST_CASE("the gradient of a batch is the derivative of its loss", "", MeanSquaredError, MeanAbsoluteError,
                   NegativePsnr) {
  const auto batch = draw_batch<double>(3);
  const Buffer<double> parameters{0.7, -0.2, 0.1};
  const auto at = compute<double, TestType>(batch, 2, 3, parameters);
  constexpr double h = 1e-6;
  for (Index j = 0; j < 3; ++j) {
    Buffer<double> ahead = parameters, behind = parameters;
    ahead[j] += h;
    behind[j] -= h;
    const double slope =
        (compute<double, TestType>(batch, 1, 3, ahead).loss - compute<double, TestType>(batch, 1, 3, behind).loss) /
        (2 * h);
    CHECK(at.gradient[j] == Approx(slope).epsilon(1e-6));
  }
}

TEST_CASE("a batch's memory is a cache a thread and a gradient a video") {
  const Index cache = 3 * 512;  // z, grad_z and squares of 120 entries, each a multiple of 64 bytes
  const Index gradients = 8 * 3 * 4;
  for (int threads : {1, 2, 8, 99}) {
    const BatchGradient<SmallNetwork<float>> b(Cpu{.threads = threads}, network_f, RandomVideos{}.shape(), {.size = 8});
    CHECK(b.bytes() == std::min(threads, 8) * cache + gradients);
  }
}

TEST_CASE("restoring without gradients visits every sample once, or stops when told to") {
  const auto sampler = small_sampler<float>();
  const Buffer<float> parameters{1, 0, 0};
  const auto make = [&](Index i) {
    return std::make_unique<BoundTriplet<SmallNetwork<float>>>(Cpu{}, network_f, sampler.draw(i));
  };
  for (int threads : {1, 3}) {
    BatchGradient<SmallNetwork<float>> b(Cpu{.threads = threads}, network_f, RandomVideos{}.shape(), {.size = 4});
    std::vector<double> losses(10), expected(10);
    const auto score = [&](Index i, double loss, View<const float> z, View<const float> truth) {
      losses[std::size_t(i)] += loss;
      expected[std::size_t(i)] = MeanSquaredError{}.value(Cpu{}, z, truth);
    };
    CHECK(b.restore(parameters.span(), 10, make, score));
    CHECK(losses == expected);
    CHECK(std::ranges::all_of(losses, [](double l) { return l > 0; }));

    std::atomic<int> seen = 0;
    const auto count = [&](Index, double, View<const float>, View<const float>) { ++seen; };
    CHECK_FALSE(b.restore(parameters.span(), 1000, make, count, [&] { return seen >= 5; }));
    CHECK(seen >= 5);
    CHECK(seen < 5 + threads + 1);
  }
}

TEST_CASE("a batch of the wrong size is refused") {
  CHECK_THROWS_AS(BatchGradient<SmallNetwork<float>>(Cpu{}, network_f, RandomVideos{}.shape(), {.size = 0}),
                  InputError);
  BatchGradient<SmallNetwork<float>> b(Cpu{}, network_f, RandomVideos{}.shape(), {.size = 2});
  const Buffer<float> parameters{1, 0, 0};
  Buffer<float> gradient(3), short_gradient(2);
  CHECK_THROWS_AS(b(parameters.span(), draw_batch<float>(3), gradient.span()), ShapeError);
  CHECK_THROWS_AS(b(parameters.span(), Batch<float>{}, gradient.span()), ShapeError);
  CHECK_THROWS_AS(b(parameters.span(), draw_batch<float>(2), short_gradient.span()), ShapeError);
}

}  // namespace batch_gradient_test
