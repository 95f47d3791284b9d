// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Problems drawn, composed and measured by.

#include "support/problem_chain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "videoonenet/io/npy.hpp"
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

namespace program {

namespace {

/// Replaces the kernel of a blur by the user's; false when the problem has none.
bool replace_kernel(Problem<float>& p, const Tensor<float>& kernel) {
  if (std::holds_alternative<FullBlur<float>>(p.a.variant())) {
    p.a = FullBlur<float>(p.a.domain(), kernel);
  } else if (const auto* strided = std::get_if<StridedBlur<float>>(&p.a.variant())) {
    p.a = StridedBlur<float>(p.a.domain(), kernel, strided->stride());
  } else {
    return false;
  }
  p.angle_degrees.reset();
  return true;
}

/// The kernel in a file, as the blur operators take it.
Tensor<float> read_kernel(const std::string& path) {
  const Tensor<float> kernel = read_npy<float>(path);
  const Shape& s = kernel.shape();
  if (s.n != 1 || s.t != 1 || s.f != 1)
    throw InputError(sentence(path, ": a blur kernel is an array of rows x columns, found (N,T,H,W,F) = ", s));
  return kernel;
}

}  // namespace

AnyOperator compose(std::vector<ShippedOperator<float>> operators) {
  if (operators.size() == 1) return std::move(operators.front());
  return Chain<ShippedOperator<float>>(std::move(operators));
}

const ShippedOperator<float>& ProblemChain::at(std::size_t i) const {
  if (const auto* single = std::get_if<ShippedOperator<float>>(&a.variant())) return *single;
  return std::get<Chain<ShippedOperator<float>>>(a.variant())[static_cast<Index>(i)];
}

std::string ProblemChain::key() const {
  std::string joined;
  for (const Link& link : links) joined.append(joined.empty() ? "" : ",").append(to_string(link.spec.key));
  return joined;
}

std::string known_problems() {
  std::string known;
  for (const auto& [key, name] : problem_keys)
    if (key != ProblemKey::dense) known.append(known.empty() ? "" : ", ").append(name);
  return known;
}

ProblemChain draw_chain(const Cpu& ex, const ProblemOptions& options, const Shape& video, std::uint64_t seed) {
  std::vector<ProblemChain::Link> links;
  std::vector<ShippedOperator<float>> operators;
  double noise_sigma = 0;
  bool ratio_used = false, kernel_used = false;
  std::optional<Tensor<float>> kernel;
  if (!options.kernel.empty()) kernel = read_kernel(options.kernel);
  Shape shape = video;
  for (std::size_t i = 0; i < options.problems.size(); ++i) {
    ProblemSpec spec = parse_problem_spec(options.problems[i]);
    if (options.ratio && !spec.ratio && default_ratio(spec.key)) {
      spec.ratio = options.ratio;
      ratio_used = true;
    }
    Random random(seed, i);
    Problem<float> problem = draw_problem<float>(ex, spec, shape, random);
    if (kernel && !kernel_used) kernel_used = replace_kernel(problem, *kernel);
    noise_sigma = std::max(noise_sigma, effective_noise_sigma(spec));
    spec.ratio = effective_ratio(spec);
    shape = problem.a.range();
    links.push_back({spec, problem.angle_degrees});
    operators.push_back(std::move(problem.a));
  }
  if (options.ratio && !ratio_used) throw InputError("--ratio was given, but no problem takes it");
  if (kernel && !kernel_used)
    throw InputError("--kernel was given, but no problem takes it: disk_blur, motion_blur and strided_blur do");
  return {.links = std::move(links),
          .a = compose(std::move(operators)),
          .noise_sigma = options.noise.value_or(noise_sigma),
          .seed = seed};
}

Buffer<float> measure_chain(const Cpu& ex, const ProblemChain& chain, std::span<const float> x, std::uint64_t seed) {
  Buffer<float> y(chain.a.range().size());
  chain.a.apply(ex, x, y.span());
  if (const double sigma = chain.noise_sigma.value_or(0); sigma > 0) {
    Random random(seed, chain.links.size());
    for (float& v : y) v += static_cast<float>(random.normal() * sigma);
  }
  return y;
}

double data_residual(const Cpu& ex, const AnyOperator& a, std::span<const float> x, std::span<const float> y) {
  Buffer<float> again(std::ssize(y));
  a.apply(ex, x, again.span());
  const double norm = std::sqrt(squared_norm(ex, y));
  const double misfit = std::sqrt(squared_distance(ex, std::span<const float>(again.span()), y));
  return norm > 0 ? misfit / norm : misfit;
}

Tensor<float> measurement_picture(const Cpu& ex, const AnyOperator& a, std::span<const float> y) {
  const Shape domain = a.domain(), range = a.range();
  if (range.t == domain.t && range.h > 1 && range.w > 1 && (range.f == 1 || range.f == domain.f))
    return Tensor<float>(range, y);
  Tensor<float> back(domain);
  a.apply_adjoint(ex, y, back.flat());
  const float peak = std::max(1.f, *std::ranges::max_element(back.flat()));
  for (float& v : back.flat()) v /= peak;
  return back;
}

}  // namespace program
