// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Everything a training goes on from, as one safetensors file.

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/io/safetensors.hpp"
#include "videoonenet/train/early_stopping.hpp"
#include "videoonenet/train/training_history.hpp"

namespace videoonenet {

/// The state of a training between two steps: with the options, all that its further course depends on.
template <class T>
struct TrainingState {
  Buffer<T> parameters{};        ///< θ
  Buffer<T> optimizer{};         ///< the optimiser's arrays, one after the other
  Buffer<T> best{};              ///< θ of the lowest validation loss; empty before the first validation
  Index step = 0;                ///< updates made
  double loss_sum = 0;           ///< over the steps of the present epoch
  double gradient_norm_sum = 0;  ///< likewise
  EarlyStopping stopping{};
  std::vector<EpochRecord> history{};

  /// Epochs finished, validation included.
  Index epochs() const { return std::ssize(history); }

  /// Ends an epoch of `steps` steps: adds its record, completed by what the steps came to, and keeps θ if its
  /// validation loss is the lowest. Returns whether it is.
  bool finish_epoch(EpochRecord record, Index steps) {
    record.epoch = epochs() + 1;
    record.step = step;
    record.training_loss = loss_sum / double(steps);
    record.gradient_norm = gradient_norm_sum / double(steps);
    const bool is_best = stopping.improves(record.validation_loss);
    if (is_best) best = parameters;
    history.push_back(record);
    loss_sum = gradient_norm_sum = 0;
    return is_best;
  }
  /// Whether all weights, and all that the optimiser keeps, are finite.
  bool is_finite() const {
    const auto good = [](T v) { return std::isfinite(v); };
    return std::ranges::all_of(parameters, good) && std::ranges::all_of(optimizer, good);
  }
};

/// A state as read from a file, with the file's metadata.
template <class T>
struct SavedTraining {
  TrainingState<T> state;
  std::map<std::string, std::string> metadata;
};

namespace detail {

/// FNV-1a over names, metadata and bytes, in a fixed order: a damaged file is not mistaken for a state.
class Checksum {
 public:
  void add(std::string_view text) {
    for (char c : text) add(static_cast<std::uint8_t>(c));
    add(std::uint8_t(0));
  }
  void add(std::span<const std::uint8_t> bytes) {
    for (std::uint8_t b : bytes) add(b);
  }
  std::string text() const {
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash_));
    return hex;
  }

 private:
  void add(std::uint8_t b) { hash_ = (hash_ ^ b) * 1099511628211u; }
  std::uint64_t hash_ = 14695981039346656037u;
};

inline constexpr const char* checksum_key = "training.checksum";

/// The checksum of everything in a file but the checksum itself.
inline std::string checksum_of(const Safetensors& file) {
  Checksum sum;
  for (const auto& [key, value] : file.metadata()) {
    if (key == checksum_key) continue;
    sum.add(key);
    sum.add(value);
  }
  for (const std::string& name : file.names()) {
    sum.add(name);
    sum.add(file.raw(name).bytes);
  }
  return sum.text();
}

/// Parameters under their names, in their own precision, with metadata.
template <class T>
SafetensorsWriter exact_writer(const std::vector<Parameter>& parameters, std::span<const T> values,
                               const std::map<std::string, std::string>& metadata) {
  Index count = 0;
  for (const Parameter& p : parameters) count += p.size();
  require_size(std::ssize(values), count, "a file of weights", "the list of parameters");
  SafetensorsWriter writer;
  for (const Parameter& p : parameters) {
    const auto size = static_cast<std::size_t>(p.size());
    writer.add(p.name, values.first(size), p.extents);
    values = values.subspan(size);
  }
  for (const auto& [key, value] : metadata) writer.set_metadata(key, value);
  return writer;
}

/// Array `name` of a state, in its own precision and of the expected size.
template <class T>
Buffer<T> state_array(const Safetensors& file, const std::string& path, const std::string& name, Index size) {
  const RawArray& raw = file.raw(name);
  const Index count = entry_count(raw.extents, name);
  if (count != size)
    throw InputError(sentence(path, ": the array \"", name, "\" has ", count, " entries, expected ", size,
                              "; was it trained with other options?"));
  if (raw.type != number_type_of<T>())
    throw InputError(sentence(path, ": the array \"", name, "\" has numbers of ", bytes_of(raw.type),
                              " bytes, expected ", sizeof(T), " bytes"));
  return file.values<T>(name, NonFinite::allow);
}

/// A count that a file holds as a double.
inline Index whole_number(double value, const std::string& path, const char* what) {
  if (!(value >= 0 && value < 9e15 && value == std::floor(value)))
    throw InputError(sentence(path, ": ", what, " is ", value, ", expected a whole number"));
  return static_cast<Index>(value);
}

}  // namespace detail

/// Writes parameters under their names, atomically, with all their bits; `write_weights` of models/ writes float32, as
/// files that are handed on have it (SPEC §5).
/// Errors: ShapeError when there are not as many values as parameters; InputError when the file cannot be written.
template <class T>
void write_exact_weights(const std::filesystem::path& path, const std::vector<Parameter>& parameters,
                         std::span<T> values, const std::map<std::string, std::string>& metadata = {}) {
  detail::exact_writer<std::remove_const_t<T>>(parameters, values, metadata).write(path);
}

