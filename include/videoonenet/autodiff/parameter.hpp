// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the entries of a layer's flat parameter vector are: named arrays, how they start, and in which order they lie.

#include <numeric>
#include <string>
#include <vector>

#include "videoonenet/concepts/layer.hpp"

namespace videoonenet {

/// How an array of parameters is drawn before training.
enum class Initial {
  zeros,
  ones,
  glorot_uniform,  ///< uniform in ±√(6 / (fan in + fan out))
  orthogonal,      ///< orthonormal columns of the array seen as (all but the last extent) × (last extent)
  small_normal,    ///< normal with standard deviation 0.01
};

/// One named array among a layer's parameters.
struct Parameter {
  std::string name;            ///< dotted path, for example `encoder.0.conv.kernel`
  std::vector<Index> extents;  ///< row-major
  Initial initial = Initial::zeros;

  Index size() const { return std::accumulate(extents.begin(), extents.end(), Index(1), std::multiplies<>()); }
};

/// A layer that says what its parameters are; `l.parameters()` lists them in the order in which they lie.
template <class L>
concept NamesParameters = requires(const L& l) {
  { l.parameters() } -> std::convertible_to<std::vector<Parameter>>;
};

/// The parameters of a layer, or one unnamed array of all of them where the layer does not say.
template <class L>
std::vector<Parameter> parameters_of(const L& layer) {
  if constexpr (NamesParameters<L>)
    return layer.parameters();
  else if (layer.parameter_count() == 0)
    return {};
  else
    return {{"parameters", {layer.parameter_count()}, Initial::small_normal}};
}

/// Appends the parameters of a part to those of the whole, with "prefix." before their names.
inline void append_parameters(std::vector<Parameter>& whole, const std::string& prefix, std::vector<Parameter> part) {
  for (Parameter& p : part) {
    if (!prefix.empty()) p.name = prefix + "." + p.name;
    whole.push_back(std::move(p));
  }
}

}  // namespace videoonenet
