// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks the data step of an operator, shipped or a user's own, against dense float64 algebra.

#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/testing/dense_matrix.hpp"
#include "videoonenet/testing/report.hpp"

namespace videoonenet::testing {

/// What check_data_step draws and accepts.
struct DataStepOptions {
  std::vector<double> rhos{1e-3, 0.3, 10};  ///< penalties ρ, visited in this order
  std::optional<double> tolerance{};        ///< relative error of a direct solve; without one 1e-5 float, 1e-10 double
  std::optional<double> pseudo_inverse_tolerance{};  ///< the same for pinv(A) y; without one that of the solve
  SolverOptions solver{};  ///< passed to the solver; an iterative one must meet solver.tolerance
  std::uint64_t seed = 1;  ///< of the signed Gaussian right-hand sides
};

namespace detail {

/// Dense algebra on the operator's matrix in the scalar type S, double; a template so that only compare_with_dense
/// compiles Eigen's decompositions.
template <class S>
class DenseReference {
 public:
  using Vector = DenseVector<S>;

  DenseReference(DenseMatrix<S> matrix, double rank_threshold)
      : matrix_(std::move(matrix)), normal_(matrix_.transpose() * matrix_), norm_(normal_.norm()) {
    decomposition_.setThreshold(rank_threshold);
    decomposition_.compute(matrix_);
  }

  Index rows() const { return matrix_.rows(); }
  Index cols() const { return matrix_.cols(); }
  /// At least ‖A‖².
  double squared_norm() const { return norm_; }
  Vector solve(double rho, const Vector& b) const {
    DenseMatrix<S> system = normal_;
    system.diagonal().array() += rho;
    return system.llt().solve(b);
  }
  /// ‖(AᵀA + ρI)z − b‖ / ‖b‖.
  double residual(double rho, const Vector& z, const Vector& b) const {
    return (normal_ * z + rho * z - b).norm() / b.norm();
  }
  Vector adjoint(const Vector& y) const { return matrix_.transpose() * y; }
  Vector pseudo_inverse(const Vector& y) const { return decomposition_.solve(y); }
  /// The part of z in the null space of A, relative to z.
  double null_part(const Vector& z) const { return (z - pseudo_inverse(matrix_ * z)).norm() / z.norm(); }

 private:
  DenseMatrix<S> matrix_, normal_;
  double norm_;
  Eigen::CompleteOrthogonalDecomposition<DenseMatrix<S>> decomposition_;
};

/// A NormalSolver of any operator, so that the check is compiled once a scalar type.
template <class T>
struct AnySolver {
  template <class S>
  explicit AnySolver(S& solver)
      : solve([&solver](const Cpu& ex, T rho, std::span<const T> b, std::span<T> z) { solver.solve(ex, rho, b, z); }),
        pseudo_inverse(
            [&solver](const Cpu& ex, std::span<const T> y, std::span<T> z) { solver.pseudo_inverse(ex, y, z); }),
        report([&solver] { return solver.report(); }) {}
  std::function<void(const Cpu&, T, std::span<const T>, std::span<T>)> solve;
  std::function<void(const Cpu&, std::span<const T>, std::span<T>)> pseudo_inverse;
  std::function<SolveReport()> report;
};

/// The steps of check_data_step: each returns an empty string or the sentence that says what is wrong.
template <class T>
class DataStepCheck {
 public:
  using Vector = Eigen::VectorXd;

  DataStepCheck(const DenseReference<double>& dense, AnySolver<T> solver, AnySolver<T> threaded,
                const DataStepOptions& options)
      : dense_(dense),
        solver_(std::move(solver)),
        threaded_(std::move(threaded)),
        options_(options),
        random_(options.seed),
        tolerance_(options.tolerance.value_or(std::is_same_v<T, float> ? 1e-5 : 1e-10)),
        start_tolerance_(options.pseudo_inverse_tolerance.value_or(tolerance_)) {}

  Report run() {
    std::string failure;
    for (double rho : options_.rhos) {
      const std::string where = sentence("solve with rho = ", rho);
      if (failure.empty()) failure = compare_solve(static_cast<T>(rho), where);
      if (failure.empty()) failure = compare_symmetry(static_cast<T>(rho), where);
      if (failure.empty()) failure = compare_runs(static_cast<T>(rho), where);
    }
    if (failure.empty()) failure = compare_pseudo_inverse();
    if (failure.empty()) failure = compare_repetition();
    if (!failure.empty()) return {false, failure};
    return {true, sentence("agrees with a dense float64 solve; the largest relative ",
                           iterative_ ? "residual" : "error", " is ", worst_solve_, " over ", options_.rhos.size(),
                           " values of rho and ", worst_start_, " for the pseudo-inverse")};
  }

