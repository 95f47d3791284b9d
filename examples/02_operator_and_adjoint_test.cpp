// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a linear operator as a pair of functions, A and its adjoint, and the test that they belong together.
// Builds on  nothing.
// Leaves out solving for the video (03, 04).
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/testing/check_adjoint.hpp"

using namespace videoonenet;

namespace {

// A frequent mistake: the "adjoint" of averaging that spreads each mean over its box without dividing by the box's
// size.
struct WrongAdjoint : BoxDownsample<float> {
  using BoxDownsample::BoxDownsample;
  void apply_adjoint(const Cpu& ex, std::span<const float> y, std::span<float> x) const {
    BoxDownsample::apply_adjoint(ex, y, x);
    for (float& v : x) v *= float(factor() * factor());
  }
};

}  // namespace

int main() {
  const Cpu ex;
  const Shape shape{.t = 4, .h = 32, .w = 48, .f = 3};
  Random random(1);
  const Tensor<float> video = synthetic_video<float>(ex, SyntheticKind::texture, shape, random);

  // y = A x: a camera with a quarter of the pixels. Nothing is stored but the factor.
  const BoxDownsample<float> a(shape, 2);
  Tensor<float> measured(a.range()), back(a.domain());
  a.apply(ex, video.flat(), measured.flat());
  a.apply_adjoint(ex, measured.flat(), back.flat());
  std::cout << "A takes " << a.domain() << " (N x T x H x W x F) to " << a.range() << ", its adjoint takes it back\n";

  // <Ax, y> = <x, A'y> for every x and y is what makes A' the adjoint; here with y = Ax.
  std::cout << "<Ax, y>  = " << dot(ex, std::as_const(measured).flat(), measured.flat()) << "\n";
  std::cout << "<x, A'y> = " << dot(ex, video.flat(), back.flat()) << "\n\n";

  // The library does this with random vectors, and says what is wrong if something is.
  const testing::Report right = testing::check_adjoint(a);
  const testing::Report wrong = testing::check_adjoint(WrongAdjoint(shape, 2));
  std::cout << right << "\n\n" << wrong << "\n";
  return right.passed && !wrong.passed ? 0 : 1;
}
