// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Training, and restoration of batches, on a GPU.

#include "support/device.hpp"
#include "support/device_executor.cuh"
#include "videoonenet/models/video_one_net.hpp"
#include "videoonenet/train/batch_step/batch_restorer_cuda.cuh"
#include "videoonenet/train/batch_step/batch_step_engine_cuda.cuh"
#include "videoonenet/videoonenet.cuh"

namespace program {

namespace {

using namespace videoonenet;

template <class Network>
std::unique_ptr<StepEngine<float>> engine_of(const Cuda& ex, Network network, const EngineOptions& o) {
  using AnyLoss = decltype(EngineOptions::loss);
  Shape batch = o.video;
  batch.n = o.batch.size;
  return std::make_unique<BatchStepEngine<Network, Cuda, AnyLoss>>(
      ex, std::move(network), batch, o.bounds,
      BatchStepOptions<AnyLoss>{
          .backward = o.batch.backward, .adam = o.adam, .clip_norm = o.clip_norm, .loss = o.loss});
}

}  // namespace

std::unique_ptr<StepEngine<float>> make_engine(const std::string& device, const EngineOptions& o) {
  const Cuda& ex = device_executor(device);
  if (o.model.data_net == DataNet::none) return engine_of(ex, one_net<float>(o.model), o);
  return engine_of(ex, video_one_net<float>(o.model), o);
}

std::unique_ptr<RestorationEngine<float>> make_restorer(const std::string& device, const ModelOptions& model,
                                                        std::span<const float> parameters, const Shape& batch,
                                                        const FactorBounds& bounds) {
  const Cuda& ex = device_executor(device);
  const auto of = [&](auto network) -> std::unique_ptr<RestorationEngine<float>> {
    return std::make_unique<BatchRestorer<decltype(network), Cuda>>(ex, std::move(network), parameters, batch, bounds);
  };
  if (model.data_net == DataNet::none) return of(one_net<float>(model));
  return of(video_one_net<float>(model));
}

}  // namespace program
