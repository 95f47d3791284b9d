// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks that a proximal operator is one: optimal, firmly nonexpansive, repeatable, safe in place and per video.

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/testing/report.hpp"

namespace videoonenet::testing {

/// What check_proximal draws and how exact it expects the operator to be.
struct ProximalCheckOptions {
  std::uint64_t seed = 1;
  int draws = 3;                               ///< inputs v for each τ
  double scale = 1;                            ///< standard deviation of the entries of v
  std::vector<double> taus{0.3, 1, 10.0 / 3};  ///< steps τ; the last is 1/ρ of the papers
  /// Allowed error, relative to the energies compared; 0 stands for 1e-5 in float and 1e-10 in double. Operators that
  /// iterate need what they are iterated to.
  double tolerance = 0;
  bool convex = true;          ///< φ is convex: demands strong convexity's growth and firm nonexpansiveness
  bool tau_has_effect = true;  ///< false for projections, whose result does not depend on τ
};

namespace detail {

template <class P, class Ex, class Cache>
concept HasValueWithCache = requires(const P& p, const Ex& ex, Cache& cache, View<const typename P::value_type> x) {
  { p.value(ex, cache, x) } -> std::convertible_to<double>;
};
template <class P, class Ex>
concept HasValue = requires(const P& p, const Ex& ex, View<const typename P::value_type> x) {
  { p.value(ex, x) } -> std::convertible_to<double>;
};

/// One proximal operator under test; each check returns a sentence when it finds a defect.
template <class P, class Ex>
class ProximalCheck {
 public:
  using T = typename P::value_type;
  using Defect = std::optional<std::string>;

  ProximalCheck(const P& p, const Shape& shape, const ProximalCheckOptions& options, const Ex& ex)
      : p_(p), shape_(shape), options_(options), ex_(ex), random_(options.seed) {
    if (options_.tolerance == 0) options_.tolerance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-10;
  }

  /// Whether φ can be evaluated.
  static constexpr bool has_value() {
    return HasValue<P, Ex> ||
           HasValueWithCache<P, Ex, decltype(make_cache(std::declval<const P&>(), std::declval<const Ex&>(), Shape{}))>;
  }

  Defect run() {
    bool tau_changed = false;
    for (int draw = 0; draw < options_.draws; ++draw) {
      const Tensor<T> v = draw_video();
      for (double tau : options_.taus) {
        const Tensor<T> x = prox(v, tau);
        for (const Defect& defect : {finite(x, tau), repeatable(v, x, tau), in_place(v, x, tau), reused(v, x, tau),
                                     independent(v, x, tau), optimal(v, x, tau), nonexpansive(v, x, tau)})
          if (defect) return defect;
        tau_changed = tau_changed || difference(x, prox(v, 2 * tau)) > 0;
      }
    }
    if (options_.tau_has_effect && !tau_changed)
      return "doubling tau never changed the result; set tau_has_effect = false if this is a projection";
    return {};
  }

 private:
  Tensor<T> draw_video() {
    Tensor<T> v(shape_);
    random_.fill_normal(v.flat(), options_.scale);
    return v;
  }

  Tensor<T> prox(const Tensor<T>& v, double tau) const {
    auto cache = make_cache(p_, ex_, shape_);
    return prox(cache, ex_, v, tau);
  }
  template <class Cache>
  Tensor<T> prox(Cache& cache, const Ex& ex, const Tensor<T>& v, double tau) const {
    Tensor<T> x(shape_);
    apply_proximal(p_, ex, cache, v.view(), static_cast<T>(tau), x.view());
    return x;
  }

  double value(const Tensor<T>& x) const {
    auto cache = make_cache(p_, ex_, shape_);
    if constexpr (HasValueWithCache<P, Ex, decltype(cache)>)
      return p_.value(ex_, cache, x.view());
    else if constexpr (HasValue<P, Ex>)
      return p_.value(ex_, x.view());
    else
      return 0;
  }

