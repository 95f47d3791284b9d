// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Restoration by any of the programs' methods, wherever --device says.

#include <functional>
#include <span>
#include <string>

#include "support/method.hpp"
#include "support/problem_chain.hpp"
#include "support/program.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace program {

using namespace videoonenet;

/// A restored video and how it was reached.
struct Restoration {
  Tensor<float> video;
  int iterations = 0;          ///< of ADMM, or of the data step's solver for closed-form methods
  double primal_residual = 0;  ///< RMS(x − z) after the last ADMM iteration
  SolveReport solve{};         ///< of the last data step
};

/// Called after every ADMM iteration.
using OnIteration = std::function<void(const AdmmResiduals&)>;

/// Whether a method can restore measurements of an operator: wiener undoes blur, bicubic undoes subsampling.
bool suits(const Method& m, const AnyOperator& a);

/// Restores the video measured as y = A x on the device that the command line names, the host among them.
/// Errors: InputError when the method does not suit the operator or the device; whatever the solvers throw.
Restoration restore(const RunOptions& run, const Cpu& ex, const Method& m, const AnyOperator& a,
                    std::span<const float> y, const OnIteration& on_iteration = {});

/// The same on the device of this name: device_restoration.cu where there is a CUDA compiler, no_device.cpp elsewhere.
/// Errors: InputError where the program was built without CUDA, or for what only the host does; Error when there is no
/// GPU; as restore.
Restoration restore_on_device(const std::string& device, const Method& m, const ShippedOperator<float>& a,
                              std::span<const float> y, const OnIteration& on_iteration);
Restoration restore_on_device(const std::string& device, const Method& m, const Chain<ShippedOperator<float>>& a,
                              std::span<const float> y, const OnIteration& on_iteration);

}  // namespace program
