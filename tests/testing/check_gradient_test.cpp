// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/check_gradient.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace check_gradient_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using testing::check_gradient;

namespace {

enum class Fault {
  none,
  factor_of_x,
  sign_of_weight,
  sign_and_factor_of_bias,
  no_gradient_of_weight,
  one_entry_of_x,
  one_entry_of_weight,
  overwrites_grad_x,
  overwrites_one_weight,
  changes_x,
  changes_grad_y,
  changes_parameters,
  leaves_an_entry_of_y,
  nan_in_gradient,
  counts_calls,
  keeps_in_scratch,
  reads_unwritten_memory,
  other_in_inference,
  misnames_parameters,
};

/// y = w_c sin(x) + b_c, smooth, with as many weights as channels; its adjoint has one fault.
template <class T>
struct Sine {
  using value_type = T;
  struct Cache {
    View<const T> x;
    std::span<T> cosine, scratch;
    bool inference = false;
    int calls = 0;
  };

  Fault fault = Fault::none;
  Index channels = 2;

  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 2 * channels; }
  std::vector<Parameter> parameters() const {
    return {{"weight", {channels}}, {"bias", {channels + (fault == Fault::misnames_parameters)}}};
  }
  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    Cache cache;
    cache.cosine = memory.kept.template take<T>(x.size());
    const typename Arena<Ex>::Scope scope(memory.scratch);
    cache.scratch = memory.scratch.template take<T>(x.size());
    cache.inference = memory.purpose == Purpose::inference;
    return cache;
  }
  template <Executor Ex>
  void forward(const Ex&, std::span<const T> w, View<const T> x, View<T> y, Cache& cache) const {
    cache.x = x;
    ++cache.calls;
    for (Index i = 0; i < x.size(); ++i) {
      const auto c = static_cast<std::size_t>(i % channels), p = static_cast<std::size_t>(i);
      if (fault == Fault::leaves_an_entry_of_y && i == 5) continue;
      y.data[i] = w[c] * std::sin(x.data[i]) + w[c + static_cast<std::size_t>(channels)];
      cache.cosine[p] = cache.scratch[p] = std::cos(x.data[i]);
      if (fault == Fault::counts_calls && i == 4) y.data[i] += T(cache.calls);
      if (fault == Fault::other_in_inference && cache.inference && i == 3) y.data[i] += T(1);
    }
    if (fault == Fault::changes_x) const_cast<T&>(x.data[2]) += T(1);
  }
  template <Executor Ex>
  void adjoint(const Ex&, std::span<const T> w, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_w) const {
    const auto is = [this](Fault f) { return fault == f; };
    if (is(Fault::overwrites_one_weight)) grad_w[1] = 0;
    for (Index i = 0; i < grad_y.size(); ++i) {
      const auto c = static_cast<std::size_t>(i % channels), b = c + static_cast<std::size_t>(channels);
      const T g = grad_y.data[i];
      const auto cosine = is(Fault::keeps_in_scratch) ? cache.scratch : cache.cosine;
      T gx = w[c] * cosine[static_cast<std::size_t>(i)] * g;
      if (is(Fault::reads_unwritten_memory)) gx += T(0) * cache.scratch[0];
      if (is(Fault::factor_of_x)) gx *= T(2);
      if (is(Fault::one_entry_of_x) && i == 29) gx *= T(1.5);
      if (is(Fault::nan_in_gradient) && i == 7) gx = std::numeric_limits<T>::quiet_NaN();
      grad_x.data[i] = is(Fault::overwrites_grad_x) ? gx : grad_x.data[i] + gx;
      T gw = std::sin(cache.x.data[i]) * g;
      if (is(Fault::sign_of_weight)) gw = -gw;
      if (is(Fault::no_gradient_of_weight)) gw = 0;
      if (is(Fault::one_entry_of_weight) && i % channels == channels - 1) gw *= T(0.5);
      grad_w[c] += gw;
      grad_w[b] += is(Fault::sign_and_factor_of_bias) ? T(-0.25) * g : g;
    }
    if (is(Fault::changes_grad_y)) const_cast<T&>(grad_y.data[1]) = 0;
    if (is(Fault::changes_parameters)) const_cast<T&>(w[0]) = 0;
  }
};

/// y = max(x, 0): not differentiable at zero.
struct Rectifier {
  using value_type = double;
  using Cache = View<const double>;
  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 0; }
  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <Executor Ex>
  void forward(const Ex&, std::span<const double>, View<const double> x, View<double> y, Cache& cache) const {
    cache = x;
    for (Index i = 0; i < x.size(); ++i) y.data[i] = std::max(0.0, x.data[i]);
  }
  template <Executor Ex>
  void adjoint(const Ex&, std::span<const double>, const Cache& x, View<const double> grad_y, View<double> grad_x,
               std::span<double>) const {
    for (Index i = 0; i < x.size(); ++i)
      if (x.data[i] > 0) grad_x.data[i] += grad_y.data[i];
  }
};

constexpr Shape shape{.n = 2, .h = 3, .w = 4, .f = 2};

template <class T>
testing::Report with(Fault fault, const testing::GradientOptions& options = {}) {
  return check_gradient(Sine<T>{fault}, shape, options);
}

}  // namespace

TEMPLATE_TEST_CASE("check_gradient accepts a layer and its adjoint", "", float, double) {
  const auto report = with<TestType>(Fault::none);
  INFO(report);
  CHECK(report.passed);
  CHECK_THAT(report.message, ContainsSubstring("2x1x3x4x2 -> 2x1x3x4x2"));
  CHECK_THAT(report.message,
             ContainsSubstring("48 of 48 entries of x, 2 of 2 entries of weight, 2 of 2 entries of bias"));
  CHECK(check_gradient(archetypes::Gain{}, shape));
}

