// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/unrolled_network.hpp"

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/mixing_layer.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/network_data_step/network_data_step.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"

namespace unrolled_network_test {

using namespace videoonenet;
using support::allocations;
using support::MixingLayer;

namespace {

using Mixing = MixingLayer<double>;
const Cpu ex{};
const Shape video{.n = 2, .t = 2, .h = 3, .w = 2};

const NetworkPrior<Mixing> pair_prior{.net = {2, 1}};
const NetworkPrior<Mixing> difference_prior{.net = {1, 1}, .input = PriorInput::difference, .residual = true};
const NetworkDataStep<Mixing> data_net{.net = {7, 2}};
const NetworkDataStep<Mixing> residual_data_net{.net = {7, 2}, .residual = true};

Buffer<double> weights_for(Index count, std::uint64_t seed = 5) {
  Buffer<double> weights(count);
  Random(seed).fill_normal(weights.span(), 0.5);
  return weights;
}

/// A network on a problem: half the loss ½‖z − truth‖² and its gradient.
template <class Net>
struct Trial {
  Trial(const Net& network, const Backward& backward, const Cpu& executor = ex)
      : net(network),
        problem(video),
        truth(video),
        on(executor),
        planned(plan(on, [&](auto& memory) { return net.make_cache(memory, video, backward); })),
        bound(net.bind(on, problem.a, problem.y.span())) {
    Random(11).fill_normal(truth.flat());
  }
  double loss(std::span<const double> weights) {
    net.forward(on, weights, bound, planned.cache, z.view());
    return 0.5 * squared_distance(on, std::span<const double>(z.flat()), truth.flat());
  }
  Buffer<double> gradient(std::span<const double> weights, const MeasurementGradient<double>& by_measurement = {}) {
    loss(weights);
    Tensor<double> grad_z(video);
    linear_combination(on, 1, z.flat(), -1, truth.flat(), grad_z.flat());
    Buffer<double> grad(std::ssize(weights));
    net.adjoint(on, weights, bound, planned.cache, grad_z.view(), grad.span(), by_measurement);
    return grad;
  }
  double difference_quotient(Buffer<double> weights, Index k, double step = 1e-5) {
    weights[k] += step;
    const double above = loss(weights.span());
    weights[k] -= 2 * step;
    return (above - loss(weights.span())) / (2 * step);
  }

