// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Models and their weights in safetensors files (SPEC §5): a model rebuilds itself from its file alone.

#include "videoonenet/io/safetensors.hpp"
#include "videoonenet/models/model.hpp"

namespace videoonenet {

/// A model, its weights and all metadata of its file.
template <class T>
struct TrainedModel {
  Model<T> model;
  Buffer<T> parameters;
  Metadata metadata;
};

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
                           const ModelOptions& o) {
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
  const auto add = [&](const char* what, const std::vector<std::string>& items) {
    if (!items.empty()) defects += sentence(defects.empty() ? "" : "; ", what, some_of(items));
  };
  add("it lacks ", missing);
  add("misshaped: ", misshaped);
  add("unexpected: ", unexpected);
  throw InputError(sentence(name, ": not the weights of the ", name_of(o), " with ", o.filters,
                            " filters that its metadata describe: ", defects));
}

}  // namespace detail

/// Rebuilds a model from a file that is in memory and called `name`. Arrays called training.* belong to the trainer and
/// are left to it.
/// Errors: InputError that names the metadata, or the arrays that are missing, misshaped, unexpected or not finite.
template <class T>
TrainedModel<T> read_model(const Safetensors& file, const std::string& name, const ModelRun& run = {}) {
  const ModelOptions options = model_options(file.metadata(), name);
  Model<T> model(options, run);
  const std::vector<Parameter> parameters = model.parameters();
  detail::require_arrays(file, name, parameters, options);
  Buffer<T> weights(model.parameter_count());
  T* next = weights.data();
  for (const Parameter& p : parameters) next = std::ranges::copy(file.values<T>(p.name), next).out;
  return {std::move(model), std::move(weights), file.metadata()};
}

/// Reads a model with its weights.  Errors: InputError as above, or when the file cannot be read.
template <class T>
TrainedModel<T> read_model(const std::filesystem::path& path, const ModelRun& run = {}) {
  return read_model<T>(Safetensors(path), path.string(), run);
}

/// A writer that holds a model: its weights as float32 and its metadata, after `extra` ones of your own; add what else
/// the file should carry.
/// Errors: ShapeError when the weights are not as many as the model's; NumericalError when one of them is not finite.
template <class T>
SafetensorsWriter model_writer(const Model<T>& model, std::span<const T> weights, const Metadata& extra = {}) {
  require_size(std::ssize(weights), model.parameter_count(), "write_model", "the list of weights");
  SafetensorsWriter writer;
  for (const auto& [key, value] : extra) writer.set_metadata(key, value);
  for (const auto& [key, value] : metadata_of(model.options())) writer.set_metadata(key, value);
  std::size_t begin = 0;
  for (const Parameter& p : model.parameters()) {
    const auto size = static_cast<std::size_t>(p.size());
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) {
      values[i] = static_cast<float>(weights[begin + i]);
      if (!std::isfinite(values[i]))
        throw NumericalError(
            sentence("write_model: entry ", i, " of ", p.name, " is ", values[i], ", expected finite weights"));
    }
    writer.add<float>(p.name, values, p.extents);
    begin += size;
  }
  return writer;
}

/// Writes a model with its weights, atomically.  Errors: as above; InputError when the file cannot be written.
template <class T>
void write_model(const std::filesystem::path& path, const Model<T>& model, Input<T> weights,
                 const Metadata& extra = {}) {
  model_writer<T>(model, weights, extra).write(path);
}

}  // namespace videoonenet