TEMPLATE_TEST_CASE("check_gradient names the array and its factor or sign when only that is wrong", "", float, double) {
  using T = TestType;
  const auto factor = with<T>(Fault::factor_of_x), sign = with<T>(Fault::sign_of_weight),
             both = with<T>(Fault::sign_and_factor_of_bias), none = with<T>(Fault::no_gradient_of_weight);
  CHECK_FALSE((factor || sign || both || none));
  CHECK_THAT(factor.message, ContainsSubstring("wrong for x, right for weight, bias"));
  CHECK_THAT(factor.message, ContainsSubstring("The gradient of x is too large by a factor 2.0"));
  CHECK_THAT(sign.message, ContainsSubstring("wrong for weight, right for x, bias"));
  CHECK_THAT(sign.message, ContainsSubstring("The gradient of weight has the wrong sign"));
  CHECK_THAT(both.message, ContainsSubstring("wrong for bias, right for x, weight"));
  CHECK_THAT(both.message, ContainsSubstring("bias has the wrong sign and is too small by a factor 4.0"));
  CHECK_THAT(none.message, ContainsSubstring("The adjoint adds nothing to the gradient of weight"));
}

TEMPLATE_TEST_CASE("check_gradient names the worst entry when no factor explains the deviation", "", float, double) {
  using T = TestType;
  const auto x = with<T>(Fault::one_entry_of_x), weight = with<T>(Fault::one_entry_of_weight);
  CHECK_FALSE((x || weight));
  CHECK_THAT(x.message, ContainsSubstring("wrong for x, right for weight, bias. No factor explains it"));
  CHECK_THAT(x.message, ContainsSubstring("The gradient of x[1,0,0,2,1] is "));
  CHECK_THAT(weight.message, ContainsSubstring("The gradient of weight[1] is "));
  // Few entries or none are compared one by one: the random direction still shows it, and halving finds it.
  for (Index entries : {0, 3}) {
    const auto found = check_gradient(Sine<double>{Fault::one_entry_of_x}, shape, {.entries = entries});
    CHECK_FALSE(found);
    CHECK_THAT(found.message, ContainsSubstring("The gradient of x[1,0,0,2,1] is "));
  }
}

TEST_CASE("check_gradient catches a gradient that is overwritten or not added twice") {
  const auto x = with<double>(Fault::overwrites_grad_x), weight = with<double>(Fault::overwrites_one_weight);
  CHECK_FALSE((x || weight));
  CHECK_THAT(x.message, ContainsSubstring("adjoint overwrites the gradient of x"));
  CHECK_THAT(weight.message, ContainsSubstring("does not add the same again: the gradient of weight[1] was "));
}

TEST_CASE("check_gradient catches changed inputs, values that are not finite, hidden state and memory not written") {
  const std::pair<Fault, const char*> faults[] = {
      {Fault::changes_x, "forward modifies x"},
      {Fault::changes_grad_y, "adjoint modifies grad_y"},
      {Fault::changes_parameters, "adjoint modifies the parameters"},
      {Fault::leaves_an_entry_of_y, "value of y that is not finite, first in entry 5"},
      {Fault::nan_in_gradient, "not finite to the gradient of x[0,0,0,3,1]"},
      {Fault::counts_calls, "forward gives different results for the same input: entry 4"},
      {Fault::keeps_in_scratch, "not finite to the gradient of x[0,0,0,0,0]"},
      {Fault::reads_unwritten_memory, "not finite to the gradient of x[0,0,0,0,0]"},
      {Fault::other_in_inference, "for inference gives another result than for training: entry 3"},
      {Fault::misnames_parameters, "parameters() does not name 4 entries"},
  };
  for (const auto& [fault, text] : faults) {
    const auto report = with<double>(fault);
    CHECK_FALSE(report);
    CHECK_THAT(report.message, ContainsSubstring(text));
  }
  CHECK(with<double>(Fault::other_in_inference, {.same_in_inference = false}));
}

TEST_CASE("check_gradient forgives a kink near an entry, not a gradient that is wrong there") {
  CHECK(check_gradient(Rectifier{}, Shape{.w = 4}, {.x = {1e-4, -1e-4, 1, -1}}));
}

TEST_CASE("check_gradient obeys its options") {
  const Sine<double> layer;
  CHECK_FALSE(check_gradient(layer, shape, {.step = 32}));
  CHECK(check_gradient(layer, shape, {.step = 32, .tolerance = 0.01}));
  CHECK(check_gradient(layer, shape, {.seed = 1}).message != check_gradient(layer, shape, {.seed = 2}).message);
  CHECK_THAT(check_gradient(layer, shape, {.entries = 7}).message, ContainsSubstring("7 of 48 entries of x"));
  // With weights of zero the gradient of x is zero, and twice that is right.
  CHECK(check_gradient(Sine<double>{Fault::factor_of_x}, shape, {.parameter_deviation = 0}));
  CHECK(check_gradient(Sine<double>{Fault::factor_of_x}, shape, {.parameters = {0, 0, 1, 1}}));
  CHECK_THROWS_AS(check_gradient(layer, shape, {.parameters = {1}}), ShapeError);
  CHECK_THROWS_AS(check_gradient(layer, shape, {.x = {1}}), ShapeError);
  CHECK_THROWS_AS(check_gradient(layer, shape, {.entries = -1}), InputError);
  CHECK_THROWS_AS(check_gradient(layer, shape, {.step = 0.0}), InputError);
  CHECK_THROWS_AS(check_gradient(layer, shape, {.tolerance = -1.0}), InputError);
}

}  // namespace check_gradient_test
