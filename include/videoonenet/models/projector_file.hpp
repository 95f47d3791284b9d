// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// OneNet's projection network in a safetensors file, from which alone it rebuilds itself.

#include "videoonenet/models/image_projector.hpp"
#include "videoonenet/models/model_options.hpp"
#include "videoonenet/models/weights_file.hpp"

namespace videoonenet {

/// A projector's sizes, its weights and all metadata of its file.
template <class T>
using TrainedProjector = TrainedLayer<T, ImageAutoencoderOptions>;

/// What a file's metadata call it; see `describes`.
inline constexpr const char* projector_model = "projector";

/// The metadata that describe a projector: write its weights with them.  Errors: InputError when it does not return as
/// many channels as it takes.
inline Metadata projector_metadata(const ImageAutoencoderOptions& o) {
  if (o.in != o.out)
    throw InputError(sentence("projector_metadata: a projector from ", o.in, " channels to ", o.out,
                              ", expected as many as it is given"));
  return {{"format", "videoonenet"},        {"version", "1"},
          {"model", projector_model},       {"channels", sentence(o.in)},
          {"filters", sentence(o.filters)}, {"height", sentence(o.h)},
          {"width", sentence(o.w)}};
}

/// The sizes that metadata describe; absent keys take the paper's.
/// Errors: InputError naming `where` and the key that is missing, unknown or out of range.
inline ImageAutoencoderOptions projector_options(const Metadata& metadata, const std::string& where) {
  const detail::MetadataReader read(metadata, where);
  read.model({projector_model});
  ImageAutoencoderOptions o;
  read.number<Index>("channels", 1, 4096, o.in);
  read.number<Index>("filters", 1, 16384, o.filters);
  read.number<Index>("height", 8, 4096, o.h);
  read.number<Index>("width", 8, 4096, o.w);
  o.out = o.in;
  return o;
}

/// Rebuilds a projector from a file that is in memory and called `name`. Arrays called training.* are left to a
/// trainer. Errors: InputError that names the metadata, or the arrays that are missing, misshaped, unexpected or not
/// finite.
template <class T>
TrainedProjector<T> read_projector(const Safetensors& file, const std::string& name) {
  const ImageAutoencoderOptions sizes = projector_options(file.metadata(), name);
  Buffer<T> weights =
      read_weights<T>(file, name, image_projector<T>(sizes).parameters(),
                      sentence("the projector with ", sizes.filters, " filters that its metadata describe"));
  return {sizes, std::move(weights), file.metadata()};
}

/// Reads a projector.  Errors: InputError as above, or when the file cannot be read.
template <class T>
TrainedProjector<T> read_projector(const std::filesystem::path& path) {
  return read_projector<T>(Safetensors(path), path.string());
}

}  // namespace videoonenet
