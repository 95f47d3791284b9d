// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/least_squares/least_squares_cuda.cuh"

#include <string>

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "support/test_gpu_algebra.cuh"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal_cuda.cuh"
#include "videoonenet/operators/problem/problem.hpp"
#include "videoonenet/operators/scale/scale.hpp"
#include "videoonenet/operators/shipped_operator_cuda.cuh"

namespace least_squares_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

using Any = ShippedOperator<float>;

constexpr Shape video{.t = 3, .h = 4, .w = 6, .f = 3};

Any drawn(ProblemKey key, const Shape& shape = video) {
  Random random(4);
  ProblemSpec spec{.key = key};
  for (const ProblemKey halving : {ProblemKey::super_resolution, ProblemKey::frame_interpolation,
                                   ProblemKey::strided_blur, ProblemKey::gray_strided_blur})
    if (key == halving) spec.ratio = 0.5;
  return draw_problem<float>(Cpu{}, spec, shape, random).a;
}

Any dense(const Shape& shape, Index rows) {
  Random random(6);
  Buffer<float> matrix(rows * shape.size());
  for (float& v : matrix) v = static_cast<float>(random.normal());
  return Dense<float>(shape, rows, std::move(matrix));
}

/// Hides the structure of an operator.
struct Untagged {
  using value_type = float;
  Any inner;
  Shape domain() const { return inner.domain(); }
  Shape range() const { return inner.range(); }
  template <Executor Ex>
  void apply(const Ex& ex, std::span<const float> x, std::span<float> y) const {
    inner.apply(ex, x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const float> y, std::span<float> x) const {
    inner.apply_adjoint(ex, y, x);
  }
};

/// What a data step leaves behind, one array after the other: the start, then steps and their adjoints with two ρ, the
/// first of them once more.
template <class Ex, class A>
std::vector<std::vector<float>> results(const Ex& ex, const A& a, const SolverOptions& options) {
  Random random(5);
  const Shape shape = a.domain();
  const Index n = shape.size();
  const auto take = [&](Index size) { return to_executor(ex, random_values(random, size)); };
  auto y = take(Shape(a.range()).size()), x = take(n), z = take(n), u = take(n), next_u = take(n), grad_x = take(n),
       grad_z = take(n), grad_u = take(n), grad_aty = take(n);
  const auto as_view = [&](auto& buffer) { return View<float>{buffer.data(), shape}; };
  auto bound = LeastSquares{.solver = options}.bind(ex, a, std::span<const float>(y.span()));
  bound.start(ex, as_view(z), as_view(u));
  std::vector<std::vector<float>> all{from_executor(ex, bound.adjoint_measurement()), from_executor(ex, z),
                                      from_executor(ex, u)};
  for (const float rho : {0.3f, 2.0f, 0.3f}) {
    bound.step(ex, rho, as_view(x), as_view(z), as_view(u));
    const double grad_rho =
        bound.step_adjoint(ex, rho, std::span<const float>(next_u.span()), as_view(grad_x), as_view(grad_z),
                           as_view(grad_u), MeasurementGradient<float>{.aty = grad_aty.span()});
    all.push_back(from_executor(ex, z));
    for (auto* buffer : {&u, &grad_x, &grad_z, &grad_u, &grad_aty}) all.push_back(from_executor(ex, *buffer));
    all.push_back({static_cast<float>(grad_rho)});
    grad_z = take(n);
  }
  return all;
}

template <class A>
void same_on_gpu(const A& a, const SolverOptions& options = {.tolerance = 1e-7}) {
  const auto expected = results(Cpu{}, a, options), got = results(test_gpu(), a, options);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(relative_error(got[i], expected[i]) < 1e-5);
  }
}

