// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "every_header.hpp"  // made by CMake: in the alphabet's order, the optional ones and the umbrella too
#include "support/catch.hpp"

using namespace videoonenet;

TEST_CASE("the umbrella header is enough to restore a video") {
  const Shape video{.t = 3, .h = 8, .w = 8};
  Random random(3);
  const auto problem = draw_problem<double>(Cpu{}, {.key = ProblemKey::center_inpaint}, video, random);
  Tensor<double> truth(video), restored(video);
  for (double& v : truth.flat()) v = 0.5;
  const Buffer<double> y = measure(Cpu{}, problem, truth.flat(), random);
  const TotalVariation<double> prior{.lambda = 0.01};
  admm(Cpu{}, prior, LeastSquares{}, problem.a, y.span(), restored.view(), {.rho = 0.3, .iterations = 200});
  REQUIRE(psnr(Cpu{}, View<const double>{y.data(), video}, truth.view()) < 20);
  REQUIRE(psnr(Cpu{}, restored.view(), truth.view()) > 40);
}
