// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights of any layer or network in safetensors files: an array for each of its parameters, under its name.

#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/io/safetensors.hpp"

namespace videoonenet {

/// A trained layer that a file rebuilds: its sizes, its weights and all metadata of the file.
template <class T, class Sizes>
struct TrainedLayer {
  Sizes sizes;
  Buffer<T> parameters;
  std::map<std::string, std::string> metadata;
};

/// Whether a file's metadata say that it holds this kind of model.
inline bool describes(const std::map<std::string, std::string>& metadata, std::string_view model) {
  const auto found = metadata.find("model");
  return found != metadata.end() && found->second == model;
}

namespace detail {

inline std::string extents_text(const std::vector<Index>& extents) {
  std::string text;
  for (Index e : extents) text += sentence(text.empty() ? "" : "x", e);
  return extents.empty() ? "a single number" : text;
}

/// Up to three items and how many more there are.
inline std::string some_of(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(items.size(), 3); ++i) text += (i == 0 ? "" : ", ") + items[i];
  return items.size() <= 3 ? text : sentence(text, " and ", items.size() - 3, " more");
}

/// Refuses a file whose arrays are not exactly the parameters, in one sentence that names them.
inline void require_arrays(const Safetensors& file, const std::string& name, const std::vector<Parameter>& parameters,
                           const std::string& what) {
  std::vector<std::string> missing, misshaped, unexpected;
  std::set<std::string> known;
  for (const Parameter& p : parameters) {
    known.insert(p.name);
    if (!file.contains(p.name))
      missing.push_back(sentence(p.name, " (", extents_text(p.extents), ")"));
    else if (file.extents(p.name) != p.extents)
      misshaped.push_back(
          sentence(p.name, " is ", extents_text(file.extents(p.name)), " instead of ", extents_text(p.extents)));
  }
  for (const std::string& array : file.names())
    if (!known.contains(array) && !array.starts_with("training.")) unexpected.push_back(array);
  if (missing.empty() && misshaped.empty() && unexpected.empty()) return;
  std::string defects;
  const auto add = [&](const char* kind, const std::vector<std::string>& items) {
    if (!items.empty()) defects += sentence(defects.empty() ? "" : "; ", kind, some_of(items));
  };
  add("it lacks ", missing);
  add("misshaped: ", misshaped);
  add("unexpected: ", unexpected);
  throw InputError(sentence(name, ": not the weights of ", what, ": ", defects));
}

}  // namespace detail

/// The weights in a file that is in memory and called `name`, in the order of `parameters`. Arrays called training.*
/// belong to a trainer and are left to it. `what` says whose weights are expected.
/// Errors: InputError that names the arrays that are missing, misshaped, unexpected or not finite.
template <class T>
Buffer<T> read_weights(const Safetensors& file, const std::string& name, const std::vector<Parameter>& parameters,
                       const std::string& what = "the network that reads it") {
  detail::require_arrays(file, name, parameters, what);
  Index count = 0;
  for (const Parameter& p : parameters) count += p.size();
  Buffer<T> weights(count);
  T* next = weights.data();
  for (const Parameter& p : parameters) next = std::ranges::copy(file.values<T>(p.name), next).out;
  return weights;
}

/// Reads the weights of a layer: `read_weights<float>("net.safetensors", parameters_of(net))`.
/// Errors: InputError as above, or when the file cannot be read.
template <class T>
Buffer<T> read_weights(const std::filesystem::path& path, const std::vector<Parameter>& parameters) {
  return read_weights<T>(Safetensors(path), path.string(), parameters);
}

/// A writer that holds weights as float32 and metadata; add what else the file should carry.
/// Errors: ShapeError when the weights are not as many as the parameters ask for; NumericalError when one of them is
/// not finite.
template <class T>
SafetensorsWriter weights_writer(const std::vector<Parameter>& parameters, Input<T> weights,
                                 const std::map<std::string, std::string>& metadata = {}) {
  Index count = 0;
  for (const Parameter& p : parameters) count += p.size();
  require_size(std::ssize(weights), count, "weights_writer", "the list of weights");
  SafetensorsWriter writer;
  for (const auto& [key, value] : metadata) writer.set_metadata(key, value);
  std::size_t begin = 0;
  for (const Parameter& p : parameters) {
    const auto size = static_cast<std::size_t>(p.size());
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) {
      values[i] = static_cast<float>(weights[begin + i]);
      if (!std::isfinite(values[i]))
        throw NumericalError(
            sentence("weights_writer: entry ", i, " of ", p.name, " is ", values[i], ", expected finite weights"));
    }
    writer.add<float>(p.name, values, p.extents);
    begin += size;
  }
  return writer;
}

/// Writes the weights of a layer, atomically: `write_weights<float>("net.safetensors", parameters_of(net), weights)`.
/// Errors: as above; InputError when the file cannot be written.
template <class T>
void write_weights(const std::filesystem::path& path, const std::vector<Parameter>& parameters, Input<T> weights,
                   const std::map<std::string, std::string>& metadata = {}) {
  weights_writer<T>(parameters, weights, metadata).write(path);
}

}  // namespace videoonenet
