// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Models and their weights in safetensors files (SPEC §5): a model rebuilds itself from its file alone.

#include "videoonenet/models/model.hpp"
#include "videoonenet/models/weights_file.hpp"

namespace videoonenet {

/// A model, its weights and all metadata of its file.
template <class T>
struct TrainedModel {
  Model<T> model;
  Buffer<T> parameters;
  Metadata metadata;
};

/// Rebuilds a model from a file that is in memory and called `name`. Arrays called training.* belong to the trainer and
/// are left to it.
/// Errors: InputError that names the metadata, or the arrays that are missing, misshaped, unexpected or not finite.
template <class T>
TrainedModel<T> read_model(const Safetensors& file, const std::string& name, const ModelRun& run = {}) {
  const ModelOptions options = model_options(file.metadata(), name);
  Model<T> model(options, run);
  Buffer<T> weights = read_weights<T>(
      file, name, model.parameters(),
      sentence("the ", name_of(options), " with ", options.filters, " filters that its metadata describe"));
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
  Metadata all = extra;
  for (const auto& [key, value] : metadata_of(model.options())) all[key] = value;
  return weights_writer<T>(model.parameters(), weights, all);
}

/// Writes a model with its weights, atomically.  Errors: as above; InputError when the file cannot be written.
template <class T>
void write_model(const std::filesystem::path& path, const Model<T>& model, Input<T> weights,
                 const Metadata& extra = {}) {
  model_writer<T>(model, weights, extra).write(path);
}

}  // namespace videoonenet
