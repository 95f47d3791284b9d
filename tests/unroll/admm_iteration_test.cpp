// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/admm_iteration.hpp"

#include <vector>

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/unroll/unroll.hpp"

namespace admm_iteration_test {

using namespace problems;

// [executor]
/// A backend of its own: an executor and, in its namespace, the kernels that ADMM asks for. Here they only keep a log.
namespace logging {

struct Executor {
  std::vector<std::string>* log;
  template <class T>
  videoonenet::Buffer<T> allocate(Index size) const {
    return Cpu{}.allocate<T>(size);
  }
};

template <class T>
void linear_combination(const Executor& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b,
                        Input<T> y, Output<T> z) {
  ex.log->push_back("linear_combination");
  videoonenet::cpu::linear_combination(Cpu{}, a, x, b, y, z);
}

}  // namespace logging
// [/executor]

namespace {

/// A data step that keeps what it is given.
struct Recorder {
  Buffer<double> x{0, 0}, z{0, 0}, u{0, 0};
  double rho = 0;
  template <class Ex>
  void step(const Ex&, double given_rho, View<const double> given_x, View<double> given_z, View<double> given_u) {
    rho = given_rho;
    std::ranges::copy(given_x.flat(), x.begin());
    std::ranges::copy(given_z.flat(), z.begin());
    std::ranges::copy(given_u.flat(), u.begin());
  }
};

/// x = v + τ, which no other formula gives.
struct AddTau {
  using value_type = double;
  template <class Ex>
  void apply(const Ex&, View<const double> v, double tau, View<double> x) const {
    for (Index i = 0; i < x.size(); ++i) x.data[i] = v.data[i] + tau;
  }
};

/// x = 10 z + u + τ, of the pair.
struct OfPair {
  using value_type = double;
  int make_cache(const Cpu&, const Shape&) const { return 0; }
  void apply(const Cpu&, int& calls, View<const double> z, View<const double> u, double tau, View<double> x) const {
    ++calls;
    for (Index i = 0; i < x.size(); ++i) x.data[i] = 10 * z.data[i] + u.data[i] + tau;
  }
};

struct Small {
  Arena<Cpu> arena{Cpu{}, 1024};
  AdmmState<double> state = AdmmState<double>::in(arena, {.w = 2});
  Small() {
    state.z.data[0] = 3;
    state.z.data[1] = 5;
    state.u.data[0] = 1;
    state.u.data[1] = -2;
  }
};

}  // namespace

TEST_CASE("the prior is given z - u and 1/rho, the data step x, z, u and rho") {
  Small s;
  Recorder data;
  NoCache none;
  admm_iteration(Cpu{}, AddTau{}, none, data, {.rho = 4}, s.state);
  REQUIRE((s.state.x.data[0] == 2.25 && s.state.x.data[1] == 7.25));
  REQUIRE(data.rho == 4);
  REQUIRE((data.x[0] == 2.25 && data.x[1] == 7.25));
  REQUIRE((data.z[0] == 3 && data.z[1] == 5));
  REQUIRE((data.u[0] == 1 && data.u[1] == -2));
}

TEST_CASE("with over-relaxation the data step is given a mixture of x and z") {
  Small s;
  Recorder data;
  NoCache none;
  admm_iteration(Cpu{}, AddTau{}, none, data, {.rho = 4, .relaxation = 1.5}, s.state);
  REQUIRE((s.state.x.data[0] == 2.25 && s.state.x.data[1] == 7.25));
  REQUIRE((data.x[0] == 1.5 * 2.25 - 0.5 * 3 && data.x[1] == 1.5 * 7.25 - 0.5 * 5));
}

TEST_CASE("a prior of the pair is given z and u themselves") {
  Small s;
  Recorder data;
  int calls = 0;
  admm_iteration(Cpu{}, OfPair{}, calls, data, {.rho = 2}, s.state);
  REQUIRE(calls == 1);
  REQUIRE((s.state.x.data[0] == 31.5 && s.state.x.data[1] == 48.5));
}

TEST_CASE("the distance to the solution, in z and u together, shrinks in every iteration") {
  const RidgeProblem problem;
  const double rho = 0.7;
  // At the optimum 0 = λ x + ρ u.
  const Eigen::VectorXd dual = -problem.prior.lambda / rho * problem.solution;
  auto data = MatrixStep{}.bind(Cpu{}, problem.a, problem.y.span());
  Arena<Cpu> arena(Cpu{}, 4096);
  auto s = AdmmState<double>::in(arena, problem.a.video);
  data.start(Cpu{}, s.z, s.u);
  NoCache none;
  double previous = problem.solution.squaredNorm() + dual.squaredNorm();
  for (int k = 0; k < 40; ++k) {
    admm_iteration(Cpu{}, problem.prior, none, data, {.rho = rho}, s);
    const double distance =
        (as_vector(s.z.flat()) - problem.solution).squaredNorm() + (as_vector(s.u.flat()) - dual).squaredNorm();
    REQUIRE(distance < previous);
    previous = distance;
  }
  REQUIRE(previous < 1e-6);
}

TEST_CASE("the iteration runs on any executor that brings the kernels") {
  std::vector<std::string> log;
  Small on_cpu, elsewhere;
  Recorder expected, data;
  NoCache none;
  admm_iteration(Cpu{}, AddTau{}, none, expected, {.rho = 4, .relaxation = 1.5}, on_cpu.state);
  admm_iteration(logging::Executor{&log}, AddTau{}, none, data, {.rho = 4, .relaxation = 1.5}, elsewhere.state);
  REQUIRE(log == std::vector<std::string>{"linear_combination", "linear_combination"});
  REQUIRE((data.x[0] == expected.x[0] && data.x[1] == expected.x[1]));
}

}  // namespace admm_iteration_test