/// Writes a state, atomically: the parameters under their own names, as in a weights file, so that with the model's
/// metadata it is one; all else under "training." names. Every number is written with all its bits.
/// Errors: ShapeError when the state does not fit the parameters; InputError when the file cannot be written.
template <class T, std::size_t S>
void write_training_state(const std::filesystem::path& path, const std::vector<Parameter>& parameters,
                          const std::array<std::string_view, S>& optimizer_names, const TrainingState<T>& state,
                          const std::map<std::string, std::string>& metadata = {}) {
  SafetensorsWriter writer = detail::exact_writer(parameters, state.parameters.span(), metadata);
  const Index offset = state.parameters.size();
  require_size(state.optimizer.size(), Index(S) * offset, "write_training_state", "the optimiser's state");
  for (std::size_t i = 0; i < S; ++i)
    writer.add(sentence("training.optimizer.", optimizer_names[i]),
               state.optimizer.span().subspan(i * std::size_t(offset), std::size_t(offset)), {offset});
  writer.add("training.best", state.best.span(), {state.best.size()});
  const std::array progress{double(state.step), state.loss_sum, state.gradient_norm_sum, state.stopping.best_loss,
                            double(state.stopping.epochs_since_best)};
  writer.add("training.progress", std::span<const double>(progress), {std::ssize(progress)});
  std::vector<double> rows;
  for (const EpochRecord& r : state.history)
    rows.insert(rows.end(), {double(r.epoch), double(r.step), r.training_loss, r.validation_loss, r.validation_psnr,
                             r.gradient_norm, r.videos_per_second});
  writer.add("training.history", std::span<const double>(rows), {state.epochs(), EpochRecord::fields});
  const Safetensors plain(writer.bytes(), path.string());
  writer.set_metadata(detail::checksum_key, detail::checksum_of(plain));
  writer.write(path);
}

/// Reads what write_training_state wrote, to the bit.
/// Errors: InputError naming the file and what is wrong: missing, truncated, damaged, not a state, or of another model.
template <class T, std::size_t S>
SavedTraining<T> read_training_state(const std::filesystem::path& path, const std::vector<Parameter>& parameters,
                                     const std::array<std::string_view, S>& optimizer_names) {
  const Safetensors file(path);
  const std::string name = path.string();
  if (!file.contains("training.progress"))
    throw InputError(sentence(name, ": holds no state of a training; is it a file of weights alone?"));
  const auto recorded = file.metadata().find(detail::checksum_key);
  if (recorded == file.metadata().end() || recorded->second != detail::checksum_of(file))
    throw InputError(sentence(name, ": is damaged, its checksum does not fit its contents"));

  SavedTraining<T> saved{{}, file.metadata()};
  saved.metadata.erase(detail::checksum_key);
  TrainingState<T>& s = saved.state;
  Index count = 0;
  for (const Parameter& p : parameters) count += p.size();
  s.parameters = Buffer<T>(count);
  Index offset = 0;
  for (const Parameter& p : parameters) {
    if (file.extents(p.name) != p.extents)
      throw InputError(sentence(name, ": the array \"", p.name, "\" has another shape than the model's parameter"));
    const Buffer<T> values = detail::state_array<T>(file, name, p.name, p.size());
    std::ranges::copy(values, s.parameters.data() + offset);
    offset += p.size();
  }
  s.optimizer = Buffer<T>(Index(S) * count);
  for (std::size_t i = 0; i < S; ++i) {
    const auto values = detail::state_array<T>(file, name, sentence("training.optimizer.", optimizer_names[i]), count);
    std::ranges::copy(values, s.optimizer.data() + Index(i) * count);
  }
  const bool has_best = entry_count(file.extents("training.best"), name) > 0;
  s.best = detail::state_array<T>(file, name, "training.best", has_best ? count : 0);

  const auto progress = detail::state_array<double>(file, name, "training.progress", 5);
  s.step = detail::whole_number(progress[0], name, "the number of steps");
  s.loss_sum = progress[1];
  s.gradient_norm_sum = progress[2];
  s.stopping.best_loss = progress[3];
  s.stopping.epochs_since_best = detail::whole_number(progress[4], name, "the number of epochs since the best");
  const auto& extents = file.extents("training.history");
  if (extents.size() != 2 || extents[1] != EpochRecord::fields)
    throw InputError(sentence(name, ": the history is not a table of ", EpochRecord::fields, " columns"));
  const auto rows = detail::state_array<double>(file, name, "training.history", extents[0] * EpochRecord::fields);
  for (Index i = 0; i < extents[0]; ++i) {
    const double* r = rows.data() + i * EpochRecord::fields;
    s.history.push_back({detail::whole_number(r[0], name, "an epoch"), detail::whole_number(r[1], name, "a step"), r[2],
                         r[3], r[4], r[5], r[6]});
  }
  return saved;
}

}  // namespace videoonenet