/// A solve with ρ = 0.001 and one with ρ = 2 on both.
template <class A>
void same_solver_on_gpu(const A& a, const std::vector<float>& b, double tolerance) {
  const TestGpu gpu = test_gpu();
  NormalSolver<A> host(Cpu{}, a);
  NormalSolver<A, structure_of<A>, TestGpu> device(gpu, a);
  const auto gpu_b = to_executor(gpu, b);
  auto z = gpu.allocate<float>(std::ssize(b));
  std::vector<float> expected(b.size());
  for (const float rho : {1e-3f, 2.0f}) {
    host.solve(Cpu{}, rho, std::span<const float>(b), std::span(expected));
    device.solve(gpu, rho, std::span<const float>(gpu_b.span()), z.span());
    CHECK(relative_error(from_executor(gpu, z), expected) < tolerance);
  }
}

/// The same for a right-hand side in the range of Aᵀ, where z is small and what makes it up cancels.
template <class A>
void same_small_solution_on_gpu(const A& a) {
  Random random(9);
  const auto y = random_values(random, Shape(a.range()).size());
  std::vector<float> b(static_cast<std::size_t>(Shape(a.domain()).size()));
  a.apply_adjoint(Cpu{}, std::span<const float>(y), std::span(b));
  same_solver_on_gpu(a, b, 1e-5);
}

/// The same symmetric matrix over the frames of two videos; only its solver is used.
struct Frames {
  using value_type = float;
  using structure_tag = structure::TimeOnly;
  Shape domain() const { return {.n = 2, .t = 3, .h = 2, .w = 5, .f = 1}; }
  Shape range() const { return domain(); }
  TimeMatrix<float> time_matrix() const { return {3, 3, {2, 1, 0, 1, 3, -1, 0, -1, 1}}; }
};

/// A diagonal that the operator does not bring to a device.
struct Weights {
  using value_type = float;
  using structure_tag = structure::Diagonal;
  Buffer<float> weights{0, 1, 4, 0.25f, 9};
  Shape domain() const { return flat_shape(5); }
  Shape range() const { return domain(); }
  std::span<const float> normal_diagonal() const { return weights.span(); }
};

/// A matrix that is twice as large on a device, which shows where its pseudoinverse was made.
struct Doubled {
  using value_type = float;
  using structure_tag = structure::Dense;
  Index rows, columns;
  Mirrored<float> values, twice;
  Doubled(Index row_count, Index column_count, bool singular) : rows(row_count), columns(column_count) {
    Random random(12);
    Buffer<float> once(rows * columns), double_of_it(rows * columns);
    for (Index i = 0; i < once.size(); ++i) {
      once[i] = singular && i >= columns ? once[i - columns] : static_cast<float>(random.normal());
      double_of_it[i] = 2 * once[i];
    }
    values = once;
    twice = double_of_it;
  }
  Shape domain() const { return flat_shape(columns); }
  Shape range() const { return flat_shape(rows); }
  std::span<const float> matrix() const { return values.span(); }
  template <Executor Ex>
  std::span<const float> matrix_on(const Ex& ex) const {
    return twice.on(ex);
  }
};

}  // namespace

TEST_CASE("data steps on the device equal the host's, for every structure") {
  for (const auto& [key, name] : problem_keys) {
    if (key == ProblemKey::dense) continue;
    CAPTURE(std::string(name));
    same_on_gpu(drawn(key));
  }
  same_on_gpu(drawn(ProblemKey::strided_blur, {.t = 2, .h = 4, .w = 8, .f = 2}));  // spectra of an even size
}

TEST_CASE("data steps of wide, tall and singular matrices on the device equal the host's") {
  const Shape small{.t = 1, .h = 3, .w = 5, .f = 1};
  same_on_gpu(dense(small, 7));
  same_on_gpu(dense(small, 23));
  Buffer<float> twice(2 * 15);
  for (Index i = 0; i < 30; ++i) twice[i] = static_cast<float>(i % 15 + 1);
  same_on_gpu(Any(Dense<float>(small, 2, std::move(twice))));
}

