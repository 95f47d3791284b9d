// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/running_statistics.hpp"

#include <algorithm>

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "videoonenet/autodiff/concatenate/concatenate.hpp"
#include "videoonenet/autodiff/either/either.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/autodiff/residual/residual.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"

namespace running_statistics_test {

using namespace videoonenet;
using archetypes::Gain;

namespace {

/// Keeps nothing of what it had: afterwards its running statistics are the batch's.
const BatchNorm<float> norm{.channels = 1, .momentum = 0};
const Shape pixels{.h = 1, .w = 2};

/// The parameters after an update that follows a forward pass of the pixels 1 and 5.
template <class L>
std::vector<float> updated(const L& layer, std::vector<float> parameters) {
  Buffer<float> y(Shape(layer.output_shape(pixels)).size());
  const Buffer<float> x{1, 5};
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, pixels); });
  layer.forward(Cpu{}, parameters, view(x.span(), pixels), view(y.span(), layer.output_shape(pixels)), planned.cache);
  update_running_statistics_of(Cpu{}, layer, planned.cache, std::span(parameters));
  return parameters;
}

}  // namespace

TEST_CASE("running statistics are found inside of composed layers, each among its own parameters") {
  using Values = std::vector<float>;
  STATIC_REQUIRE(UpdatesRunningStatistics<BatchNorm<float>>);
  STATIC_REQUIRE(!UpdatesRunningStatistics<Gain>);
  CHECK(updated(Gain{}, {3}) == Values{3});
  CHECK(updated(norm, {2, 7, 0, 0}) == Values{2, 7, 3, 4});  // μ = 3, σ² = 4
  // doubled: 2 and 10, so μ = 6 and σ² = 16; then γ = 3 and β = 7 for the second
  const auto two = sequential(named("gain", Gain{}), named("a", norm), named("skip", PassThrough<float>{}),
                              named("b", BatchNorm<float>{.channels = 1, .epsilon = 0, .momentum = 0}));
  const Values after = updated(two, {2, 3, 7, 0, 0, 1, 1, 0, 0});
  CHECK(Values(after.begin(), after.begin() + 5) == Values{2, 3, 7, 6, 16});
  CHECK(after[7] == Approx(7));
  CHECK(after[8] == Approx(9).epsilon(1e-3));
  const auto beside = concatenate(named("gain", Gain{}), named("norm", norm), named("both", two));
  const Values all = updated(beside, {5, 1, 0, 0, 0, 2, 3, 7, 0, 0, 1, 1, 0, 0});
  CHECK(Values(all.begin(), all.begin() + 5) == Values{5, 1, 0, 3, 4});
  CHECK(std::equal(after.begin(), after.end(), all.begin() + 5));
  CHECK(updated(Residual{norm}, {2, 7, 0, 0}) == Values{2, 7, 3, 4});
  CHECK(updated(Either<Gain, BatchNorm<float>>(norm), {2, 7, 0, 0}) == Values{2, 7, 3, 4});
  CHECK(updated(Either<Gain, BatchNorm<float>>(Gain{}), {3}) == Values{3});
}

}  // namespace running_statistics_test
