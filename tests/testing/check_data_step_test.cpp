// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/check_data_step.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace check_data_step_test {

namespace {

enum class Fault {
  none,
  scaled_solve,
  wrong_solve,
  asymmetric,
  reads_output,
  keeps_first_rho,
  keeps_first_result,
  adds_to_zero,
  depends_on_threads,
  scaled_start,
  not_least_norm,
  never_converges,
  loose_residual,
};

/// Keeps two of three entries; its solver below has one fault.
template <class T>
struct Faulty {
  using value_type = T;
  struct structure_tag {};
  videoonenet::Shape domain() const { return videoonenet::flat_shape(3); }
  videoonenet::Shape range() const { return videoonenet::flat_shape(2); }
  template <videoonenet::Executor Ex>
  void apply(const Ex&, std::span<const T> x, std::span<T> y) const {
    y[0] = x[0];
    y[1] = x[1];
  }
  template <videoonenet::Executor Ex>
  void apply_adjoint(const Ex&, std::span<const T> y, std::span<T> x) const {
    x[0] = y[0];
    x[1] = y[1];
    x[2] = T(0);
  }
  Fault fault = Fault::none;
};

}  // namespace
}  // namespace check_data_step_test

namespace videoonenet {

template <class T>
class NormalSolver<check_data_step_test::Faulty<T>, typename check_data_step_test::Faulty<T>::structure_tag> {
  using Fault = check_data_step_test::Fault;
  template <class S>
  using Faulty = check_data_step_test::Faulty<S>;

 public:
  NormalSolver(const Cpu&, const Faulty<T>& a, const SolverOptions& options) : fault_(a.fault), options_(options) {}

  void solve(const Cpu& ex, T rho, std::span<const T> b, std::span<T> z) {
    if (kept_rho_ == T(0) || fault_ != Fault::keeps_first_rho) kept_rho_ = rho;
    const T before = z[0];
    if (fault_ == Fault::keeps_first_result && kept_result_.size() > 0) return copy(ex, kept_result_.span(), z);
    for (std::size_t i = 0; i < 3; ++i) z[i] = b[i] / (kept_rho_ + (i < 2 ? T(1) : T(0)));
    if (fault_ == Fault::scaled_solve)
      for (T& v : z) v *= T(2);
    if (fault_ == Fault::wrong_solve) z[1] += b[0];
    if (fault_ == Fault::asymmetric) z[1] += T(0.25) * b[0];
    if (fault_ == Fault::reads_output && std::isnan(before)) z[0] = before;
    if (fault_ == Fault::adds_to_zero && b[0] == T(0)) z[0] += T(1e-30);
    if (fault_ == Fault::depends_on_threads && ex.threads > 1) z[0] = std::nextafter(z[0], T(100));
    if (fault_ == Fault::loose_residual) z[0] *= T(1.5);
    if (fault_ == Fault::keeps_first_result) kept_result_ = Buffer<T>(std::span<const T>(z));
  }
  void pseudo_inverse(const Cpu&, std::span<const T> y, std::span<T> z) {
    const T scale = fault_ == Fault::scaled_start ? T(0.5) : T(1);
    z[0] = scale * y[0];
    z[1] = scale * y[1];
    z[2] = fault_ == Fault::not_least_norm ? T(1e-4) : T(0);
  }
  SolveReport report() const {
    if (fault_ == Fault::loose_residual) return {.iterations = 3, .relative_residual = 0};
    return {.converged = fault_ != Fault::never_converges};
  }

 private:
  Fault fault_;
  SolverOptions options_;
  T kept_rho_ = 0;
  Buffer<T> kept_result_;
};

}  // namespace videoonenet

namespace check_data_step_test {

using namespace videoonenet;

namespace {

template <class T>
testing::Report report_of(Fault fault, testing::DataStepOptions options = {}) {
  return testing::check_data_step(Faulty<T>{fault}, options);
}

bool mentions(const testing::Report& report, const std::string& text) {
  INFO(report);
  INFO("expected: " << text);
  const bool found = report.message.find(text) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEMPLATE_TEST_CASE("A right solver passes and says how closely", "", float, double) {
  const testing::Report report = report_of<TestType>(Fault::none);
  REQUIRE(report);
  mentions(report, "over 3 values of rho");
}

TEMPLATE_TEST_CASE("Each fault is found and named", "", float, double) {
  using T = TestType;
  const auto finds = [](Fault fault, const std::string& text) {
    const testing::Report report = report_of<T>(fault);
    CHECK_FALSE(report);
    mentions(report, text);
  };
  finds(Fault::scaled_solve, "only the scale is wrong: the result is 2 times");
  finds(Fault::scaled_solve, "rho = 0.001");
  finds(Fault::wrong_solve, "differs from a dense float64 solve");
  finds(Fault::reads_output, "what the output held before");
  finds(Fault::keeps_first_rho, "rho = 0.3");
  finds(Fault::keeps_first_result, "not symmetric");
  finds(Fault::adds_to_zero, "zero right-hand side");
  finds(Fault::depends_on_threads, "two threads");
  finds(Fault::scaled_start, "pseudo_inverse: differs from a dense float64 one");
  finds(Fault::scaled_start, "0.5 times");
  finds(Fault::not_least_norm, "pseudo_inverse");
  finds(Fault::never_converges, "did not converge");
  finds(Fault::loose_residual, "leaves a relative residual of");
}

TEMPLATE_TEST_CASE("Every option of the check has its effect", "", float, double) {
  using T = TestType;
  mentions(report_of<T>(Fault::asymmetric, {.rhos = {1}, .tolerance = 0.4}), "agrees");
  mentions(report_of<T>(Fault::asymmetric, {.rhos = {1}, .tolerance = 0.2}), "differs");
  mentions(report_of<T>(Fault::not_least_norm, {.pseudo_inverse_tolerance = 1e-2}), "agrees");
  mentions(report_of<T>(Fault::loose_residual, {.solver = {.tolerance = 2}}), "agrees");
  mentions(report_of<T>(Fault::keeps_first_rho, {.rhos = {0.3}}), "over 1 values of rho");
  CHECK(report_of<T>(Fault::asymmetric, {.rhos = {1}, .seed = 1}).message !=
        report_of<T>(Fault::asymmetric, {.rhos = {1}, .seed = 2}).message);
  CHECK_THROWS_AS(report_of<T>(Fault::none, {.rhos = {}}), InputError);
}

}  // namespace check_data_step_test
