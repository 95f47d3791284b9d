// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// InverseNet in a safetensors file, from which alone it rebuilds itself.

#include "videoonenet/models/inverse_net.hpp"
#include "videoonenet/models/model_options.hpp"
#include "videoonenet/models/weights_file.hpp"

namespace videoonenet {

/// The sizes of an InverseNet, its weights and all metadata of its file.
template <class T>
using TrainedInverseNet = TrainedLayer<T, InverseNetOptions>;

/// What a file's metadata call it; see `describes`.
inline constexpr const char* inverse_net_model = "inverse_net";

/// The metadata that describe an InverseNet: write its weights with them.
/// Errors: InputError for one that does not return as many channels as it takes, or with a condition.
inline Metadata inverse_net_metadata(const InverseNetOptions& o) {
  require_valid(o, "inverse_net_metadata");
  if (o.inversion.in != o.inversion.out || o.denoiser.condition != 0)
    throw InputError(sentence("inverse_net_metadata: an InverseNet from ", o.inversion.in, " channels to ",
                              o.inversion.out, ", with a condition of ", o.denoiser.condition,
                              ", expected as many as it is given and no condition"));
  return {{"format", "videoonenet"},
          {"version", "1"},
          {"model", inverse_net_model},
          {"channels", sentence(o.inversion.in)},
          {"levels", sentence(o.inversion.levels)},
          {"filters", sentence(o.inversion.filters)},
          {"denoiser_factor", sentence(o.denoiser.factor)},
          {"denoiser_filters", sentence(o.denoiser.filters)},
          {"denoiser_kernel", sentence(o.denoiser.kernel)}};
}

/// The sizes that metadata describe; absent keys take the paper's.
/// Errors: InputError naming `where` and the key that is missing, unknown or out of range.
inline InverseNetOptions inverse_net_options(const Metadata& metadata, const std::string& where) {
  const detail::MetadataReader read(metadata, where);
  read.model({inverse_net_model});
  InverseNetOptions o;
  read.number<Index>("channels", 1, 4096, o.inversion.in);
  read.number<Index>("levels", 1, 30, o.inversion.levels);
  read.number<Index>("filters", 1, 16384, o.inversion.filters);
  read.number<Index>("denoiser_factor", 1, 256, o.denoiser.factor);
  read.number<Index>("denoiser_filters", 1, 16384, o.denoiser.filters);
  read.number<Index>("denoiser_kernel", 1, 127, o.denoiser.kernel);
  o.inversion.out = o.denoiser.channels = o.inversion.in;
  return o;
}

/// Rebuilds an InverseNet from a file that is in memory and called `name`. Arrays called training.* are left to a
/// trainer. Errors: InputError that names the metadata, or the arrays that are missing, misshaped, unexpected or not
/// finite.
template <class T>
TrainedInverseNet<T> read_inverse_net(const Safetensors& file, const std::string& name) {
  const InverseNetOptions sizes = inverse_net_options(file.metadata(), name);
  Buffer<T> weights = read_weights<T>(file, name, parameters_of(inverse_net<T>(sizes)),
                                      sentence("the InverseNet of ", sizes.inversion.levels, " levels and ",
                                               sizes.inversion.filters, " filters that its metadata describe"));
  return {sizes, std::move(weights), file.metadata()};
}

/// Reads an InverseNet.  Errors: InputError as above, or when the file cannot be read.
template <class T>
TrainedInverseNet<T> read_inverse_net(const std::filesystem::path& path) {
  return read_inverse_net<T>(Safetensors(path), path.string());
}

}  // namespace videoonenet
