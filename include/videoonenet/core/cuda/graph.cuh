// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Launches that are recorded once and replayed as one.

#include "videoonenet/core/cuda/gpu.hpp"

#if defined(__CUDACC__)
#include "videoonenet/core/cuda/executor.cuh"
#endif

namespace videoonenet::cuda {

/// Runs what it is given every time: an executor that cannot record.
template <Gpu Ex>
class Graph {
 public:
  template <class Body>
  void run(const Ex&, Body&& body) {
    body();
  }
};

#if defined(__CUDACC__)
/// A CUDA graph of everything that a body launches on the executor's stream and on those it forks.
template <>
class Graph<Executor> {
 public:
  Graph() = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() {
    if (instance_) cudaGraphExecDestroy(instance_);
  }

  /// Runs body() the first time, records it the second time and replays the record from then on: the first run makes
  /// what a recording may not, such as streams.
  /// Errors: Error when the body cannot be recorded; nothing has run then.
  template <class Body>
  void run(const Executor& ex, Body&& body) {
    if (!warm_) {
      body();
      warm_ = true;
      return;
    }
    if (!instance_) record(ex, body);
    check(cudaGraphLaunch(instance_, ex.stream()), "launching a graph");
  }

 private:
  template <class Body>
  void record(const Executor& ex, Body&& body) {
    check(cudaStreamBeginCapture(ex.stream(), cudaStreamCaptureModeThreadLocal), "recording a graph");
    cudaGraph_t graph = nullptr;
    try {
      body();
    } catch (...) {
      cudaStreamEndCapture(ex.stream(), &graph);
      if (graph) cudaGraphDestroy(graph);
      throw;
    }
    check(cudaStreamEndCapture(ex.stream(), &graph), "recording a graph");
    const cudaError_t made = cudaGraphInstantiate(&instance_, graph, 0);
    cudaGraphDestroy(graph);
    check(made, "making a graph");
  }

  bool warm_ = false;
  cudaGraphExec_t instance_ = nullptr;
};
#endif

}  // namespace videoonenet::cuda
