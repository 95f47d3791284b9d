// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/certificate.hpp"

#include <string>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver.hpp"
#include "videoonenet/operators/channel_sum/channel_sum.hpp"

namespace certificate_test {

using namespace videoonenet;

namespace {

template <class T>
struct Solved {
  Solved() {
    Random random(3);
    random.fill_normal(b.span());
    random.fill_normal(grad_z.span());
    NormalSolver<ChannelSum<T>> solver(Cpu{}, a);
    solver.solve(Cpu{}, rho, b.span(), z.span());
    solver.solve(Cpu{}, rho, grad_z.span(), grad_b.span());
  }
  Certificate forward() const { return certificate(Cpu{}, a, rho, b.span(), z.span()); }
  GradientCertificate gradient() const {
    return gradient_certificate(Cpu{}, a, rho, b.span(), z.span(), grad_z.span(), grad_b.span());
  }
  T rho = T(0.25);
  ChannelSum<T> a{{.t = 2, .h = 3, .w = 5, .f = 3}, {T(0.5), T(0.25), T(0.25)}};
  Buffer<T> b = Buffer<T>(90), z = b, grad_z = b, grad_b = b;
};

template <class C>
std::string refusal(const C& c, double tolerance) {
  try {
    require(c, tolerance, "the test");
  } catch (const NumericalError& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("An exact data step has clean certificates, forward and for the gradient", "", float, double) {
  const Solved<TestType> s;
  const double rounding = 20 * double(std::numeric_limits<TestType>::epsilon());
  CHECK(s.forward().residual < rounding);
  CHECK(s.gradient().residual < rounding);
  CHECK(s.gradient().symmetry_defect < rounding);
  CHECK(refusal(s.forward(), rounding).empty());
  CHECK(refusal(s.gradient(), rounding).empty());
}

TEMPLATE_TEST_CASE("A certificate measures the defect", "", float, double) {
  using T = TestType;
  // A = (1), rho = 1: 2z − b for z = 3, b = 4 leaves 2 of 4.
  const ChannelSum<T> one({}, {T(1)});
  const Buffer<T> b{4}, z{3}, zero{0};
  CHECK(certificate(Cpu{}, one, T(1), b.span(), z.span()).residual == 0.5);
  CHECK(certificate(Cpu{}, one, T(1), zero.span(), z.span()).residual == 6);
  CHECK(certificate(Cpu{}, one, T(1), zero.span(), zero.span()).residual == 0);
  // <z, g> = 3·4 and <b, h> = 4·1 differ by 8 of max(12, 4).
  const Buffer<T> g{4}, h{1};
  const GradientCertificate c = gradient_certificate(Cpu{}, one, T(1), b.span(), z.span(), g.span(), h.span());
  CHECK(std::abs(c.symmetry_defect - 8.0 / 12) < 1e-12);
  CHECK(c.residual == 0.5);
}

TEMPLATE_TEST_CASE("A bad step fails loudly, with both numbers", "", float, double) {
  using T = TestType;
  Solved<T> s;
  for (T& v : s.z) v *= T(1.5);
  CHECK(refusal(s.forward(), 1e-3) ==
        "the test: the relative residual of the data step's normal equations is 0.5, expected at most 0.001");
  CHECK(refusal(s.gradient(), 1e-3).find("not symmetric") != std::string::npos);
  for (T& v : s.grad_b) v *= T(1.5);
  CHECK(refusal(s.gradient(), 1e-3).find("adjoint solve is 0.5") != std::string::npos);
  s.z[4] = std::numeric_limits<T>::quiet_NaN();
  CHECK_FALSE(refusal(s.forward(), 1e-3).empty());
}

TEMPLATE_TEST_CASE("Vectors of another size are refused", "", float, double) {
  using T = TestType;
  const Solved<T> s;
  const auto shorter = s.b.span().first(89);
  CHECK_THROWS_AS(certificate(Cpu{}, s.a, s.rho, shorter, s.z.span()), ShapeError);
  CHECK_THROWS_AS(certificate(Cpu{}, s.a, s.rho, s.b.span(), shorter), ShapeError);
  CHECK_THROWS_AS(gradient_certificate(Cpu{}, s.a, s.rho, shorter, s.z.span(), s.b.span(), s.z.span()), ShapeError);
}

}  // namespace certificate_test
