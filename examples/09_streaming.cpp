// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a long video restored as it comes in: window by window, in the memory of one window.
// Builds on  04; with a trained network in the solver's place, on 07 and 08.
// Leaves out large frames, which networks restore by tiles (docs/how-to-stream.md).
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/operators/frame_window/frame_window.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/stream.hpp"

using namespace videoonenet;

namespace {

const Cpu ex{.threads = 2};
const Shape video{.t = 46, .h = 48, .w = 48, .f = 3};

// A clip of which half the entries are missing, others in every frame.
struct Clip {
  Tensor<float> truth, y;
  Mask<float> a;
};

Clip make_clip() {
  Random random(1);
  Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, video, random), y(video);
  Buffer<float> kept(video.size());
  for (float& m : kept) m = random.uniform() < 0.5;
  const Mask<float> a(video, kept);
  a.apply(ex, truth.flat(), y.flat());
  return {std::move(truth), std::move(y), a};
}

// The PSNR of the whole clip, restored by windows of 8 frames that begin 4 frames apart.
template <class Solver>
double score(const Clip& clip, const Solver& solver, const std::optional<WarmStart>& warm = {}) {
  Tensor<float> z(video);
  float* next = z.data();
  const auto put = [&](View<const float> finished) { next = std::ranges::copy(finished.flat(), next).out; };
  const std::span<const float> y = clip.y.flat();
  // [stream]
  const StreamWindows windows{.frames = video.t, .size = 8, .hop = 4};
  Shape window = video;
  window.t = windows.size;
  Stream stream(ex, solver, {}, window, {.hop = windows.hop, .warm = warm});
  for (Index i = 0; i < windows.count(); ++i) {
    const auto part = frame_window(clip.a, {windows.begin(i), windows.size});  // or whatever measured these frames
    auto bound = solver.bind(ex, part.a, part.of(y));
    put(stream.advance(bound, windows.moved(i)));  // the frames that are finished: four, at the end what is left
  }
  put(stream.rest());
  // [/stream]
  std::cout << "  " << windows.count() << " windows in " << stream.bytes() / 1024 << " KiB: ";
  return psnr(ex, std::as_const(z).view(), clip.truth.view());
}

}  // namespace

int main() {
  const Clip clip = make_clip();
  const auto solver = [](int iterations) {
    return AdmmSolver{Wavelet<float>{.lambda = 0.003f}, LeastSquares{},
                      AdmmOptions<float>{.rho = 0.1f, .iterations = iterations, .tolerance = 0}};
  };
  std::cout << "measured: " << psnr(ex, clip.y.view(), clip.truth.view()) << " dB\n";
  const double warm = score(clip, solver(15));
  std::cout << warm << " dB with 15 iterations a window, each from z and u of the one before\n";
  const double cold = score(clip, solver(15), WarmStart{});
  std::cout << cold << " dB if every window begins anew\n";
  const double converged = score(clip, solver(150));
  std::cout << converged << " dB with ten times as many iterations\n";
  return warm > cold + 0.3 && converged > warm ? 0 : 1;
}
