// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of an operator whose type is chosen at run time: the solver of the operator inside.

#include <variant>

#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

namespace detail {

template <class Variant, class Ex>
struct SolversOf;
template <class... As, class Ex>
struct SolversOf<std::variant<As...>, Ex> {
  using type = std::variant<NormalSolver<As, structure_of<As>, Ex>...>;
};

}  // namespace detail

/// Math, errors and report: those of the solver of the operator inside. Include the header of every alternative's
/// solver, or `datastep/datastep.hpp`, before this one is instantiated. Cost: that solver's and one jump.
template <class A, Executor Ex>
class NormalSolver<A, structure::Variant, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {});

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z);
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z);
  SolveReport report() const;

 private:
  using Alternatives = std::remove_cvref_t<decltype(std::declval<const A&>().variant())>;
  using Solvers = typename detail::SolversOf<Alternatives, Ex>::type;
  Solvers solver_;
};

// Not inside the class: only then does a program that compiles them once (core/config.hpp) not compile them again.
template <class A, Executor Ex>
NormalSolver<A, structure::Variant, Ex>::NormalSolver(const Ex& ex, const A& a, const SolverOptions& options)
    : solver_(std::visit(
          [&]<class B>(const B& inner) {
            return Solvers(std::in_place_type<NormalSolver<B, structure_of<B>, Ex>>, ex, inner, options);
          },
          a.variant())) {}

template <class A, Executor Ex>
void NormalSolver<A, structure::Variant, Ex>::solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
  std::visit([&](auto& solver) { solver.solve(ex, rho, b, z); }, solver_);
}

template <class A, Executor Ex>
void NormalSolver<A, structure::Variant, Ex>::pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
  std::visit([&](auto& solver) { solver.pseudo_inverse(ex, y, z); }, solver_);
}

template <class A, Executor Ex>
SolveReport NormalSolver<A, structure::Variant, Ex>::report() const {
  return std::visit([](const auto& solver) { return solver.report(); }, solver_);
}

}  // namespace videoonenet