 private:
  static constexpr double epsilon = double(std::numeric_limits<T>::epsilon());

  Buffer<T> gaussian(Index size) {
    Buffer<T> values(size);
    random_.fill_normal(values.span());
    return values;
  }
  static Vector wide(const Buffer<T>& v) {
    Vector w(v.size());
    for (Index i = 0; i < v.size(); ++i) w(i) = double(v[i]);
    return w;
  }
  static bool equal(const Buffer<T>& a, const Buffer<T>& b) { return std::equal(a.begin(), a.end(), b.begin()); }
  Buffer<T> solve(T rho, const Buffer<T>& b) {  // from an initial guess of zeros
    Buffer<T> z(b.size());
    solver_.solve(Cpu{}, rho, b.span(), z.span());
    return z;
  }
  /// What an iterative solver may leave: its tolerance and the rounding of its residual in T.
  double allowed_residual(double rho, const Vector& z, const Vector& b) const {
    return options_.solver.tolerance + 4 * epsilon * (dense_.squared_norm() + rho) * z.norm() / b.norm();
  }
  /// Says so when only the scale of z is wrong.
  static std::string scale_hint(const Vector& z, const Vector& expected) {
    const double factor = z.dot(expected) / expected.squaredNorm();
    if (factor == 0 || !((z - factor * expected).norm() <= 1e-3 * std::abs(factor) * expected.norm())) return "";
    return sentence("; only the scale is wrong: the result is ", factor, " times the expected one");
  }

  std::string compare_solve(T rho, const std::string& where) {
    const Buffer<T> b = gaussian(dense_.cols());
    const Vector z = wide(solve(rho, b)), expected = dense_.solve(double(rho), wide(b));
    const SolveReport report = solver_.report();
    iterative_ = !std::isnan(report.relative_residual);
    const double found =
        iterative_ ? dense_.residual(double(rho), z, wide(b)) : (z - expected).norm() / expected.norm();
    const double allowed = iterative_ ? allowed_residual(double(rho), z, wide(b)) : tolerance_;
    worst_solve_ = std::max(worst_solve_, found);
    if (!(found <= allowed))
      return sentence(where,
                      iterative_ ? ": leaves a relative residual of " : ": differs from a dense float64 solve by ",
                      found, ", expected at most ", allowed, scale_hint(z, expected));
    // Rounding in T may keep an iterative solver from its tolerance, and then it is right to say so.
    if (!report.converged && !(allowed > 2 * options_.solver.tolerance && iterative_))
      return sentence(where, ": the solver reports that it did not converge, at a relative residual of ", found);
    return "";
  }

  std::string compare_symmetry(T rho, const std::string& where) {
    const Buffer<T> b = gaussian(dense_.cols()), g = gaussian(dense_.cols());
    const Vector z = wide(solve(rho, b)), h = wide(solve(rho, g)), wb = wide(b), wg = wide(g);
    const double defect = std::abs(z.dot(wg) - wb.dot(h)) / (z.norm() * wg.norm() + wb.norm() * h.norm());
    const double allowed = tolerance_ + (iterative_ ? options_.solver.tolerance : 0);
    if (defect <= allowed) return "";
    return sentence(where, ": not symmetric, <solve(b), g> and <b, solve(g)> differ by ", defect,
                    " of their scale, expected at most ", allowed, "; gradients through it would be wrong");
  }

  std::string compare_runs(T rho, const std::string& where) {
    const Buffer<T> b = gaussian(dense_.cols()), z = solve(rho, b), zero(b.size());
    Buffer<T> other = gaussian(b.size());
    solver_.solve(Cpu{}, rho, zero.span(), other.span());
    if (!equal(other, zero)) return sentence(where, ": a zero right-hand side does not give exactly zero");

    if (iterative_) {
      other = gaussian(b.size());
      solver_.solve(Cpu{}, rho, b.span(), other.span());
      const double found = dense_.residual(double(rho), wide(other), wide(b));
      if (!(found <= allowed_residual(double(rho), wide(other), wide(b))))
        return sentence(where, ": from another initial guess it leaves a relative residual of ", found);
    } else {
      std::fill(other.begin(), other.end(), std::numeric_limits<T>::quiet_NaN());
      solver_.solve(Cpu{}, rho, b.span(), other.span());
      if (!equal(other, z)) return sentence(where, ": what the output held before the call changes the result");
    }
    std::fill(other.begin(), other.end(), T(0));
    threaded_.solve(Cpu{.threads = 2}, rho, b.span(), other.span());
    if (!equal(other, z)) return sentence(where, ": two threads do not give the bits of one");
    return "";
  }

