// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The adjoint test of a linear operator: does Aᵀ belong to A, and does each behave as the concept asks?

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/testing/report.hpp"

namespace videoonenet::testing {

/// What check_adjoint draws and accepts.
struct AdjointOptions {
  std::uint64_t seed = 1;             ///< of the random vectors
  int draws = 4;                      ///< pairs (x, y) compared
  int power_iterations = 20;          ///< spent on the estimate of ‖A‖
  std::optional<double> tolerance{};  ///< relative to ‖A‖‖x‖‖y‖; without one 1e-6 for float and 1e-12 for double
};

namespace detail {

/// Any operator on any executor, so that the check is compiled once a scalar type.
template <class T>
struct AnyOperator {
  Shape domain, range;
  std::function<void(std::span<const T>, std::span<T>)> apply, apply_adjoint;
};

/// The steps of check_adjoint: each returns an empty string or the sentence that says what is wrong.
template <class T>
class AdjointCheck {
 public:
  AdjointCheck(AnyOperator<T> a, const AdjointOptions& options)
      : a_(std::move(a)),
        options_(options),
        random_(options.seed),
        n_(a_.domain.size()),
        d_(a_.range.size()),
        tolerance_(options.tolerance.value_or(std::is_same_v<T, float> ? 1e-6 : 1e-12)) {
    if (options.draws < 1 || !(tolerance_ > 0))
      throw InputError(sentence("check_adjoint: ", options.draws, " draws and a tolerance of ", tolerance_,
                                " were given, expected at least one draw and a positive tolerance"));
  }

  Report run() {
    std::string failure = behaves("apply", n_, d_, a_.apply);
    if (failure.empty()) failure = behaves("apply_adjoint", d_, n_, a_.apply_adjoint);
    if (!failure.empty()) return {false, name() + failure};
    estimate_norm();
    failure = is_linear("apply", n_, d_, a_.apply);
    if (failure.empty()) failure = is_linear("apply_adjoint", d_, n_, a_.apply_adjoint);
    if (!failure.empty()) return {false, name() + failure};
    return compare();
  }

 private:
  using Map = std::function<void(std::span<const T>, std::span<T>)>;

  /// Overwrites its output, leaves its input alone, and gives the same bits again.
  std::string behaves(const char* what, Index in_size, Index out_size, const Map& map) {
    const Buffer<T> in = gaussian(in_size);
    Buffer<T> given = in, first = filled(out_size, std::numeric_limits<T>::quiet_NaN());
    map(std::as_const(given).span(), first.span());
    if (std::memcmp(in.data(), given.data(), sizeof(T) * static_cast<std::size_t>(in_size)) != 0)
      return sentence(what, " modifies its input");
    const auto bad = std::ranges::find_if(first, [](T v) { return !std::isfinite(v); });
    if (bad != first.end()) {
      Buffer<T> cleared(out_size);
      map(in.span(), cleared.span());
      const bool finite = std::ranges::all_of(cleared, [](T v) { return std::isfinite(v); });
      return sentence(what,
                      finite ? " does not overwrite its output: it adds to it or leaves entry "
                             : " writes a value that is not finite for a finite input, first in entry ",
                      bad - first.begin(), finite ? " as it was" : "");
    }
    Buffer<T> second = filled(out_size, T(1234));
    map(in.span(), second.span());
    for (Index i = 0; i < out_size; ++i)
      if (std::memcmp(&first[i], &second[i], sizeof(T)) != 0)
        return sentence(what, " gives different results for the same input: entry ", i, " is ", first[i], ", then ",
                        second[i]);
    return {};
  }

  /// f(αu + βv) = αf(u) + βf(v), to the tolerance times ‖A‖(‖αu‖ + ‖βv‖).
  std::string is_linear(const char* what, Index in_size, Index out_size, const Map& map) {
    const T alpha = T(1.5), beta = T(-0.75);
    const Buffer<T> u = gaussian(in_size), v = gaussian(in_size);
    Buffer<T> mixed(in_size), fu(out_size), fv(out_size), f_mixed(out_size), expected(out_size);
    linear_combination(Cpu{}, alpha, u.span(), beta, v.span(), mixed.span());
    map(u.span(), fu.span());
    map(v.span(), fv.span());
    map(std::as_const(mixed).span(), f_mixed.span());
    linear_combination(Cpu{}, alpha, fu.span(), beta, fv.span(), expected.span());
    const double error = std::sqrt(squared_distance(Cpu{}, std::as_const(f_mixed).span(), expected.span()));
    // A wrong adjoint may be larger than A; its own size then sets the scale, the comparison tells the rest.
    const double scale = std::max(norm_ * (1.5 * norm(u) + 0.75 * norm(v)), norm(fu) + norm(fv));
    if (error <= tolerance_ * scale) return {};
    return sentence(what, " is not linear: |f(au + bv) - a f(u) - b f(v)| is ", error, ", ", error / scale,
                    " of |A| |au + bv|, tolerance ", tolerance_);
  }

  /// A lower bound on ‖A‖, sharp after some power iterations on AᵀA; ‖Ax‖/‖x‖ bounds it whatever the adjoint does.
  void estimate_norm() {
    Buffer<T> x = gaussian(n_), y(d_);
    for (int i = 0; i <= options_.power_iterations; ++i) {
      const double length = norm(x);
      if (!(length > 0) || !std::isfinite(length)) return;
      for (T& v : x) v = static_cast<T>(double(v) / length);
      a_.apply(std::as_const(x).span(), y.span());
      norm_ = std::max(norm_, norm(y) / norm(x));
      a_.apply_adjoint(std::as_const(y).span(), x.span());
    }
  }

