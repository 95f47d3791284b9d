// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The operator that docs/how-to-add-an-operator.md builds.
#include "support/catch.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/testing/check_adjoint.hpp"
#include "videoonenet/testing/check_data_step.hpp"
#include "videoonenet/testing/dense_matrix.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"
#include "videoonenet/unroll/admm.hpp"

// [kernel]
namespace videoonenet::cpu {

/// y = g_t x in every frame t.
template <class T>
void frame_gain_apply(const Executor& ex, const Shape& s, Input<T> gains, Input<T> x, Output<T> y) {
  const Index frame = s.frame_size();
  parallel_for(ex, s.t, [&](Index t) {
    for (Index i = t * frame; i < (t + 1) * frame; ++i)
      y[static_cast<std::size_t>(i)] = gains[static_cast<std::size_t>(t)] * x[static_cast<std::size_t>(i)];
  });
}

}  // namespace videoonenet::cpu
// [/kernel]

// [type]
namespace videoonenet {

/// Exposure that changes from frame to frame.
///
/// Math: y_t = g_t x_t.  Adjoint: x_t = g_t y_t.
/// Shapes: domain = range = the video, one gain a frame.  Errors: ShapeError.  Cost: one pass.
template <class T>
class FrameGain {
 public:
  using value_type = T;
  using structure_tag = structure::Diagonal;

  FrameGain(const Shape& shape, Buffer<T> gains) : shape_(shape), gains_(std::move(gains)), diagonal_(shape.size()) {
    require_size(gains_.size(), shape.t, "FrameGain", "the list of gains");
    for (Index i = 0; i < diagonal_.size(); ++i) {
      const T g = gains_[i / shape.frame_size()];
      diagonal_[i] = g * g;
    }
  }

  Shape domain() const { return shape_; }
  Shape range() const { return shape_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FrameGain::apply");
    frame_gain_apply(ex, shape_, gains_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "FrameGain::apply_adjoint");
    frame_gain_apply(ex, shape_, gains_.on(ex), y, x);
  }

  /// AᵀA = diag(g²), what structure::Diagonal asks for.
  std::span<const T> normal_diagonal() const { return diagonal_.span(); }

 private:
  Shape shape_;
  Mirrored<T> gains_;  // in the memory of every executor that asks for it
  Buffer<T> diagonal_;
};

}  // namespace videoonenet
// [/type]

// [device]
namespace videoonenet::cuda {

/// y = g_t x in every frame t, a thread an entry.
template <Gpu Ex, class T>
void frame_gain_apply(const Ex& ex, const Shape& s, Input<T> gains, Input<T> x, Output<T> y) {
  const T *pg = gains.data(), *px = x.data();
  T* py = y.data();
  const Index frame = s.frame_size();
  for_each(ex, s.size(), [=] VIDEOONENET_DEVICE(Index i) { py[i] = pg[i / frame] * px[i]; });
}

}  // namespace videoonenet::cuda
// [/device]

using namespace videoonenet;

// [test]
TEMPLATE_TEST_CASE("frame gain is linear, has its adjoint, and its data step is exact", "", float, double) {
  const FrameGain<TestType> a({.t = 3, .h = 4, .w = 5, .f = 2}, {1, 0.5, 0});
  const testing::Report adjoint = testing::check_adjoint(a);
  INFO(adjoint);
  REQUIRE(adjoint);
  const testing::Report data_step = testing::check_data_step(a);
  INFO(data_step);
  REQUIRE(data_step);
}

TEST_CASE("frame gain multiplies every entry of a frame by the frame's gain") {
  const FrameGain<double> a({.t = 2, .w = 2}, {3, 0.5});
  const Eigen::Vector4d expected(3, 3, 0.5, 0.5);
  REQUIRE(testing::dense_matrix(a) == Eigen::MatrixXd(expected.asDiagonal()));
}
// [/test]

TEST_CASE("frame gain refuses a wrong number of gains") {
  REQUIRE_THROWS_AS(FrameGain<float>({.t = 2}, {1}), ShapeError);
}

// [device test]
TEST_CASE("frame gain on a device equals the host's") {
  const FrameGain<float> a({.t = 2, .h = 3, .w = 5}, {3, 0.5});
  Tensor<float> x(a.domain()), expected(a.range()), y(a.range());
  Random(1).fill_normal(x.flat());
  a.apply(Cpu{}, x.flat(), expected.flat());
  const cuda::EmulatedGpu gpu;
  on_executor(gpu, std::as_const(x).flat(), y.flat(), [&](auto in, auto out) { a.apply(gpu, in, out); });
  REQUIRE(std::ranges::equal(y.flat(), expected.flat()));
}
// [/device test]

TEST_CASE("frame gain is undone by ADMM") {
  // [solve]
  const FrameGain<float> a({.t = 2, .h = 8, .w = 8}, {1, 0.25});
  Tensor<float> y(a.range()), restored(a.domain());
  std::ranges::fill(y.flat(), 0.2f);
  admm(Cpu{}, L1<float>{.lambda = 1e-4f}, LeastSquares{}, a, y.flat(), restored.view());
  // [/solve]
  REQUIRE(restored(0, 0, 0, 0, 0) == Approx(0.2).margin(0.01));
  REQUIRE(restored(0, 1, 0, 0, 0) == Approx(0.8).margin(0.01));
}