TEST_CASE("data steps of composed operators on the device equal the host's") {
  same_on_gpu(Untagged{drawn(ProblemKey::strided_blur)});
  same_on_gpu(Scale<Any>(drawn(ProblemKey::super_resolution), -1.7f));
  same_on_gpu(BlockDiagonal<Any>({drawn(ProblemKey::pixel_inpaint), drawn(ProblemKey::colorization)}));
}

TEST_CASE("a full blur beyond the memory budget is solved by conjugate gradients on the device") {
  const FullBlur<float> a(video, disk_kernel<float>());
  const SolverOptions options{.tolerance = 1e-7, .memory_budget = 8};
  CHECK_FALSE((NormalSolver<FullBlur<float>, structure::BlockToeplitz, TestGpu>(test_gpu(), a, options).direct()));
  CHECK((NormalSolver<FullBlur<float>, structure::BlockToeplitz, TestGpu>(test_gpu(), a).direct()));
  same_on_gpu(Any(a), options);
}

TEST_CASE("factors and sums on the device are in double: a small rho costs no digits") {
  Random random(3);
  Buffer<float> phi(7 * video.h * video.w);
  for (float& v : phi) v = static_cast<float>(random.normal());
  same_small_solution_on_gpu(VideoCompressiveSensing<float>(video, 7, std::move(phi)));
  same_small_solution_on_gpu(dense({.t = 1, .h = 3, .w = 5, .f = 1}, 7));
}

TEST_CASE("a batch of videos shares one factor, and a diagonal comes to the device with its solver") {
  Random random(9);
  same_solver_on_gpu(Frames{}, random_values(random, Frames{}.domain().size()), 1e-6);
  same_solver_on_gpu(Weights{}, random_values(random, 5), 1e-6);
}

TEST_CASE("the pseudoinverse of a matrix is made on the device, or by the host where it is singular") {
  const TestGpu gpu = test_gpu();
  for (const auto& [a, scale] : {std::pair{Doubled(3, 5, false), 0.5f}, std::pair{Doubled(5, 3, false), 0.5f},
                                 std::pair{Doubled(3, 5, true), 1.0f}}) {
    Random random(13);
    const auto y = random_values(random, a.rows);
    const auto gpu_y = to_executor(gpu, y);
    auto z = gpu.allocate<float>(a.columns);
    std::vector<float> expected(static_cast<std::size_t>(a.columns));
    NormalSolver<Doubled>(Cpu{}, a).pseudo_inverse(Cpu{}, y, std::span(expected));
    for (float& v : expected) v *= scale;
    NormalSolver<Doubled, structure::Dense, TestGpu>(gpu, a).pseudo_inverse(gpu, gpu_y.span(), z.span());
    CHECK(relative_error(from_executor(gpu, z), expected) < 1e-6);
  }
}

TEST_CASE("a diagonal's pseudoinverse on the device divides by what is positive") {
  const TestGpu gpu = test_gpu();
  const auto weights = to_executor(gpu, std::vector<float>{0, 1, 4, 0.25f});
  auto z = to_executor(gpu, std::vector<float>{3, 3, 3, 3});
  diagonal_pseudo_inverse(gpu, weights.span(), z.span());
  CHECK(from_executor(gpu, z) == std::vector<float>{0, 3, 0.75f, 12});
}

TEST_CASE("the gradient by the measurement on the device equals the host's") {
  const Any a = drawn(ProblemKey::super_resolution);
  const auto gradient = [&](const auto& ex) {
    Random random(2);
    const auto take = [&](Index size) { return to_executor(ex, random_values(random, size)); };
    auto y = take(Shape(a.range()).size()), aty = take(video.size()), start = take(video.size());
    auto bound = LeastSquares{}.bind(ex, a, std::span<const float>(y.span()));
    auto grad_y = take(std::ssize(y.span()));
    bound.measurement_adjoint(ex, {.aty = aty.span(), .start = start.span()}, grad_y.span());
    return from_executor(ex, grad_y);
  };
  CHECK(relative_error(gradient(test_gpu()), gradient(Cpu{})) < 1e-5);
}

}  // namespace least_squares_cuda_test
