// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      an operator of your own: it works at once by conjugate gradients, and with a structure tag it is exact.
// Builds on  02.
// Leaves out a prior better than "small" (04).
#include <chrono>
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/testing/check_adjoint.hpp"

using namespace videoonenet;

// A lens that darkens towards the corners: every pixel is multiplied by a gain. This is all the library asks for.
struct Vignette {
  using value_type = double;
  Shape shape;
  double gain(Index i) const {
    const double x = double(i / shape.f % shape.w) / double(shape.w),
                 y = double(i / shape.f / shape.w % shape.h) / double(shape.h);
    return 1.02 - 2 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5));
  }
  Shape domain() const { return shape; }
  Shape range() const { return shape; }
  void apply(const Cpu&, std::span<const double> x, std::span<double> y) const {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = gain(static_cast<Index>(i)) * x[i];
  }
  void apply_adjoint(const Cpu& ex, std::span<const double> y, std::span<double> x) const { apply(ex, y, x); }
};

// The same operator, saying what it knows about itself: A'A is diagonal, and this is the diagonal.
struct TaggedVignette : Vignette {
  using structure_tag = structure::Diagonal;
  explicit TaggedVignette(const Shape& s) : Vignette{s}, squares(s.size()) {
    for (Index i = 0; i < s.size(); ++i) squares[i] = gain(i) * gain(i);
  }
  std::span<const double> normal_diagonal() const { return squares.span(); }
  Buffer<double> squares;
};

// z = (A'A + ρI)⁻¹ A'y, timed, by whichever solver the operator's structure selects.
template <class A>
Tensor<double> restore(const char* name, const A& a, const Tensor<double>& truth) {
  const Cpu ex;
  Tensor<double> y(a.range()), aty(a.domain()), z(a.domain());
  a.apply(ex, truth.flat(), y.flat());
  a.apply_adjoint(ex, y.flat(), aty.flat());
  NormalSolver<A> solver(ex, a, {.tolerance = 1e-10});
  const auto begin = std::chrono::steady_clock::now();
  solver.solve(ex, 1e-4, aty.flat(), z.flat());
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
  std::cout << name << solver.report().iterations << " iterations, " << time.count() << " ms, PSNR from "
            << psnr(ex, y.view(), truth.view()) << " dB to " << psnr(ex, z.view(), truth.view()) << " dB\n";
  return z;
}

int main() {
  const Shape shape{.t = 4, .h = 64, .w = 64, .f = 3};
  Random random(1);
  const Tensor<double> truth = synthetic_video<double>(Cpu{}, SyntheticKind::texture, shape, random);
  const testing::Report adjoint = testing::check_adjoint(Vignette{shape});
  std::cout << adjoint << "\n";

  const Tensor<double> iterative = restore("without a tag: ", Vignette{shape}, truth);
  const Tensor<double> direct = restore("with a tag:    ", TaggedVignette{shape}, truth);
  const double difference =
      std::sqrt(squared_distance(Cpu{}, iterative.flat(), direct.flat()) / squared_norm(Cpu{}, direct.flat()));
  std::cout << "the two differ by " << difference << " of their norm\n";
  return adjoint.passed && difference < 1e-6 && psnr(Cpu{}, direct.view(), truth.view()) > 40 ? 0 : 1;
}
