// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Holds a network against a golden file: outputs, loss and the gradient by every weight.

#include <cmath>

#include "support/catch.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"
#include "videoonenet/io/safetensors.hpp"
#include "videoonenet/models/model_options.hpp"
#include "videoonenet/operators/dense/dense.hpp"

namespace videoonenet::test {

/// One of the golden networks.
struct GoldenNetwork {
  Safetensors file;

  explicit GoldenNetwork(const std::string& name)
      : file(std::filesystem::path(VIDEOONENET_GOLDEN_DIR) / (name + ".safetensors")) {}

  Index number(const char* key) const { return std::stol(file.metadata(key)); }
  Shape shape() const { return {.t = number("T"), .h = number("H"), .w = number("W"), .f = number("F")}; }
  Index samples() const {
    Index count = 0;
    while (file.contains(sentence("sample.", count, ".y"))) ++count;
    return count;
  }
  /// Golden files name their metadata in their own way.
  ModelOptions options() const {
    const std::string data_net = file.metadata("data_net");
    return {.channels = number("F"),
            .filters = number("filters"),
            .kernel_encoder = number("k_enc"),
            .kernel_decoder = number("k_dec"),
            .iterations = static_cast<int>(number("iterations")),
            .rho = std::stod(file.metadata("rho")),
            .prior_input =
                file.metadata("prior_input") == "difference" ? PriorInput::difference : PriorInput::concatenation,
            .prior_recurrent = file.metadata("prior_rnn") == "True",
            .data_net = data_net == "bcrnn" ? DataNet::bcrnn
                        : data_net == "cnn" ? DataNet::cnn
                                            : DataNet::none};
  }
  /// The weights, or what the file holds for each under another prefix, in the order of the parameters.
  template <class T>
  Buffer<T> weights(const std::vector<Parameter>& parameters, const std::string& prefix = "") const {
    std::vector<T> all;
    for (const Parameter& p : parameters) {
      REQUIRE(file.extents(prefix + p.name) == p.extents);
      const Buffer<T> values = file.values<T>(prefix + p.name);
      all.insert(all.end(), values.begin(), values.end());
    }
    return Buffer<T>(std::span<const T>(all));
  }
  /// Arrays of weights in the file.
  Index weight_arrays() const {
    return std::ranges::count_if(file.names(), [](const std::string& name) { return name.starts_with("grad."); });
  }
};

/// The largest difference over the largest magnitude of the expected values.
template <class T>
double relative_error(std::span<const T> given, std::span<const double> expected) {
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    difference = std::max(difference, std::abs(double(given[i]) - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return difference / largest;
}

/// Requires that `net` gives the outputs, the loss and all gradients of a golden file.
template <class T, class Net>
void meets_golden(const Net& net, const GoldenNetwork& golden, const Cpu& ex = {}) {
  const double tolerance = std::is_same_v<T, double> ? 1e-9 : 1e-4;
  const Shape shape = golden.shape();
  const std::vector<Parameter> parameters = net.parameters();
  REQUIRE(std::ssize(parameters) == golden.weight_arrays());
  const Buffer<T> weights = golden.weights<T>(parameters);
  REQUIRE(weights.size() == net.parameter_count());
  Buffer<T> gradient(weights.size());
  auto planned = plan(ex, [&](auto& memory) { return net.make_cache(memory, shape); });

  double loss = 0;
  const Index samples = golden.samples();
  for (Index i = 0; i < samples; ++i) {
    const auto array = [&](const char* name) { return sentence("sample.", i, ".", name); };
    const Buffer<T> y = golden.file.values<T>(array("y")), x = golden.file.values<T>(array("x"));
    const Dense<T> a(shape, y.size(), golden.file.values<T>(array("A")));
    auto bound = net.bind(ex, a, y.span());
    Tensor<T> z(shape), grad_z(shape);
    net.forward(ex, weights.span(), bound, planned.cache, z.view());
    INFO("sample " << i);
    CHECK(relative_error<T>(z.flat(), golden.file.values<double>(array("z")).span()) < tolerance);
    const double count = double(samples * z.size());
    for (Index k = 0; k < z.size(); ++k) {
      const double difference = double(z[k]) - double(x[k]);
      loss += difference * difference / count;
      grad_z[k] = static_cast<T>(2 * difference / count);
    }
    net.adjoint(ex, weights.span(), bound, planned.cache, grad_z.view(), gradient.span());
  }
  CHECK(loss == Approx(golden.file.values<double>("loss")[0]).epsilon(tolerance));

  std::size_t begin = 0;
  for (const Parameter& p : parameters) {
    const auto size = static_cast<std::size_t>(p.size());
    INFO("gradient by " << p.name);
    CHECK(relative_error<T>(std::as_const(gradient).span().subspan(begin, size),
                            golden.file.values<double>("grad." + p.name).span()) < tolerance);
    begin += size;
  }
}

}  // namespace videoonenet::test
