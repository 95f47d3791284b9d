// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/judge.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/tensor.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace judge_test {

using namespace videoonenet;

TEST_CASE("a judge learns from its label, and tells the maker of what it judges how to be taken for another") {
  const Shape pixel{.n = 1};
  const Judge<FrameDense<double>> judge{{.h = 1, .w = 1, .in = 1, .out = 1}};  // the logit 2x + 1
  Buffer<double> parameters{2, 1};
  auto planned = plan(Cpu{}, [&](auto& memory) { return judge.make_cache(memory, pixel); });
  std::ranges::fill(planned.cache.gradient, 0.0);
  Tensor<double> x(pixel), grad_x(pixel);
  x[0] = 3, grad_x[0] = 10;
  const double said = 1 / (1 + std::exp(-7.0));
  const double loss = judge.judge(Cpu{}, planned.cache, parameters.span(), x.view(), 0.2, 5);
  CHECK(loss == Approx(-5 * (0.2 * std::log(said) + 0.8 * std::log(1 - said))));
  CHECK(planned.cache.gradient[0] == Approx(5 * (said - 0.2) * 3));
  CHECK(planned.cache.gradient[1] == Approx(5 * (said - 0.2)));
  const double asked = judge.please(Cpu{}, planned.cache, parameters.span(), 1, 4, grad_x.view());
  CHECK(asked == Approx(-std::log(said)));
  CHECK(grad_x[0] == Approx(10 + 4 * (said - 1) * 2));
  CHECK(planned.cache.gradient[0] == Approx(5 * (said - 0.2) * 3));  // as before
}

}  // namespace judge_test