  static double energy(const Tensor<T>& x) { return squared_norm(Cpu{}, x.flat()); }
  static double distance(const Tensor<T>& a, const Tensor<T>& b) { return squared_distance(Cpu{}, a.flat(), b.flat()); }
  /// Number of entries that differ.
  static Index difference(const Tensor<T>& a, const Tensor<T>& b) {
    Index count = 0;
    for (Index i = 0; i < a.size(); ++i) count += a[i] != b[i];
    return count;
  }
  static Tensor<T> sum(const Tensor<T>& a, double s, const Tensor<T>& b) {
    Tensor<T> c = a;
    for (Index i = 0; i < c.size(); ++i) c[i] += static_cast<T>(s * double(b[i]));
    return c;
  }

  Defect finite(const Tensor<T>& x, double tau) const {
    for (Index i = 0; i < x.size(); ++i)
      if (!std::isfinite(x[i])) return sentence("for tau = ", tau, " entry ", i, " of the result is ", x[i]);
    return {};
  }

  Defect repeatable(const Tensor<T>& v, const Tensor<T>& x, double tau) const {
    if (const Index n = difference(x, prox(v, tau)))
      return sentence("for tau = ", tau, " a second call with a fresh cache changed ", n, " of ", x.size(), " entries");
    if constexpr (std::is_same_v<Ex, Cpu>) {
      const Cpu three{.threads = 3};
      auto cache = make_cache(p_, three, shape_);
      if (const Index n = difference(x, prox(cache, three, v, tau)))
        return sentence("for tau = ", tau, " running on three threads changed ", n, " of ", x.size(), " entries");
    }
    return {};
  }

  Defect in_place(const Tensor<T>& v, const Tensor<T>& x, double tau) const {
    Tensor<T> both = v;
    auto cache = make_cache(p_, ex_, shape_);
    apply_proximal(p_, ex_, cache, View<const T>(both.view()), static_cast<T>(tau), both.view());
    if (const Index n = difference(x, both))
      return sentence("for tau = ", tau, " writing the result over the input changed ", n, " of ", x.size(),
                      " entries");
    return {};
  }

  Defect reused(const Tensor<T>& v, const Tensor<T>& x, double tau) {
    auto cache = make_cache(p_, ex_, shape_);
    prox(cache, ex_, draw_video(), 2 * tau);
    const double error = distance(x, prox(cache, ex_, v, tau));
    if (!(error <= options_.tolerance * energy(v)))
      return sentence("for tau = ", tau, " a cache used for another input before moves the result by ",
                      std::sqrt(error / energy(v)), " of the norm of v");
    return {};
  }

  Defect independent(const Tensor<T>& v, const Tensor<T>& x, double tau) {
    if (shape_.n == 1) return {};
    Tensor<T> others = draw_video();
    const Index size = shape_.sample_size();
    for (Index kept : {Index(0), shape_.n - 1}) {
      Tensor<T> changed = sum(others, 9, others);
      std::copy_n(v.data() + kept * size, size, changed.data() + kept * size);
      const Tensor<T> y = prox(changed, tau);
      if (!std::equal(y.data() + kept * size, y.data() + (kept + 1) * size, x.data() + kept * size))
        return sentence("for tau = ", tau, " the result of video ", kept, " depends on the other videos of its batch");
    }
    return {};
  }

