// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The problems of a command line, drawn one after the other for one video.

#include <optional>
#include <string>
#include <vector>

#include "videoonenet/io/npy.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/problem_set/problem_set.hpp"

namespace program {

using namespace videoonenet;

/// Operators applied one after the other, the first first, and the noise that is added at the end.
struct ProblemChain {
  std::vector<Problem<float>> problems;
  std::optional<double> noise_sigma;  ///< unset: unknown, as for a measurement of the user's own
  std::optional<std::uint64_t> seed;  ///< the problems were drawn from; unset: unknown

  /// The composition A = A_k … A_1.
  Chain<ShippedOperator<float>> chain() const {
    std::vector<ShippedOperator<float>> operators;
    for (const auto& p : problems) operators.push_back(p.a);
    return Chain<ShippedOperator<float>>(std::move(operators));
  }
  /// Keys joined by commas.
  std::string key() const {
    std::string joined;
    for (const auto& p : problems) joined.append(joined.empty() ? "" : ",").append(to_string(p.spec.key));
    return joined;
  }
};

/// The keys that can be drawn, joined for a help text.
inline std::string known_problems() {
  std::string known;
  for (const auto& [key, name] : problem_keys)
    if (key != ProblemKey::dense) known.append(known.empty() ? "" : ", ").append(name);
  return known;
}

/// What --problem, --ratio, --noise and --kernel say.
struct ProblemOptions {
  std::vector<std::string> problems{"pixel_inpaint"};
  std::optional<double> ratio;
  std::optional<double> noise;
  std::string kernel;  ///< .npy file; empty: the problem's own
};

namespace detail {

/// Replaces the kernel of a blur by the user's; false when the problem has none.
inline bool replace_kernel(Problem<float>& p, const Tensor<float>& kernel) {
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
inline Tensor<float> read_kernel(const std::string& path) {
  const Tensor<float> kernel = read_npy<float>(path);
  const Shape& s = kernel.shape();
  if (s.n != 1 || s.t != 1 || s.f != 1)
    throw InputError(sentence(path, ": a blur kernel is an array of rows x columns, found (N,T,H,W,F) = ", s));
  return kernel;
}

}  // namespace detail

/// Draws the problems for a video: each takes what the one before it returns.
/// Errors: InputError for unknown keys, a ratio or a kernel that no problem takes; ShapeError where they do not fit.
inline ProblemChain draw_chain(const Cpu& ex, const ProblemOptions& options, const Shape& video, std::uint64_t seed) {
  ProblemChain chain{.problems = {}, .noise_sigma = 0, .seed = seed};
  bool ratio_used = false, kernel_used = false;
  std::optional<Tensor<float>> kernel;
  if (!options.kernel.empty()) kernel = detail::read_kernel(options.kernel);
  Shape shape = video;
  for (std::size_t i = 0; i < options.problems.size(); ++i) {
    ProblemSpec spec = parse_problem_spec(options.problems[i]);
    if (options.ratio && !spec.ratio && default_ratio(spec.key)) {
      spec.ratio = options.ratio;
      ratio_used = true;
    }
    Random random(seed, i);
    chain.problems.push_back(draw_problem<float>(ex, spec, shape, random));
    chain.problems.back().spec.ratio = effective_ratio(spec);
    if (kernel && !kernel_used) kernel_used = detail::replace_kernel(chain.problems.back(), *kernel);
    chain.noise_sigma = std::max(*chain.noise_sigma, effective_noise_sigma(spec));
    shape = chain.problems.back().a.range();
  }
  if (options.ratio && !ratio_used) throw InputError("--ratio was given, but no problem takes it");
  if (kernel && !kernel_used)
    throw InputError("--kernel was given, but no problem takes it: disk_blur, motion_blur and strided_blur do");
  if (options.noise) chain.noise_sigma = options.noise;
  return chain;
}

/// Measures y = A x + ξ with the chain's noise.
inline Buffer<float> measure_chain(const Cpu& ex, const ProblemChain& chain, const Chain<ShippedOperator<float>>& a,
                                   std::span<const float> x, std::uint64_t seed) {
  Buffer<float> y(a.range().size());
  a.apply(ex, x, y.span());
  if (const double sigma = chain.noise_sigma.value_or(0); sigma > 0) {
    Random random(seed, chain.problems.size());
    for (float& v : y) v += static_cast<float>(random.normal() * sigma);
  }
  return y;
}

}  // namespace program
