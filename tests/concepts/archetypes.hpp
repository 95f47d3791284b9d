// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Archetypes: the smallest type that models each concept, and nothing more than the concept asks for.
///
/// An algorithm that compiles with these asks no more of its arguments than docs/concepts.md says.

#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"

namespace archetypes {

using videoonenet::Index;
using videoonenet::Shape;
using videoonenet::View;

/// Executor: memory whose owner has `span()`, here on the host but not videoonenet::Cpu.
struct SmallExecutor {
  template <class T>
  videoonenet::Buffer<T> allocate(Index size) const {
    return videoonenet::Buffer<T>(size);
  }
};

// [operator]
/// LinearOperator: y = 2x for a video of four pixels; no structure tag, so conjugate gradients solve its data step.
struct Doubling {
  using value_type = float;
  Shape domain() const { return {.h = 2, .w = 2}; }
  Shape range() const { return {.h = 2, .w = 2}; }
  template <class Executor>
  void apply(const Executor&, std::span<const float> x, std::span<float> y) const {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = 2 * x[i];
  }
  template <class Executor>
  void apply_adjoint(const Executor&, std::span<const float> y, std::span<float> x) const {
    for (std::size_t i = 0; i < y.size(); ++i) x[i] = 2 * y[i];
  }
};
// [/operator]

// [prior]
/// ProximalOperator, form 1: a function of v; here φ(x) = ½‖x‖², so that x = v / (1 + τ).
struct Shrinkage {
  using value_type = float;
  template <class Executor>
  void apply(const Executor&, View<const float> v, float tau, View<float> x) const {
    for (Index i = 0; i < x.size(); ++i) x.data[i] = v.data[i] / (1 + tau);
  }
};
// [/prior]

/// ProximalOperator, form 2: the same with memory of its own, here a count of its calls.
struct ShrinkageWithCache {
  using value_type = float;
  template <class Executor>
  int make_cache(const Executor&, const Shape&) const {
    return 0;
  }
  template <class Executor>
  void apply(const Executor& ex, int& calls, View<const float> v, float tau, View<float> x) const {
    ++calls;
    Shrinkage{}.apply(ex, v, tau, x);
  }
};

/// ProximalOperator, form 3: takes z and u themselves.
struct ShrinkageOfPair {
  using value_type = float;
  template <class Executor>
  int make_cache(const Executor&, const Shape&) const {
    return 0;
  }
  template <class Executor>
  void apply(const Executor&, int&, View<const float> z, View<const float> u, float tau, View<float> x) const {
    for (Index i = 0; i < x.size(); ++i) x.data[i] = (z.data[i] - u.data[i]) / (1 + tau);
  }
};

// [data step]
/// DataStep for one operator type: the exact step of Doubling, z = (2y + ρ(x + u)) / (4 + ρ).
struct DoublingStep {
  struct Bound {
    std::span<const float> y;
    template <class Executor>
    void start(const Executor&, View<float> z, View<float> u) {
      for (Index i = 0; i < z.size(); ++i) z.data[i] = y[static_cast<std::size_t>(i)] / 2;
      for (Index i = 0; i < u.size(); ++i) u.data[i] = 0;
    }
    template <class Executor>
    void step(const Executor&, float rho, View<const float> x, View<float> z, View<float> u) {
      for (Index i = 0; i < z.size(); ++i) {
        z.data[i] = (2 * y[static_cast<std::size_t>(i)] + rho * (x.data[i] + u.data[i])) / (4 + rho);
        u.data[i] += x.data[i] - z.data[i];
      }
    }
  };
  template <class Executor>
  Bound bind(const Executor&, const Doubling&, std::span<const float> y) const {
    return {y};
  }
};
// [/data step]

// [layer]
/// Layer with one weight: y = θ x, so that grad_x += θ grad_y and grad_θ += ⟨grad_y, x⟩.
struct Gain {
  using value_type = float;
  struct Cache {
    View<const float> x;
  };
  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 1; }
  template <class Executor>
  Cache make_cache(videoonenet::Memory<Executor>&, const Shape&) const {
    return {};
  }
  template <class Executor>
  void forward(const Executor&, std::span<const float> parameters, View<const float> x, View<float> y,
               Cache& cache) const {
    cache.x = x;
    for (Index i = 0; i < x.size(); ++i) y.data[i] = parameters[0] * x.data[i];
  }
  template <class Executor>
  void adjoint(const Executor&, std::span<const float> parameters, const Cache& cache, View<const float> grad_y,
               View<float> grad_x, std::span<float> grad_parameters) const {
    for (Index i = 0; i < grad_y.size(); ++i) {
      grad_x.data[i] += parameters[0] * grad_y.data[i];
      grad_parameters[0] += cache.x.data[i] * grad_y.data[i];
    }
  }
};
// [/layer]

static_assert(videoonenet::Executor<SmallExecutor>);
static_assert(videoonenet::LinearOperator<Doubling> && videoonenet::LinearOperator<Doubling, SmallExecutor>);
static_assert(videoonenet::ProximalOperator<Shrinkage> && videoonenet::ProximalOperator<Shrinkage, SmallExecutor>);
static_assert(videoonenet::ProximalOperator<ShrinkageWithCache> && videoonenet::ProximalOperator<ShrinkageOfPair>);
static_assert(videoonenet::DataStep<DoublingStep, Doubling> &&
              videoonenet::DataStep<DoublingStep, Doubling, SmallExecutor>);
static_assert(videoonenet::Layer<Gain> && videoonenet::Layer<Gain, SmallExecutor>);

}  // namespace archetypes
