// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/wavelet/wavelet_cuda.cuh"

#include "support/prior_on_gpu.cuh"
#include "videoonenet/proximal/cycle_spinning/cycle_spinning.hpp"
#include "videoonenet/proximal/cycle_spinning/cycle_spinning_cuda.cuh"
#include "videoonenet/proximal/wavelet/wavelet.hpp"

namespace wavelet_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

struct Case {
  Shape shape;
  AxisWavelets wavelets;
  Levels levels;
};

const Case cases[] = {
    {{.n = 2, .t = 5, .h = 13, .w = 11, .f = 3}, {}, {.t = 2, .h = 1, .w = 3}},
    {{.t = 9, .h = 14, .w = 14}, {.t = WaveletName::db2, .h = WaveletName::db3, .w = WaveletName::db5}, {.t = 1}},
    {{.t = 1, .h = 31, .w = 26, .f = 3}, {}, {.h = 3, .w = 2}},
    {{.n = 2, .t = 8, .h = 1, .w = 3}, {}, {.t = 3}},
    {{.t = 6, .h = 10, .w = 2, .f = 3},  // filters longer than the lines
     {.t = WaveletName::db8, .h = WaveletName::db7, .w = WaveletName::db6},
     {.t = 2, .h = 3, .w = 1}},
    {{.n = 3, .t = 4, .h = 7, .w = 5}, {.w = WaveletName::db8}, {.w = 2}},
    {{.t = 3, .h = 4, .w = 5, .f = 6}, {}, {}},
};

/// The coefficients of a video, and the inverse of twice as many; the memory is that of the argument where in_place.
template <class Ex>
std::array<std::vector<float>, 2> transformed(const Ex& ex, const WaveletTransform<float>& transform, bool in_place) {
  Random random(3);
  const Index size = transform.shape().size();
  auto scratch = transform.make_scratch(ex);
  auto x = to_executor(ex, random_values(random, size));
  auto other = ex.template allocate<float>(size);
  const std::span<float> first = x.span(), second = in_place ? first : other.span();
  std::array<std::vector<float>, 2> results;
  transform.forward(ex, scratch, first, second);
  results[0] = from_executor(ex, std::span<const float>(second));
  axpby(ex, 1.f, second, 1.f, second);
  transform.inverse(ex, scratch, second, first);
  results[1] = from_executor(ex, std::span<const float>(first));
  return results;
}

}  // namespace

TEST_CASE("device wavelet transforms equal the host's") {
  const TestGpu gpu = test_gpu();
  for (const Case& k : cases)
    for (const bool in_place : {false, true}) {
      INFO("shape " << k.shape << ", in place " << in_place);
      const WaveletTransform<float> transform(k.shape, k.wavelets, k.levels);
      const auto expected = transformed(Cpu{}, transform, in_place), got = transformed(gpu, transform, in_place);
      CHECK(relative_error(got[0], expected[0]) < 1e-6);
      CHECK(relative_error(got[1], expected[1]) < 1e-6);
    }
}

TEST_CASE("device wavelet priors equal the host's") {
  for (const Shape& shape : {Shape{.n = 2, .t = 5, .h = 17, .w = 21, .f = 3}, Shape{.t = 16, .h = 16, .w = 15}}) {
    check_prior_on_gpu(Wavelet<float>{.lambda = 0.3f}, shape);
    check_prior_on_gpu(Wavelet<float>{.lambda = 0.3f, .approximation = Wavelet<float>::Approximation::threshold},
                       shape);
    check_prior_on_gpu(Wavelet<float>::published(0.3f), shape);
    check_prior_on_gpu(Wavelet<float>::published(0.3f, WaveletName::haar), shape);
  }
}

TEST_CASE("device cycle spinning equals the host's") {
  const CycleSpinning<Wavelet<float>> spinning{{.lambda = 0.3f, .levels = {.t = 1, .h = 1, .w = 1}},
                                               {.t = 2, .h = 3, .w = 4}};
  check_prior_on_gpu(spinning, {.n = 2, .t = 3, .h = 7, .w = 5, .f = 3});
}

}  // namespace wavelet_cuda_test
