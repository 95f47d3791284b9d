// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Products and a recurrence whose instructions instructions.cmake looks for.
#include "videoonenet/core/cuda/executor.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_products_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_gradient_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cluster_cuda.cuh"

using namespace videoonenet::cuda;
using namespace videoonenet::cuda::convolution;

template <Precision P>
void launch(const Executor& ex, const Windows<4>& a, const TermsByColumns<4>& b, const Store& store) {
  launch_tiles<SquareTile, P>(ex, a, b, store, 64, 64, 64, 1);
}
template void launch<Precision::tf32>(const Executor&, const Windows<4>&, const TermsByColumns<4>&, const Store&);
template void launch<Precision::bfloat16>(const Executor&, const Windows<4>&, const TermsByColumns<4>&, const Store&);

void launch(const Executor& ex, const detail::ClusterScan<Precision::tf32, 16, detail::StateSteps>& scan) {
  ex.launch(scan.grid(1, 8), scan);
}

void launch(const Executor& ex, const WarpgroupConvolution<false, 3, false, StorePairs>& forward,
            const WarpgroupKernelGradient<true, 3, true>& gradient) {
  ex.launch(forward.grid(ex.multiprocessors()), forward);
  ex.launch(gradient.grid(), gradient);
}
