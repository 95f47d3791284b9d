// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/video_net.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace video_net_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("the VON net's adjoint belongs to it, in both forms and with both norms", "", float, double) {
  VideoNetOptions sizes{.in = 2, .out = 1, .filters = 3, .kernel_encoder = 3, .kernel_decoder = 4};
  for (const bool recurrent : {false, true})
    for (const auto norm : {InstanceNormPolicy::joint, InstanceNormPolicy::channel}) {
      sizes.norm = norm;
      const auto report =
          testing::check_gradient(video_net<TestType>(sizes, recurrent), {.n = 2, .t = 3, .h = 4, .w = 5, .f = 2});
      INFO(report);
      CHECK(report);
    }
}

TEST_CASE("the published sizes have as many weights as their tables say") {
  // 9·in·C + C, then twice 9·C² + C, with 2 for each norm; per direction 2·9·C² + C; 121·out·(C or 2C) + out
  const VideoNetOptions prior{.in = 2, .out = 1};
  const Index c = 64, encoder = 9 * 2 * c + c + 2 * (9 * c * c + c) + 6;
  REQUIRE(video_net<float>(prior, false).parameter_count() == encoder + 121 * c + 1);
  REQUIRE(video_net<float>(prior, true).parameter_count() == encoder + 2 * (18 * c * c + c) + 121 * 2 * c + 1);
}

TEST_CASE("the VON net keeps every extent but the channels, and refuses others than it was made for") {
  const auto net = video_net<float>({.in = 3, .out = 6, .filters = 4}, true);
  for (const Shape& s : {Shape{.f = 3}, Shape{.n = 2, .t = 5, .h = 1, .w = 7, .f = 3}})
    REQUIRE(net.output_shape(s) == Shape{.n = s.n, .t = s.t, .h = s.h, .w = s.w, .f = 6});
  REQUIRE_THROWS_AS(net.output_shape({.h = 4, .w = 4, .f = 1}), ShapeError);
}

}  // namespace video_net_test