  Defect optimal(const Tensor<T>& v, const Tensor<T>& x, double tau) {
    if (!has_value()) return {};
    const auto objective = [&](const Tensor<T>& at) { return value(at) + distance(at, v) / (2 * tau); };
    const double least = objective(x), slack = options_.tolerance * (std::abs(least) + energy(v) / (2 * tau));
    if (!std::isfinite(least))
      return sentence("for tau = ", tau, " phi(x) + |x - v|^2/(2 tau) is ", least, " at the result");
    Tensor<T> single(shape_), constant(shape_), zero(shape_);
    single[random_.integer(single.size())] = static_cast<T>(options_.scale);
    std::ranges::fill(constant.flat(), static_cast<T>(options_.scale));
    const Tensor<T> random = draw_video(), other = prox(draw_video(), tau);
    const std::pair<const char*, Tensor<T>> directions[] = {{"a random direction", random},
                                                            {"a single entry", single},
                                                            {"a constant", constant},
                                                            {"the direction of v", sum(v, -1, x)},
                                                            {"the direction of zero", sum(zero, -1, x)},
                                                            {"the direction of another result", sum(other, -1, x)}};
    for (const auto& [name, direction] : directions)
      for (double step : {-0.1, -0.01, 0.01, 0.1, 1.0}) {
        const Tensor<T> moved = sum(x, step, direction);
        const double growth = objective(moved) - least, required = options_.convex ? distance(moved, x) / (2 * tau) : 0;
        if (!(growth >= required - slack))
          return sentence("for tau = ", tau, " the result does not minimise phi(x) + |x - v|^2/(2 tau): moving it by ",
                          step, " times ", name, " changes ", least, " by ", growth, ", expected at least ", required,
                          "; a wrong factor on tau or lambda is the usual cause");
      }
    return {};
  }

  Defect nonexpansive(const Tensor<T>& v, const Tensor<T>& x, double tau) {
    if (!options_.convex) return {};
    for (double step : {1.0, 0.01}) {
      const Tensor<T> w = sum(v, step, draw_video()), y = prox(w, tau);
      double inner = 0;
      for (Index i = 0; i < x.size(); ++i) inner += (double(x[i]) - double(y[i])) * (double(v[i]) - double(w[i]));
      const double moved = distance(x, y), apart = distance(v, w);
      if (!(moved <= inner + options_.tolerance * (apart + std::sqrt(apart * energy(v)))))
        return sentence("for tau = ", tau, " it is not firmly nonexpansive: |x - y|^2 is ", moved,
                        " but <x - y, v - w> is ", inner, " for inputs |v - w|^2 = ", apart,
                        " apart; no proximal operator of a convex function does that");
    }
    return {};
  }

  const P& p_;
  Shape shape_;
  ProximalCheckOptions options_;
  Ex ex_;
  Random random_;
};

}  // namespace detail

/// Checks a proximal operator on random videos of one shape.
///
/// What is checked, for each τ: the result is finite; two calls with fresh caches, one or three threads, and a call
/// whose output is its input give the same bits; a cache that was used before gives the same result; a video's result
/// does not depend on the others of its batch (give a shape with n ≥ 2); no perturbation lowers φ(x) + ‖x − v‖²/(2τ)
/// and, for convex φ, each raises it by at least ‖d‖²/(2τ) (when p has `value(ex, x)` or `value(ex, cache, x)`);
/// ‖x − y‖² ≤ ⟨x − y, v − w⟩ for convex φ; τ has an effect.
/// Errors: those of p.  Cost: some hundred evaluations of φ and thirty of the operator for each τ and draw.
template <class P, Executor Ex = Cpu>
Report check_proximal(const P& p, const Shape& shape, const ProximalCheckOptions& options = {}, const Ex& ex = {}) {
  static_assert(require_proximal_operator<P, Ex>());
  static_assert(!videoonenet::detail::AppliesToPairWithCache<P, Ex>,
                "videoonenet: check_proximal checks maps of v = z - u; a prior that takes the pair (z, u) is no "
                "proximal operator. Read docs/concepts.md#proximal-operator");
  using Check = detail::ProximalCheck<P, Ex>;
  if (const auto defect = Check(p, shape, options, ex).run()) return {false, sentence("check_proximal: ", *defect)};
  return {true, sentence("check_proximal: ", Check::has_value() ? "optimal, " : "(no value(), optimality not checked) ",
                         options.convex ? "firmly nonexpansive, " : "", "repeatable and safe in place",
                         shape.n > 1 ? ", batch members independent" : " (one video: batch members not checked)",
                         " for ", options.draws * static_cast<int>(options.taus.size()), " inputs of shape ", shape)};
}

}  // namespace videoonenet::testing
