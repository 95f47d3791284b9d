// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"
#include "videoonenet/operators/frame_window/frame_window.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/unroll/stream.hpp"
#include "videoonenet/unroll/unrolled_network.hpp"
#include "videoonenet/videoonenet.cuh"

namespace stream_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr Shape whole{.t = 8, .h = 5, .w = 4, .f = 2}, window{.t = 3, .h = 5, .w = 4, .f = 2};

/// Two thirds of the entries of a long video, restored by windows that overlap.
template <class Ex, class Net>
std::vector<float> restored(const Ex& ex, const Net& net, const StreamOptions& options) {
  Random random(3);
  Buffer<float> kept(whole.size());
  for (float& m : kept) m = random.uniform() < 0.67;
  std::vector<float> y = random_values(random, whole.size());
  for (Index i = 0; i < whole.size(); ++i) y[static_cast<std::size_t>(i)] *= kept[i];
  const Mask<float> a(whole, kept);
  const auto weights = to_executor(ex, random_values(random, net.parameter_count(), 0.3));
  std::vector<float> all(y.size());
  on_executor(ex, std::span<const float>(y), std::span(all), [&](std::span<const float> in, std::span<float> out) {
    const StreamWindows windows{.frames = whole.t, .size = window.t, .hop = options.hop};
    Stream<Net, Ex> stream(ex, net, weights.span(), window, options);
    std::size_t done = 0;
    const auto put = [&](View<const float> frames) {
      copy(ex, frames.flat(), out.subspan(done, frames.flat().size()));
      done += frames.flat().size();
    };
    std::vector<FrameWindow<Mask<float>>> parts;
    for (Index i = 0; i < windows.count(); ++i) parts.push_back(frame_window(a, {windows.begin(i), window.t}));
    auto bound = net.bind(ex, parts[0].a, parts[0].of(in));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) bound.rebind(ex, parts[i].a, parts[i].of(in));
      put(stream.advance(bound, windows.moved(static_cast<Index>(i))));
    }
    put(stream.rest());
  });
  return all;
}

template <class Net>
void check(const Net& net, const StreamOptions& options) {
  const auto expected = restored(Cpu{}, net, options);
  CHECK(relative_error(restored(test_gpu(cuda::Precision::float32), net, options), expected) < 1e-5);
}

}  // namespace

TEST_CASE("a long video is restored by windows on the device as on the host") {
  const AdmmSolver tv{TotalVariation<float>{.lambda = 0.05f, .iterations = 5, .tolerance = 0}, LeastSquares{},
                      AdmmOptions<float>{.iterations = 4, .tolerance = 0}};
  check(tv, {.hop = 2});  // z and u go on
  const auto net = unroll<2>(NetworkPrior<MinimalRnn<float>>{.net = {.channels = 2}, .input = PriorInput::difference},
                             LeastSquares{});
  check(net, {.hop = 1, .warm = WarmStart{.recurrent = true}});
  check(net, {.hop = 3, .overlap = Overlap::newest});
}

}  // namespace stream_cuda_test
