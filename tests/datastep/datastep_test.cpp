// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/datastep.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace datastep_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("One include solves a batch of any shipped operators, each by its own structure") {
  using Any = ShippedOperator<float>;
  const Shape shape = small_shape;
  const Index n = shape.size();
  require_data_step(BlockDiagonal<Any>({
      Mask<float>(shape, Buffer<float>(n)),
      BoxDownsample<float>(shape, 2),
      ChannelSum<float>(shape, {0.299f, 0.587f, 0.114f}),
      TemporalBlur<float>(shape, {0.25f, 0.5f}),
      Dense<float>(shape, 9, gaussian<float>(9 * n, 1, 0.3)),
      VideoCompressiveSensing<float>(shape, 2, gaussian<float>(2 * 20, 2)),
  }));
}

}  // namespace datastep_test
