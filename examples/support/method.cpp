// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// The methods' options, defaults and names.

#include "support/method.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "support/network_method.hpp"
#include "videoonenet/models/inverse_net_file.hpp"
#include "videoonenet/models/projector_file.hpp"

namespace program {

std::optional<double> Method::effective_lambda() const {
  if (name == "network" || name == "least_squares" || name == "tikhonov" || name == "bicubic") return std::nullopt;
  if (lambda) return lambda;
  if (name == "wiener") return 1e-6 + noise_sigma * noise_sigma / 0.0625;  // variance of a typical picture
  if (name == "tv") return 0.002 + 0.4 * noise_sigma;
  return levels == "published" ? 0.05 : 0.003 + 1.2 * noise_sigma;
}

std::optional<double> Method::effective_rho() const {
  if (network) return network->model().options().rho;
  if (inverse_net) return std::nullopt;
  if (inf_admm) return inf_admm->sizes().rho;
  if (name == "least_squares" || name == "wiener" || name == "bicubic") return std::nullopt;
  if (rho) return rho;
  // The papers' 0.3, and less where it lets a prior spread into large holes within a few hundred iterations.
  return name == "tv" ? 0.03 : name == "wavelet" && levels != "published" ? 0.1 : 0.3;
}

namespace {

/// Calls body(what the file of the method network holds) if there is one.
template <class Body>
void with_file(const Method& m, Body&& body) {
  if (m.network) body(*m.network);
  if (m.projector) body(*m.projector);
  if (m.inverse_net) body(*m.inverse_net);
  if (m.inf_admm) body(*m.inf_admm);
}

}  // namespace

std::string Method::label() const {
  std::string label = name;
  with_file(*this, [&](const auto& file) { label = file.name(); });
  return label;
}

std::string Method::weights_path() const {
  std::string path;
  with_file(*this, [&](const auto& file) { path = file.path(); });
  return path;
}

void Method::require_video(const Cpu& ex, const Shape& video, Index hop) const {
  if (network) network->require_video(ex, video, hop);
  if (projector) projector->require_video(video);
  if (inverse_net) inverse_net->require_video(video);
  if (inf_admm) inf_admm->require_video(video);
}

void add_method_options(CommandLine& app, Method& m) {
  app.add_option("--weights", m.weights,
                 ".safetensors of the method network, which train, pretrain or you have written")
      .type_name("PATH");
  app.add_option("--tile", m.tile,
                 "apply networks to overlapping tiles of HxW pixels or TxHxW entries and blend them, which bounds the "
                 "memory [whole videos]")
      .type_name("HxW");
  app.add_option("--rho", m.rho,
                 "penalty of ADMM, weight of tikhonov [tikhonov, projectors and wavelet with --levels published 0.3, "
                 "wavelet 0.1, tv 0.03]")
      .type_name("X")
      .check(positive());
  app.add_option(
         "--lambda", m.lambda,
         "weight of the prior, or the noise-to-signal ratio of wiener [for noise S: wavelet 0.003 + 1.2 S, with "
         "--levels published 0.05; tv 0.002 + 0.4 S; wiener 1e-6 + 16 S^2]")
      .type_name("X")
      .check(non_negative());
  app.add_option("--levels", m.levels,
                 "levels of the wavelet: auto (as many as each axis has), published (one number for all axes, as "
                 "PyWavelets' wavedecn(level=None)), or t,h,w")
      .capture_default_str();
  app.add_option("--wavelet", m.wavelet, "haar, db1 to db8; with --levels auto the time axis uses haar")
      .type_name("NAME")
      .capture_default_str();
  app.add_option("--iterations", m.iterations, "most iterations of ADMM")
      .type_name("N")
      .check(whole(1, 1000000))
      .capture_default_str();
  app.add_option("--tolerance", m.tolerance, "ADMM stops when RMS(x - z) is below; 0 runs all iterations")
      .type_name("X")
      .check(non_negative())
      .capture_default_str();
  app.add_option("--relaxation", m.relaxation, "over-relaxation of ADMM, between 0 and 2")
      .type_name("X")
      .check(number("a number between 0 and 2", [](double v) { return v > 0 && v < 2; }))
      .capture_default_str();
  app.add_option("--cg-tolerance", m.cg_tolerance, "relative residual at which an iterative data step stops")
      .type_name("X")
      .check(positive())
      .capture_default_str();
  app.add_option("--memory-budget", m.memory_budget_mib,
                 "largest factorisation of a data step, beyond it conjugate gradients [MiB]")
      .type_name("N")
      .check(whole<Index>(0, Index(1) << 20))
      .capture_default_str();
}

Method named_method(Method m, const std::string& name) {
  const bool known = std::ranges::find(method_names, name) != method_names.end();
  const bool file = !known && (name.ends_with(".safetensors") || std::filesystem::is_regular_file(name));
  if (!known && !file) {
    std::string names;
    for (const char* n : method_names) names += (names.empty() ? "" : ", ") + std::string(n);
    throw InputError(sentence("the method \"", name, "\" is unknown, expected one of ", names, ", or a .safetensors"));
  }
  m.name = file ? "network" : name;
  if (m.name != "network") return m;
  const std::string path = file ? name : m.weights;
  if (path.empty()) throw InputError("the method network needs --weights, the .safetensors of a model");
  const Safetensors weights(path);
  if (describes(weights.metadata(), projector_model))
    m.projector = std::make_shared<const ProjectorMethod>(path, weights);
  else if (describes(weights.metadata(), inverse_net_model))
    m.inverse_net = std::make_shared<const InverseNetMethod>(path, weights);
  else if (describes(weights.metadata(), inf_admm_model))
    m.inf_admm = std::make_shared<const InfAdmmMethod>(path, weights);
  else
    m.network =
        std::make_shared<const NetworkMethod>(path, weights, ModelRun{parse_tiles(m.tile), m.solver(), m.on_tile});
  return m;
}

StreamOptions WindowOptions::stream() const {
  if (!frames && (hop || warm_start))
    throw InputError(sentence(hop ? "--hop" : "--warm-start", " is for restoring by windows, but --window is missing"));
  StreamOptions options{.hop = hop.value_or(std::max<Index>(1, frames.value_or(1) / 2))};
  if (frames && options.hop > *frames)
    throw InputError(sentence("--hop is ", options.hop, ", expected at most the --window of ", *frames, " frames"));
  if (!warm_start) return options;
  options.warm.emplace();
  std::istringstream list(*warm_start);
  for (std::string name; std::getline(list, name, ',') && *warm_start != "none";)
    if (name == "z")
      options.warm->z = true;
    else if (name == "u")
      options.warm->u = true;
    else if (name == "states")
      options.warm->recurrent = true;
    else
      throw InputError(sentence("--warm-start is \"", *warm_start, "\", expected none or a list of z, u and states"));
  return options;
}

void add_window_options(CommandLine& app, WindowOptions& o) {
  app.add_option("--window", o.frames,
                 "restore a long video by windows of this many frames, which bounds the memory and the delay; for "
                 "network, wavelet and tv, and problems that do not mix frames [the whole video at once]")
      .type_name("T")
      .check(whole<Index>(1));
  app.add_option("--hop", o.hop,
                 "frames from one window to the next; where windows overlap they are blended [half a window]")
      .type_name("N")
      .check(whole<Index>(1));
  app.add_option("--warm-start", o.warm_start,
                 "what a window takes over from the one before: none, or some of z,u,states (states of a network's "
                 "forward recurrent cells) [network none, wavelet and tv z,u]")
      .type_name("LIST");
}

}  // namespace program
