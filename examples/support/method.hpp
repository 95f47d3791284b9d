// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The restoration methods the programs offer, by name and with their options.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "support/command_line.hpp"
#include "support/window_method.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace program {

using namespace videoonenet;

class NetworkMethod;
class ProjectorMethod;
class InverseNetMethod;
class InfAdmmMethod;

/// Names of the methods, as --method takes them.
inline constexpr std::array method_names{"least_squares", "tikhonov", "wavelet", "tv", "wiener", "bicubic", "network"};

/// A method and its options; unset numbers take the method's own default.
struct Method {
  std::string name = "wavelet";
  std::string weights;                                  ///< file of the network
  std::string tile;                                     ///< of the network, HxW or TxHxW; empty: whole videos
  std::function<void()> on_tile;                        ///< called whenever a net of the network has restored a tile
  std::shared_ptr<const NetworkMethod> network;         ///< of the method network, once it is loaded
  std::shared_ptr<const ProjectorMethod> projector;     ///< of the method network, where its file holds a projector
  std::shared_ptr<const InverseNetMethod> inverse_net;  ///< likewise an InverseNet
  std::shared_ptr<const InfAdmmMethod> inf_admm;        ///< likewise the networks of Inf-ADMM
  WindowOptions windows;                                ///< of long videos
  std::optional<double> rho;                            ///< ADMM penalty, Tikhonov weight; unset: the method's default
  std::optional<double> lambda;                         ///< weight of the prior; unset: the method's default
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
  std::optional<double> effective_lambda() const;
  /// The penalty in effect; none where the method has no such number.
  std::optional<double> effective_rho() const;
  /// What tables and pictures call it.
  std::string label() const;
  /// The file of the method network, once it is loaded.
  std::string weights_path() const;
  /// Errors: InputError when the method is a network that does not restore such videos.
  void require_video(const Cpu& ex, const Shape& video, Index hop = 0) const;
  SolverOptions solver() const { return {.tolerance = cg_tolerance, .memory_budget = memory_budget_mib << 20}; }
};

/// Adds the options of a method, --method aside, to a program.
void add_method_options(CommandLine& app, Method& m);

/// The method told how noisy the measurement is.
inline Method for_noise(Method m, double noise_sigma) {
  m.noise_sigma = noise_sigma;
  return m;
}

/// The method `name` of a command line with the options of m: one of method_names, or the weights file of a network.
/// Errors: InputError for an unknown method, listing the known ones, and for a file that is no model.
Method named_method(Method m, const std::string& name);

}  // namespace program