  Net net;
  problems::Inpainting<double> problem;
  Tensor<double> truth, z{video};
  Cpu on;
  Planned<typename Net::Cache, Cpu> planned;
  decltype(net.bind(on, problem.a, problem.y.span())) bound;
};

template <class Net>
void check_against_differences(const Net& net) {
  const auto weights = weights_for(net.parameter_count());
  Index listed = 0;
  for (const Parameter& p : net.parameters()) listed += p.size();
  REQUIRE(listed == net.parameter_count());
  Trial trial(net, Backward::store());
  const auto gradient = trial.gradient(weights.span());
  double largest = 0;
  for (double g : gradient) largest = std::max(largest, std::abs(g));
  REQUIRE(largest > 1e-3);
  for (Index k = 0; k < weights.size(); ++k)
    REQUIRE(gradient[k] == Approx(trial.difference_quotient(weights, k)).epsilon(1e-7).margin(1e-8 * largest));

  for (const Backward& b : {Backward::checkpoint(1), Backward::checkpoint(2), Backward::checkpoint(3),
                            Backward::checkpoint(7), Backward::recompute(), Backward::truncated(5)}) {
    const auto same = Trial(net, b).gradient(weights.span());
    for (Index k = 0; k < weights.size(); ++k) REQUIRE(same[k] == gradient[k]);
  }
}

}  // namespace

TEST_CASE("the gradient of tied networks is that of finite differences, under every backward strategy") {
  check_against_differences(unroll<5>(pair_prior, LeastSquares{}));
  check_against_differences(unroll<5>(difference_prior, LeastSquares{}, {.relaxation = 1.5}));
  check_against_differences(unroll<5>(pair_prior, data_net));
  check_against_differences(unroll<5>(pair_prior, residual_data_net, {.rho = 0.1}));
}

TEST_CASE("the gradient of untied networks with learned penalties and a learned start is that of finite differences") {
  check_against_differences(unroll<5>(pair_prior, LeastSquares{}, {.tied = false, .learn_rho = true}));
  check_against_differences(unroll<5>(pair_prior, data_net, {.tied = false, .learn_rho = true}));
  check_against_differences(unroll<5>(difference_prior, residual_data_net, {.relaxation = 0.8, .learn_rho = true},
                                      NetworkStart<Mixing>{{2, 1}}));
  check_against_differences(
      unroll<dynamic>(pair_prior, data_net, {.tied = false, .iterations = 5}, NetworkStart<Mixing>{{2, 1}}));
}

TEST_CASE("a truncated gradient is the sum of what the last iterations' own weights would get") {
  const auto tied = unroll<5>(pair_prior, data_net);
  const auto untied = unroll<5>(pair_prior, data_net, {.tied = false});
  const Index block = tied.parameter_count();
  const auto weights = weights_for(block);
  Buffer<double> repeated(5 * block);
  for (Index k = 0; k < repeated.size(); ++k) repeated[k] = weights[k % block];
  const auto each = Trial(untied, Backward::store()).gradient(repeated.span());
  for (int last = 1; last <= 5; ++last) {
    const auto truncated = Trial(tied, Backward::truncated(last)).gradient(weights.span());
    for (Index k = 0; k < block; ++k) {
      double sum = 0;
      for (int i = 5 - last; i < 5; ++i) sum += each[i * block + k];
      REQUIRE(truncated[k] == Approx(sum).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients by the start and by the measurement are those of finite differences") {
  for (auto start : {LeastSquares::Start::pseudo_inverse, LeastSquares::Start::adjoint}) {
    const NetworkDataStep<Mixing> data{.net = {7, 2}, .least_squares = {.start = start}};
    const auto net = unroll<3>(pair_prior, data, {}, NetworkStart<Mixing>{{2, 1}});
    const auto weights = weights_for(net.parameter_count());
    Trial trial(net, Backward::checkpoint(2));
    Buffer<double> by_aty(video.size()), by_start(video.size()), by_y(video.size());
    trial.gradient(weights.span(), {by_aty.span(), by_start.span()});
    trial.bound.measurement_adjoint(ex, {by_aty.span(), by_start.span()}, by_y.span());

    const Buffer<double> y = trial.problem.y;
    for (Index k = 0; k < y.size(); ++k) {
      const auto loss_at = [&](double value) {
        trial.problem.y[k] = value;
        auto bound = net.bind(ex, trial.problem.a, trial.problem.y.span());
        net.forward(ex, weights.span(), bound, trial.planned.cache, trial.z.view());
        trial.problem.y[k] = y[k];
        return 0.5 * squared_distance(ex, std::span<const double>(trial.z.flat()), trial.truth.flat());
      };
      const double quotient = (loss_at(y[k] + 1e-5) - loss_at(y[k] - 1e-5)) / 2e-5;
      REQUIRE(by_y[k] == Approx(quotient).epsilon(1e-7).margin(1e-8));
    }
  }
}

TEST_CASE("a network with a weighted prior equals classical unrolling and admm bit for bit") {
  const auto net = unroll<4>(pair_prior, LeastSquares{}, {.rho = 0.2, .relaxation = 1.2});
  const auto weights = weights_for(net.parameter_count());
  Trial trial(net, Backward::store());
  trial.loss(weights.span());
  const WeightedPrior prior(pair_prior, weights.span());
  Tensor<double> classical(video), solved(video);
  unroll<4>(prior, LeastSquares{}, {.rho = 0.2, .relaxation = 1.2})(ex, trial.problem.a, trial.problem.y.span(),
                                                                    classical.view());
  admm(ex, prior, LeastSquares{}, trial.problem.a, trial.problem.y.span(), solved.view(),
       {.rho = 0.2, .iterations = 4, .tolerance = 0, .relaxation = 1.2});
  for (Index i = 0; i < video.size(); ++i) {
    REQUIRE(trial.z[i] == classical[i]);
    REQUIRE(trial.z[i] == solved[i]);
  }
}

TEST_CASE("forward and adjoint allocate nothing, and inference holds one iteration") {
  const auto net = unroll<5>(pair_prior, data_net, {.tied = false, .learn_rho = true});
  const auto weights = weights_for(net.parameter_count());
  Trial trial(net, Backward::checkpoint(2));
  Buffer<double> gradient(weights.size());
  const long before = allocations;
  for (int step = 0; step < 3; ++step) {
    net.forward(ex, weights.span(), trial.bound, trial.planned.cache, trial.z.view());
    net.adjoint(ex, weights.span(), trial.bound, trial.planned.cache, trial.z.view(), gradient.span());
  }
  REQUIRE(allocations == before);

  const auto bytes = [&](const Backward& b, Purpose purpose) {
    return planned_bytes(ex, [&](auto& memory) { return net.make_cache(memory, video, b); }, purpose);
  };
  REQUIRE(bytes(Backward::store(), Purpose::training) == Trial(net, Backward::store()).planned.bytes());
  REQUIRE(bytes(Backward::checkpoint(2), Purpose::training) < bytes(Backward::store(), Purpose::training));
  REQUIRE(bytes(Backward::recompute(), Purpose::training) < bytes(Backward::checkpoint(2), Purpose::training));
  REQUIRE(bytes(Backward::store(), Purpose::inference) < bytes(Backward::recompute(), Purpose::training));
  auto inference = plan(ex, [&](auto& memory) { return net.make_cache(memory, video); }, Purpose::inference);
  Tensor<double> z(video);
  net.forward(ex, weights.span(), trial.bound, inference.cache, z.view());
  for (Index i = 0; i < z.size(); ++i) REQUIRE(z[i] == trial.z[i]);
}

TEST_CASE("parameters carry the names of the weights file") {
  const auto names = [](const auto& net) {
    std::vector<std::string> all;
    for (const Parameter& p : net.parameters()) all.push_back(p.name);
    return all;
  };
  using Names = std::vector<std::string>;
  REQUIRE(names(unroll<3>(pair_prior, data_net)) == Names{"prior.parameters", "data.parameters"});
  REQUIRE(names(unroll<2>(pair_prior, data_net, {.tied = false, .learn_rho = true}, NetworkStart<Mixing>{{2, 1}})) ==
          Names{"start.parameters", "iteration.0.prior.parameters", "iteration.0.data.parameters",
                "iteration.1.prior.parameters", "iteration.1.data.parameters", "log_rho"});
}

TEST_CASE("every option of an unrolled network has an effect") {
  const auto result = [&](const UnrolledOptions<double>& options) {
    const auto net = unroll<dynamic>(pair_prior, LeastSquares{}, options);
    Buffer<double> weights(net.parameter_count());
    for (Index k = 0; k < weights.size(); ++k) weights[k] = 0.3 * double(k + 1);
    Trial trial(net, Backward::store());
    return trial.loss(weights.span());
  };
  const double plain = result({.iterations = 3});
  REQUIRE(result({.rho = 0.5, .iterations = 3}) != plain);
  REQUIRE(result({.relaxation = 1.4, .iterations = 3}) != plain);
  REQUIRE(result({.tied = false, .iterations = 3}) != plain);
  REQUIRE(result({.learn_rho = true, .iterations = 3}) != plain);
  REQUIRE(result({.iterations = 4}) != plain);
}

TEST_CASE("networks and arguments that do not fit are refused in a sentence") {
  using Catch::Matchers::ContainsSubstring;
  REQUIRE_THROWS_WITH(unroll<dynamic>(pair_prior, LeastSquares{}), ContainsSubstring("0 iterations"));
  REQUIRE_THROWS_WITH(unroll<3>(pair_prior, LeastSquares{}, {.rho = -1}), ContainsSubstring("rho is -1"));
  REQUIRE_THROWS_AS(Backward::checkpoint(0), InputError);
  REQUIRE_THROWS_AS(Backward::truncated(-3), InputError);

  const auto net = unroll<2>(pair_prior, data_net);
  Trial trial(net, Backward::store());
  const auto few = weights_for(3);
  REQUIRE_THROWS_WITH(trial.loss(few.span()), ContainsSubstring("parameters has 3 entries, expected 16"));
  const auto make = [&](const Shape& shape) {
    return planned_bytes(ex, [&](auto& memory) { return net.make_cache(memory, shape); });
  };
  REQUIRE_THROWS_AS(make({.h = 3, .w = 2, .f = 2}), ShapeError);
  Tensor<double> small(Shape{.h = 3, .w = 2});
  const auto weights = weights_for(net.parameter_count());
  REQUIRE_THROWS_AS(net.forward(ex, weights.span(), trial.bound, trial.planned.cache, small.view()), ShapeError);
}

}  // namespace unrolled_network_test