  std::string compare_pseudo_inverse() {
    const Buffer<T> y = gaussian(dense_.rows());
    Buffer<T> result(dense_.cols()), parallel(dense_.cols());
    std::fill(result.begin(), result.end(), std::numeric_limits<T>::quiet_NaN());
    solver_.pseudo_inverse(Cpu{}, y.span(), result.span());
    const Vector z = wide(result), expected = dense_.pseudo_inverse(wide(y)), gradient = dense_.adjoint(wide(y));
    worst_start_ = iterative_ ? dense_.residual(0, z, gradient) : (z - expected).norm() / expected.norm();
    const double allowed = iterative_ ? allowed_residual(0, z, gradient) : start_tolerance_;
    if (!(worst_start_ <= allowed))
      return sentence(
          "pseudo_inverse: ", iterative_ ? "leaves a relative residual of " : "differs from a dense float64 one by ",
          worst_start_, ", expected at most ", allowed, scale_hint(z, expected));
    const double outside = dense_.null_part(z),
                 least_norm = std::max(start_tolerance_, iterative_ ? 100 * epsilon : 0.0);
    if (!(outside <= least_norm))
      return sentence("pseudo_inverse: not the solution of minimum norm, ", outside,
                      " of it lies in the null space of A");
    threaded_.pseudo_inverse(Cpu{.threads = 2}, y.span(), parallel.span());
    if (!equal(result, parallel)) return "pseudo_inverse: two threads do not give the bits of one";
    return "";
  }

  /// Whatever the solver keeps must belong to the ρ at hand.
  std::string compare_repetition() {
    const Buffer<T> b = gaussian(dense_.cols());
    const T first = static_cast<T>(options_.rhos.front()), last = static_cast<T>(options_.rhos.back());
    const Buffer<T> once = solve(first, b);
    solve(last, b);
    if (equal(once, solve(first, b))) return "";
    return sentence("solve with rho = ", first, ": not repeatable after a solve with rho = ", last);
  }

  const DenseReference<double>& dense_;
  AnySolver<T> solver_, threaded_;
  DataStepOptions options_;
  Random random_;
  double tolerance_, start_tolerance_;
  bool iterative_ = false;
  double worst_solve_ = 0, worst_start_ = 0;
};

/// All of check_data_step once the operator is a matrix and two solvers, for one thread and for two.
template <class T>
Report compare_with_dense(const Eigen::MatrixXd& matrix, const AnySolver<T>& solver, const AnySolver<T>& threaded,
                          const DataStepOptions& options) {
  const DenseReference<double> dense(matrix, 8 * double(std::numeric_limits<T>::epsilon()));
  return DataStepCheck<T>(dense, solver, threaded, options).run();
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE Report compare_with_dense(const Eigen::MatrixXd&, const AnySolver<float>&, const AnySolver<float>&,
                                               const DataStepOptions&);
VIDEOONENET_INSTANCE Report compare_with_dense(const Eigen::MatrixXd&, const AnySolver<double>&,
                                               const AnySolver<double>&, const DataStepOptions&);
#endif

}  // namespace detail

/// Checks NormalSolver<A> on an operator small enough to be written out.
///
/// Compared with dense float64 algebra on the operator's own matrix: the solve for every ρ, its symmetry (the adjoint),
/// a zero right-hand side, independence of what the output held before and of the number of threads, factors kept over
/// changing ρ, and the pseudo-inverse with its minimum norm. A solver that reports a residual counts as iterative and
/// is held to `options.solver.tolerance` instead of an error, plus what rounding in the scalar type adds. Errors:
/// InputError when no ρ is given; ShapeError when the matrix is too large; those of the solver itself. Cost: a dense
/// Cholesky factor of n × n per ρ and one orthogonal decomposition of d × n.
template <class A>
Report check_data_step(const A& a, const DataStepOptions& options = {}) {
  static_assert(require_linear_operator<A>());
  using T = typename A::value_type;
  if (options.rhos.empty()) throw InputError("check_data_step: no rho was given, expected at least one");
  NormalSolver<A> solver(Cpu{}, a, options.solver), threaded(Cpu{.threads = 2}, a, options.solver);
  return detail::compare_with_dense<T>(dense_matrix(a), detail::AnySolver<T>(solver), detail::AnySolver<T>(threaded),
                                       options);
}

}  // namespace videoonenet::testing
