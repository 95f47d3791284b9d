// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Both networks of Inf-ADMM-ADNN in a safetensors file, from which alone they rebuild themselves.

#include "videoonenet/models/inf_admm_adnn.hpp"
#include "videoonenet/models/model_options.hpp"
#include "videoonenet/models/weights_file.hpp"

namespace videoonenet {

/// An Inf-ADMM-ADNN whose inverse is linear, as an inverse is: what files hold.
template <class T>
using InfAdmmSizes = InfAdmmAdnnOptions<T, Linear>;
/// Its sizes, its weights, the denoiser's and behind them the inverse's, and all metadata of its file.
template <class T>
using TrainedInfAdmm = TrainedLayer<T, InfAdmmSizes<T>>;

/// What a file's metadata call it; see `describes`.
inline constexpr const char* inf_admm_model = "inf_admm";

/// All parameters in the order of the weights: denoiser.… and inverse.….
template <class T>
std::vector<Parameter> inf_admm_parameters(const InfAdmmSizes<T>& o) {
  std::vector<Parameter> all;
  append_parameters(all, "denoiser", parameters_of(pixel_shuffle_denoiser_core<T>(o.denoiser)));
  append_parameters(all, "inverse", o.inverse.parameters());
  return all;
}

/// The metadata that describe it: write its weights with them.
/// Errors: InputError for what files do not hold: another form than the residual's, other than two convolutions the
/// second of which has twice the filters, and an inverse for other channels than the denoiser's condition.
template <class T>
Metadata inf_admm_metadata(const InfAdmmSizes<T>& o) {
  const auto& filters = o.inverse.filters;
  if (o.form != InverseForm::residual || filters.size() != 2 || filters[1] != 2 * filters[0] ||
      o.inverse.channels != o.denoiser.condition)
    throw InputError(
        "inf_admm_metadata: files hold inverses in the residual's form, of two convolutions, the second with twice the "
        "filters, for as many channels as the denoiser's condition; this one is another");
  return {{"format", "videoonenet"},
          {"version", "1"},
          {"model", inf_admm_model},
          {"channels", sentence(o.denoiser.channels)},
          {"measured_channels", sentence(o.inverse.channels)},
          {"factor", sentence(o.denoiser.factor)},
          {"denoiser_filters", sentence(o.denoiser.filters)},
          {"denoiser_kernel", sentence(o.denoiser.kernel)},
          {"inverse_filters", sentence(o.inverse.filters[0])},
          {"inverse_kernel", sentence(o.inverse.kernel)},
          {"rho", detail::exact_text(static_cast<double>(o.rho))}};
}

/// The sizes that metadata describe; absent keys take the paper's.
/// Errors: InputError naming `where` and the key that is missing, unknown or out of range.
template <class T>
InfAdmmSizes<T> inf_admm_sizes(const Metadata& metadata, const std::string& where) {
  const detail::MetadataReader read(metadata, where);
  read.model({inf_admm_model});
  InfAdmmSizes<T> o;
  read.number<Index>("channels", 1, 4096, o.denoiser.channels);
  o.denoiser.condition = o.denoiser.channels;
  read.number<Index>("measured_channels", 1, 4096, o.denoiser.condition);
  read.number<Index>("factor", 1, 256, o.denoiser.factor);
  read.number<Index>("denoiser_filters", 1, 16384, o.denoiser.filters);
  read.number<Index>("denoiser_kernel", 1, 127, o.denoiser.kernel);
  read.number<Index>("inverse_filters", 1, 16384, o.inverse.filters[0]);
  o.inverse.filters[1] = 2 * o.inverse.filters[0];
  read.number<Index>("inverse_kernel", 1, 127, o.inverse.kernel);
  double rho = static_cast<double>(o.rho);
  read.number<double>("rho", 1e-30, 1e30, rho);
  o.rho = static_cast<T>(rho);
  o.inverse.channels = o.denoiser.condition;
  return o;
}

/// Rebuilds it from a file that is in memory and called `name`. Arrays called training.* are left to a trainer.
/// Errors: InputError that names the metadata, or the arrays that are missing, misshaped, unexpected or not finite.
template <class T>
TrainedInfAdmm<T> read_inf_admm(const Safetensors& file, const std::string& name) {
  const InfAdmmSizes<T> sizes = inf_admm_sizes<T>(file.metadata(), name);
  Buffer<T> weights =
      read_weights<T>(file, name, inf_admm_parameters(sizes), "the Inf-ADMM-ADNN that its metadata describe");
  return {sizes, std::move(weights), file.metadata()};
}

/// Reads it.  Errors: InputError as above, or when the file cannot be read.
template <class T>
TrainedInfAdmm<T> read_inf_admm(const std::filesystem::path& path) {
  return read_inf_admm<T>(Safetensors(path), path.string());
}

}  // namespace videoonenet
