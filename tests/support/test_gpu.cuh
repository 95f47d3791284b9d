// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The GPU of tests: emulated when a host compiler compiles them, the real one when nvcc does.

#include <cmath>
#include <vector>

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/core/memory.hpp"
#include "videoonenet/core/random.hpp"

#if defined(__CUDACC__)
#include "videoonenet/core/cuda/executor.cuh"
#else
#include "support/emulated_instances.cuh"
#endif

namespace videoonenet::support {

#if defined(__CUDACC__)
using TestGpu = Cuda;
inline constexpr bool on_real_gpu = true;
/// The GPU; a real one has as many multiprocessors as it has, but one has no clusters here as there.
inline TestGpu test_gpu(cuda::Precision precision = cuda::Precision::tf32, int multiprocessors = 4) {
  Cuda gpu(precision);
  gpu.clusters = multiprocessors > 1;
  return gpu;
}
#else
using TestGpu = cuda::EmulatedGpu;
inline constexpr bool on_real_gpu = false;
/// An emulated GPU; kernels choose their tiles by the number of multiprocessors.
inline TestGpu test_gpu(cuda::Precision precision = cuda::Precision::tf32, int multiprocessors = 4) {
  TestGpu gpu(precision, multiprocessors);
  if (multiprocessors % 2 == 1) gpu.order = testing::ThreadOrder::descending;
  return gpu;
}
#endif

/// The precisions, and the relative error that they are allowed in a layer.
struct PrecisionBudget {
  cuda::Precision precision;
  double error;
};
inline constexpr PrecisionBudget precision_budgets[] = {
    {cuda::Precision::float32, 1e-5}, {cuda::Precision::tf32, 2e-3}, {cuda::Precision::bfloat16, 2e-2}};

/// Copies to memory of the executor.
template <class Ex, class T>
auto to_executor(const Ex& ex, const std::vector<T>& values) {
  auto buffer = ex.template allocate<T>(std::ssize(values));
  if constexpr (cuda::Gpu<Ex>)
    ex.upload(std::span<const T>(values), buffer.span());
  else
    std::ranges::copy(values, buffer.data());
  return buffer;
}
/// Copies from memory of the executor.
template <class Ex, class T>
std::vector<T> from_executor(const Ex& ex, std::span<const T> values) {
  std::vector<T> host(values.size());
  if constexpr (cuda::Gpu<Ex>)
    ex.download(values, std::span<T>(host));
  else
    std::ranges::copy(values, host.begin());
  return host;
}
template <class Ex, class Buffer>
auto from_executor(const Ex& ex, Buffer& buffer) {
  using T = std::remove_cvref_t<decltype(*buffer.data())>;
  return from_executor(ex, std::span<const T>(buffer.span()));
}

/// Normal numbers.
inline std::vector<float> random_values(Random& random, Index size, double deviation = 1) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& v : values) v = static_cast<float>(deviation * random.normal());
  return values;
}

/// ‖a − b‖ / ‖b‖.
template <class T>
double relative_error(const std::vector<T>& a, const std::vector<T>& b) {
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    difference += (double(a.at(i)) - double(b[i])) * (double(a.at(i)) - double(b[i]));
    norm += double(b[i]) * double(b[i]);
  }
  return difference == 0 ? 0 : std::sqrt(difference / norm);
}

/// What a layer computes: its output and what its adjoint adds to gradients that were not zero.
struct LayerResults {
  std::vector<float> y, grad_x, grad_parameters;
};

/// Runs a layer with the same random weights, input and gradients on any executor. On a GPU the gradient of the input
/// is added to numbers in tf32, as on the host, and overwrites NaN in other precisions before those are added, so that
/// both ways are compared.
template <class Ex, class L>
LayerResults layer_results(const Ex& ex, const L& layer, const Shape& in) {
  constexpr bool on_gpu = cuda::Gpu<Ex>;
  bool overwrites = false;
  if constexpr (on_gpu) overwrites = ex.precision != cuda::Precision::tf32;
  Random random(11);
  const Shape out = layer.output_shape(in);
  const auto parameters = to_executor(ex, random_values(random, layer.parameter_count(), 0.3));
  const auto x = to_executor(ex, random_values(random, in.size()));
  const auto grad_y = to_executor(ex, random_values(random, out.size()));
  auto y = to_executor(ex, random_values(random, out.size()));
  const auto before = random_values(random, in.size());
  auto grad_x = to_executor(ex, overwrites ? std::vector<float>(before.size(), std::nanf("")) : before);
  auto grad_parameters = to_executor(ex, random_values(random, layer.parameter_count()));
  auto planned = plan(ex, [&](auto& memory) { return layer.make_cache(memory, in); });
  layer.forward(ex, parameters.span(), View<const float>{x.data(), in}, View<float>{y.data(), out}, planned.cache);
  adjoint_of(ex, layer, parameters.span(), planned.cache, View<const float>{grad_y.data(), out},
             View<float>{grad_x.data(), in}, grad_parameters.span(),
             overwrites ? Accumulate::overwrite : Accumulate::add);
  std::vector<float> gradient = from_executor(ex, grad_x);
  if (overwrites) std::ranges::transform(gradient, before, gradient.begin(), std::plus<>());
  return {from_executor(ex, y), std::move(gradient), from_executor(ex, grad_parameters)};
}

}  // namespace videoonenet::support
