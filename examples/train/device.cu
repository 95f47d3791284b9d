// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// train on a GPU.

#include "train/device.hpp"

#include "videoonenet/models/video_one_net.hpp"
#include "videoonenet/train/batch_step/batch_step_engine_cuda.cuh"
#include "videoonenet/videoonenet.cuh"

namespace program {

namespace {

using namespace videoonenet;

template <class Network, class L>
std::unique_ptr<StepEngine<float>> engine_of(const Cuda& ex, Network network, const L& loss, const EngineOptions& o) {
  Shape batch = o.video;
  batch.n = o.batch.size;
  return std::make_unique<BatchStepEngine<Network, Cuda, L>>(
      ex, std::move(network), batch, o.bounds,
      BatchStepOptions<L>{.backward = o.batch.backward, .adam = o.adam, .clip_norm = o.clip_norm, .loss = loss});
}

template <class Network>
std::unique_ptr<StepEngine<float>> engine_of(const Cuda& ex, const Network& network, const EngineOptions& o) {
  if (const auto* loss = std::get_if<MeanSquaredError>(&o.loss)) return engine_of(ex, network, *loss, o);
  if (const auto* loss = std::get_if<NegativePsnr>(&o.loss)) return engine_of(ex, network, *loss, o);
  throw InputError("--loss l1 is not available on cuda, expected mse, psnr or psnr:CAP");
}

}  // namespace

std::unique_ptr<StepEngine<float>> make_engine(const std::string& device, const EngineOptions& o) {
  const auto precision = device == "cuda:float32"    ? cuda::Precision::float32
                         : device == "cuda:bfloat16" ? cuda::Precision::bfloat16
                                                     : cuda::Precision::tf32;
  const Cuda ex(precision);
  if (o.model.data_net == DataNet::none) return engine_of(ex, one_net<float>(o.model), o);
  return engine_of(ex, video_one_net<float>(o.model), o);
}

}  // namespace program
