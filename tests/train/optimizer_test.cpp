// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/optimizer/optimizer.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace optimizer_test {

using namespace videoonenet;

static_assert(Optimizer<Adam, float> && Optimizer<Adam, double> && Optimizer<Sgd, float> && Optimizer<Sgd, double>);
static_assert(!Optimizer<Cpu, float>);

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Adam as its authors write it first (Algorithm 1), with bias-corrected moments; its ε is Keras's divided by √(1 −
/// β₂ᵗ).
struct TextbookAdam {
  double learning_rate, beta1, beta2, epsilon;
  std::vector<double> gradients{};

  double change(double gradient) {
    gradients.push_back(gradient);
    double m = 0, v = 0, weights_m = 0, weights_v = 0;
    for (std::size_t i = 0; i < gradients.size(); ++i) {  // moments as weighted means over all gradients so far
      const double age = double(gradients.size() - 1 - i);
      m += std::pow(beta1, age) * gradients[i];
      weights_m += std::pow(beta1, age);
      v += std::pow(beta2, age) * gradients[i] * gradients[i];
      weights_v += std::pow(beta2, age);
    }
    const double correction = std::sqrt(1 - std::pow(beta2, double(gradients.size())));
    return -learning_rate * (m / weights_m) / (std::sqrt(v / weights_v) + epsilon / correction);
  }
};

}  // namespace

TEST_CASE("two steps of the papers' Adam by hand") {
  // β₁ = 0: m = g. Step 1: v = 0.1 g², rate α √0.1; so θ changes by α √0.1 g / (√0.1 |g| + ε).
  const Adam adam{.learning_rate = 0.5, .epsilon = 1e-3};
  Buffer<double> parameters{1, 2}, state(4);
  const Buffer<double> first{4, -0.01}, second{0, 0.02};
  adam.update(Cpu{}, 1, 1, first.span(), state.span(), parameters.span());
  const double root = std::sqrt(0.1);
  CHECK(parameters[0] == Approx(1 - 0.5 * root * 4 / (root * 4 + 1e-3)).epsilon(1e-14));
  CHECK(parameters[1] == Approx(2 + 0.5 * root * 0.01 / (root * 0.01 + 1e-3)).epsilon(1e-14));
  CHECK((state[0] == 4 && state[1] == -0.01));
  CHECK(state[2] == Approx(1.6).epsilon(1e-14));
  const double before = parameters[0];
  adam.update(Cpu{}, 2, 1, second.span(), state.span(), parameters.span());
  CHECK(parameters[0] == before);  // no gradient and no momentum
  CHECK(state[2] == Approx(1.44).epsilon(1e-14));
}

TEMPLATE_TEST_CASE("Adam equals its authors' first formulation", "", float, double) {
  using T = TestType;
  constexpr double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;
  for (const Adam& adam : {Adam{}, Adam{.learning_rate = 0.03, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-4}}) {
    TextbookAdam textbook{adam.learning_rate, adam.beta1, adam.beta2, adam.epsilon};
    Random random(3);
    Buffer<T> parameters(1), state(2);
    for (Index step = 1; step <= 20; ++step) {
      const Buffer<T> gradient{T(random.normal() * 0.1)};
      const double factor = step % 2 ? 1 : 0.5;
      parameters[0] = 0;
      adam.update(Cpu{}, step, factor, gradient.span(), state.span(), parameters.span());
      CHECK(double(parameters[0]) == Approx(factor * textbook.change(double(gradient[0]))).epsilon(tolerance));
    }
  }
}

TEST_CASE("gradient descent with momentum by hand") {
  const Sgd sgd{.learning_rate = 0.5, .momentum = 0.25};
  Buffer<float> parameters{1, 1}, state(2);
  const Buffer<float> gradient{2, -4};
  sgd.update(Cpu{}, 1, 1, gradient.span(), state.span(), parameters.span());
  CHECK((parameters[0] == 0 && parameters[1] == 3));
  sgd.update(Cpu{}, 2, 0.5, gradient.span(), state.span(), parameters.span());
  CHECK((state[0] == -0.75 && state[1] == 1.5));  // a quarter of the velocity, and half the learning rate
  CHECK((parameters[0] == -0.75 && parameters[1] == 4.5));
}

TEST_CASE("an update does not depend on the number of threads") {
  constexpr Index size = 200'003;
  Random random(5);
  Buffer<float> gradient(size), start(size);
  random.fill_normal(gradient.span());
  random.fill_normal(start.span());
  const auto updated = [&](int threads) {
    Buffer<float> parameters = start, state(2 * size), clipped = gradient;
    const Cpu ex{.threads = threads};
    clip_global_norm(ex, 0.5, clipped.span());
    Adam{}.update(ex, 1, 1, clipped.span(), state.span(), parameters.span());
    return parameters;
  };
  const auto one = updated(1), three = updated(3);
  CHECK(std::ranges::equal(one, three));
  CHECK_FALSE(std::ranges::equal(one, start));
}

TEMPLATE_TEST_CASE("the global norm is clipped over all entries together", "", float, double) {
  using T = TestType;
  Buffer<T> gradient{3, 0, -4};
  CHECK(clip_global_norm(Cpu{}, 5, gradient.span()) == 5);
  CHECK((gradient[0] == 3 && gradient[2] == -4));
  CHECK(clip_global_norm(Cpu{}, 2.5, gradient.span()) == 5);
  CHECK((gradient[0] == T(1.5) && gradient[1] == 0 && gradient[2] == -2));
  for (double bad : {not_a_number, infinity, -infinity}) {
    Buffer<T> broken{1, T(bad)};
    CHECK_FALSE(std::isfinite(clip_global_norm(Cpu{}, 1, broken.span())));
    CHECK(broken[0] == 1);
  }
}

TEMPLATE_TEST_CASE("values are clipped one by one", "", float, double) {
  Buffer<TestType> gradient{3, TestType(-0.5), -4, TestType(not_a_number)};
  clip_value(Cpu{}, 1, gradient.span());
  CHECK((gradient[0] == 1 && gradient[1] == TestType(-0.5) && gradient[2] == -1));
  CHECK(std::isnan(gradient[3]));
}

TEST_CASE("optimisers refuse options out of range") {
  CHECK_NOTHROW(Adam{}.check());
  CHECK_NOTHROW(Sgd{}.check());
  for (double bad : {0.0, -1.0, not_a_number, infinity}) {
    CHECK_THROWS_AS(Adam{.learning_rate = bad}.check(), InputError);
    CHECK_THROWS_AS(Adam{.epsilon = bad}.check(), InputError);
    CHECK_THROWS_AS(Sgd{.learning_rate = bad}.check(), InputError);
  }
  for (double bad : {1.0, -0.1, not_a_number}) {
    CHECK_THROWS_AS(Adam{.beta1 = bad}.check(), InputError);
    CHECK_THROWS_AS(Adam{.beta2 = bad}.check(), InputError);
    CHECK_THROWS_AS(Sgd{.momentum = bad}.check(), InputError);
  }
}

}  // namespace optimizer_test
