// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The restoration methods the programs offer, by name and with their options.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/network_method.hpp"
#include "support/program.hpp"
#include "support/window_method.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace program {

using namespace videoonenet;

/// Names of the methods, as --method takes them.
inline constexpr std::array method_names{"least_squares", "tikhonov", "wavelet", "tv", "wiener", "bicubic", "network"};

/// A method and its options; unset numbers take the method's own default.
struct Method {
  std::string name = "wavelet";
  std::string weights;                           ///< file of the network
  std::string tile;                              ///< of the network, HxW or TxHxW; empty: whole videos
  std::function<void()> on_tile;                 ///< called whenever a net of the network has restored a tile
  std::shared_ptr<const NetworkMethod> network;  ///< of the method network, once it is loaded
  WindowOptions windows;                         ///< of long videos
  std::optional<double> rho;                     ///< ADMM penalty, Tikhonov weight; unset: the method's default
  std::optional<double> lambda;                  ///< weight of the prior; unset: the method's default
  std::string levels = "auto";
  std::string wavelet = "db4";
  int iterations = 300;
  double tolerance = 1e-6;  ///< ADMM stops when RMS(x − z) falls below
  double relaxation = 1;
  double cg_tolerance = 1e-6;
  Index memory_budget_mib = 256;
  double noise_sigma = 0;  ///< standard deviation of the measurement noise, as far as it is known

  /// The weight of the prior in effect; none where the method has no such number.
  ///
  /// The defaults grow with the noise; their constants were chosen on Rotated MNIST and a UCF-101 clip. The published
  /// wavelet baseline has one weight for everything.
  std::optional<double> effective_lambda() const {
    if (network || name == "least_squares" || name == "tikhonov" || name == "bicubic") return std::nullopt;
    if (lambda) return lambda;
    if (name == "wiener") return 1e-6 + noise_sigma * noise_sigma / 0.0625;  // variance of a typical picture
    if (name == "tv") return 0.002 + 0.4 * noise_sigma;
    return levels == "published" ? 0.05 : 0.003 + 1.2 * noise_sigma;
  }
  /// The penalty in effect; none where the method has no such number.
  std::optional<double> effective_rho() const {
    if (network) return network->model().options().rho;
    if (name == "least_squares" || name == "wiener" || name == "bicubic") return std::nullopt;
    if (rho) return rho;
    // The papers' 0.3, and less where it lets a prior spread into large holes within a few hundred iterations.
    return name == "tv" ? 0.03 : name == "wavelet" && levels != "published" ? 0.1 : 0.3;
  }
  /// What tables and pictures call it.
  std::string label() const { return network ? network->name() : name; }
  SolverOptions solver() const { return {.tolerance = cg_tolerance, .memory_budget = memory_budget_mib << 20}; }
};

/// Adds the options of a method, --method aside, to a program.
inline void add_method_options(CLI::App& app, Method& m) {
  app.add_option("--weights", m.weights, ".safetensors of the method network, a model that train or you have written")
      ->type_name("PATH");
  app.add_option("--tile", m.tile,
                 "apply networks to overlapping tiles of HxW pixels or TxHxW entries and blend them, which bounds the "
                 "memory [whole videos]")
      ->type_name("HxW");
  app.add_option(
         "--rho", m.rho,
         "penalty of ADMM, weight of tikhonov [tikhonov and wavelet with --levels published 0.3, wavelet 0.1, tv 0.03]")
      ->type_name("X")
      ->check(positive());
  app.add_option(
         "--lambda", m.lambda,
         "weight of the prior, or the noise-to-signal ratio of wiener [for noise S: wavelet 0.003 + 1.2 S, with "
         "--levels published 0.05; tv 0.002 + 0.4 S; wiener 1e-6 + 16 S^2]")
      ->type_name("X")
      ->check(non_negative());
  app.add_option("--levels", m.levels,
                 "levels of the wavelet: auto (as many as each axis has), published (one number for all axes, as "
                 "PyWavelets' wavedecn(level=None)), or t,h,w")
      ->capture_default_str();
  app.add_option("--wavelet", m.wavelet, "haar, db1 to db8; with --levels auto the time axis uses haar")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--iterations", m.iterations, "most iterations of ADMM")
      ->type_name("N")
      ->check(whole(1, 1000000))
      ->capture_default_str();
  app.add_option("--tolerance", m.tolerance, "ADMM stops when RMS(x - z) is below; 0 runs all iterations")
      ->type_name("X")
      ->check(non_negative())
      ->capture_default_str();
  app.add_option("--relaxation", m.relaxation, "over-relaxation of ADMM, between 0 and 2")
      ->type_name("X")
      ->check(number("a number between 0 and 2", [](double v) { return v > 0 && v < 2; }))
      ->capture_default_str();
  app.add_option("--cg-tolerance", m.cg_tolerance, "relative residual at which an iterative data step stops")
      ->type_name("X")
      ->check(positive())
      ->capture_default_str();
  app.add_option("--memory-budget", m.memory_budget_mib,
                 "largest factorisation of a data step, beyond it conjugate gradients [MiB]")
      ->type_name("N")
      ->check(whole<Index>(0, Index(1) << 20))
      ->capture_default_str();
}

/// The method told how noisy the measurement is.
inline Method for_noise(Method m, double noise_sigma) {
  m.noise_sigma = noise_sigma;
  return m;
}

/// The method `name` of a command line with the options of m: one of method_names, or the weights file of a network.
/// Errors: InputError for an unknown method, listing the known ones, and for a file that is no model.
inline Method named_method(Method m, const std::string& name) {
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
  m.network = std::make_shared<const NetworkMethod>(path, ModelRun{parse_tiles(m.tile), m.solver(), m.on_tile});
  return m;
}

}  // namespace program
