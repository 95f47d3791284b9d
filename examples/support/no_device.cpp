// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Programs without code for a GPU.

#include "support/device.hpp"
#include "support/restoration.hpp"

namespace program {

namespace {

[[noreturn]] void refuse(const std::string& device) {
  throw videoonenet::InputError("--device " + device + ": this program was built without CUDA (preset cuda builds it)");
}

}  // namespace

std::unique_ptr<videoonenet::StepEngine<float>> make_engine(const std::string& device, const EngineOptions&) {
  refuse(device);
}
std::unique_ptr<videoonenet::RestorationEngine<float>> make_restorer(const std::string& device,
                                                                     const videoonenet::ModelOptions&,
                                                                     std::span<const float>, const videoonenet::Shape&,
                                                                     const videoonenet::FactorBounds&) {
  refuse(device);
}
Restoration restore_on_device(const std::string& device, const Method&, const ShippedOperator<float>&,
                              std::span<const float>, const OnIteration&) {
  refuse(device);
}
Restoration restore_on_device(const std::string& device, const Method&, const Chain<ShippedOperator<float>>&,
                              std::span<const float>, const OnIteration&) {
  refuse(device);
}

}  // namespace program