  Report compare() {
    Buffer<T> ax(d_), aty(n_);
    std::vector<double> forward, backward, scale;
    for (int k = 0; k <= options_.draws; ++k) {
      const Buffer<T> x = gaussian(n_);
      a_.apply(x.span(), ax.span());
      // The first pair is correlated, y = Ax: its inner product is large, and an unknown factor shows to many digits.
      const Buffer<T> y = k == 0 ? ax : gaussian(d_);
      a_.apply_adjoint(y.span(), aty.span());
      forward.push_back(dot(Cpu{}, std::as_const(ax).span(), y.span()));
      backward.push_back(dot(Cpu{}, x.span(), aty.span()));
      scale.push_back(norm_ * norm(x) * norm(y));
    }
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t k = 0; k < scale.size(); ++k) {
      const double defect = std::abs(forward[k] - backward[k]);
      const double relative = defect == 0 ? 0 : defect / scale[k];
      if (!(relative <= worst)) worst = relative, at = k;
    }
    const std::string compared = sentence("<Ax,y> = ", forward[at], " and <x,A'y> = ", backward[at], " differ by ",
                                          worst, " |A| |x| |y|, tolerance ", tolerance_, ", the largest of ",
                                          scale.size(), " pairs; |A| is about ", norm_);
    if (worst <= tolerance_) return {true, name() + compared};
    return {false, name() + compared + ". " + diagnose(forward, backward, scale)};
  }

  /// What a defect suggests: a factor, a sign, or entries that are wrong.
  std::string diagnose(const std::vector<double>& forward, const std::vector<double>& backward,
                       const std::vector<double>& scale) {
    const double factor = forward[0] == 0 ? 0 : backward[0] / forward[0];
    bool proportional = factor != 0 && std::isfinite(factor);
    for (std::size_t k = 0; k < scale.size(); ++k)
      proportional = proportional && std::abs(backward[k] - factor * forward[k]) <=
                                         10 * tolerance_ * std::max(1.0, std::abs(factor)) * scale[k];
    if (!proportional) return locate();
    const double size = std::abs(factor);
    std::string text = factor < 0 ? "The adjoint has the wrong sign" : "The adjoint is";
    if (std::abs(size - 1) > 100 * tolerance_) {
      std::ostringstream digits;
      digits.precision(4);
      digits << std::fixed << (size > 1 ? size : 1 / size);
      text +=
          sentence(factor < 0 ? " and is" : "", " too ", size > 1 ? "large" : "small", " by a factor ", digits.str());
    }
    return text;
  }

  /// Names the entry of A'y that is furthest from ⟨A e_j, y⟩, among at most 256 entries.
  std::string locate() {
    const Buffer<T> y = gaussian(d_);
    Buffer<T> aty(n_), unit(n_), column(d_);
    a_.apply_adjoint(y.span(), aty.span());
    const Index step = std::max<Index>(1, n_ / 256);
    Index worst = 0;
    double largest = -1, expected = 0;
    for (Index j = 0; j < n_; j += step) {
      unit[j] = T(1);
      a_.apply(std::as_const(unit).span(), column.span());
      unit[j] = T(0);
      const double value = dot(Cpu{}, std::as_const(column).span(), y.span()), error = std::abs(value - double(aty[j]));
      if (error > largest) largest = error, worst = j, expected = value;
    }
    const Shape& s = a_.domain;
    const Index p = worst / s.f;
    return sentence("No factor explains it. Entry (n,t,h,w,f) = (", p / s.w / s.h / s.t, ",", p / s.w / s.h % s.t, ",",
                    p / s.w % s.h, ",", p % s.w, ",", worst % s.f, ") of A'y is ", aty[worst], ", but A says ",
                    expected);
  }

  std::string name() const {
    return sentence("adjoint of A: ", a_.domain, " -> ", a_.range, " in ",
                    std::is_same_v<T, float> ? "float" : "double", ": ");
  }
  Buffer<T> gaussian(Index size) {
    Buffer<T> values(size);
    random_.fill_normal(values.span());
    return values;
  }
  static Buffer<T> filled(Index size, T value) {
    Buffer<T> values(size);
    std::ranges::fill(values, value);
    return values;
  }
  static double norm(const Buffer<T>& v) { return std::sqrt(squared_norm(Cpu{}, v.span())); }

  AnyOperator<T> a_;
  AdjointOptions options_;
  Random random_;
  Index n_, d_;
  double tolerance_, norm_ = 0;
};

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE class AdjointCheck<float>;
VIDEOONENET_INSTANCE class AdjointCheck<double>;
#endif

}  // namespace detail

/// Checks an operator of your own or of the library: is apply_adjoint the adjoint of apply?
///
/// Math: |⟨Ax, y⟩ − ⟨x, A'y⟩| ≤ tolerance · ‖A‖‖x‖‖y‖ for signed Gaussian x and y and for y = Ax, inner products in
/// double; ‖A‖ is bounded from below by ‖Ax‖/‖x‖ over power iterations, so that the test is never too lenient.
/// Also: both maps overwrite their output, leave their input alone, give the same bits twice and are linear.
/// The report names the factor or the sign when only that is wrong, else an entry of A'y that A contradicts.
/// Errors: InputError for options that compare nothing.  Cost: about 2·(power_iterations + draws) applications.
template <class A, Executor Ex = Cpu>
Report check_adjoint(const A& a, const AdjointOptions& options = {}, const Ex& ex = {}) {
  static_assert(require_linear_operator<A, Ex>());
  using T = typename A::value_type;
  return detail::AdjointCheck<T>(
             {a.domain(), a.range(), [&](std::span<const T> x, std::span<T> y) { a.apply(ex, x, y); },
              [&](std::span<const T> y, std::span<T> x) { a.apply_adjoint(ex, y, x); }},
             options)
      .run();
}

}  // namespace videoonenet::testing
