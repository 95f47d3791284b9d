// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/stream.hpp"

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"
#include "videoonenet/unroll/unrolled_network.hpp"

namespace stream_test {

using namespace problems;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Shape whole{.t = 11, .h = 4, .w = 3, .f = 2}, window{.t = 5, .h = 4, .w = 3, .f = 2};

template <class T>
std::span<const T> frames(std::span<const T> video, Index begin, Index count) {
  const auto size = static_cast<std::size_t>(whole.frame_size());
  return video.subspan(static_cast<std::size_t>(begin) * size, static_cast<std::size_t>(count) * size);
}

/// Half the entries of a long video, and the windows of it.
template <class T>
struct LongProblem : Inpainting<T> {
  LongProblem() : Inpainting<T>(whole) {}
  Mask<T> part(Index begin) const { return {window, Buffer<T>(frames<T>(this->a.mask(), begin, window.t))}; }

  /// Restores all windows; what a stream returns, one after the other.
  template <class Net>
  std::vector<T> by(Stream<Net>& stream) const {
    std::vector<T> all;
    const StreamWindows windows{.frames = whole.t, .size = window.t, .hop = stream.options().hop};
    for (Index i = 0; i < windows.count(); ++i) {
      const Mask<T> mask = part(windows.begin(i));
      const auto measured = frames<T>(this->y.span(), windows.begin(i), window.t);
      auto bound = LeastSquares{}.bind(Cpu{}, mask, measured);
      for (T v : stream.advance(bound, windows.moved(i)).flat()) all.push_back(v);
    }
    for (T v : stream.rest().flat()) all.push_back(v);
    return all;
  }
  template <class Net>
  std::vector<T> by(const Net& net, std::span<const T> weights, const StreamOptions& options,
                    const Cpu& ex = {}) const {
    Stream stream(ex, net, weights, window, options);
    return by(stream);
  }
};

/// K iterations of soft thresholding, in which every entry is on its own.
template <class T>
auto thresholding(int iterations) {
  return AdmmSolver{L1<T>{.lambda = T(0.05)}, LeastSquares{},
                    AdmmOptions<T>{.rho = T(0.3), .iterations = iterations, .tolerance = 0}};
}

template <class T>
Tensor<T> thresholded(const LongProblem<T>& problem, int iterations) {
  Tensor<T> z(whole);
  admm(Cpu{}, L1<T>{.lambda = T(0.05)}, LeastSquares{}, problem.a, problem.y.span(), z.view(),
       {.rho = T(0.3), .iterations = iterations, .tolerance = 0});
  return z;
}

/// A network whose frames see those before them.
template <class T>
auto recurrent_net() {
  const NetworkPrior<MinimalRnn<T>> prior{.net = {.channels = 2}, .input = PriorInput::difference};
  return unroll<3>(prior, LeastSquares{});
}

template <class T>
Buffer<T> weights_for(Index count) {
  Buffer<T> weights(count);
  Random(5).fill_normal(weights.span(), 0.5);
  return weights;
}

/// A network without computation: every entry of a window is its number, 1, 2, 4, 8.
struct Numbered {
  using value_type = double;
  struct Bound {
    double number = 1;
  };
  struct Cache {
    AdmmState<double> state;
  };
  static AdmmState<double>& state(Cache& cache) { return cache.state; }
  Index parameter_count() const { return 0; }
  Cache make_cache(Memory<Cpu>& memory, const Shape& video) const {
    return {AdmmState<double>::in(memory.kept, video)};
  }
  void start(const Cpu&, Input<double>, Bound& b, Cache& cache) const {
    std::ranges::fill(cache.state.z.flat(), b.number);
  }
  void iterate(const Cpu&, Input<double>, Bound&, Cache&) const {}
};

}  // namespace

TEST_CASE("the windows of a stream cover the video, the last one to its end") {
  const auto begins = [](const StreamWindows& w) {
    std::vector<Index> all;
    for (Index i = 0; i < w.count(); ++i) all.push_back(w.begin(i));
    return all;
  };
  CHECK(begins({.frames = 9, .size = 4, .hop = 2}) == std::vector<Index>{0, 2, 4, 5});
  CHECK(begins({.frames = 8, .size = 4, .hop = 4}) == std::vector<Index>{0, 4});
  CHECK(begins({.frames = 4, .size = 4, .hop = 1}) == std::vector<Index>{0});
  const StreamWindows windows{.frames = 9, .size = 4, .hop = 2};
  CHECK((windows.moved(0) == 2 && windows.moved(2) == 2 && windows.moved(3) == 1));
  for (const StreamWindows& bad : {StreamWindows{9, 4, 0}, StreamWindows{9, 4, 5}, StreamWindows{3, 4, 1}})
    CHECK_THROWS_WITH(bad.count(), ContainsSubstring("expected 1 <= hop <= window <= video"));
}

TEST_CASE("frames of several windows are blended, more of the window in whose middle they are") {
  // windows of 3, hop 1: frame 2 is last in window 1, in the middle of window 2 and first in window 4
  Stream stream(Cpu{}, Numbered{}, {}, {.t = 3}, {.hop = 1});
  Numbered::Bound bound;
  const auto advance = [&](double number) {
    bound.number = number;
    const auto finished = stream.advance(bound);
    REQUIRE(finished.size() == 1);
    return finished.data[0];
  };
  CHECK(advance(1) == 1);
  CHECK(advance(2) == Approx((2 * 1 + 1 * 2) / 3.0));
  CHECK(advance(4) == Approx((1 * 1 + 2 * 2 + 1 * 4) / 4.0));
  CHECK(advance(8) == Approx((1 * 2 + 2 * 4 + 1 * 8) / 4.0));
  REQUIRE(stream.rest().size() == 2);
  CHECK(stream.rest().data[0] == Approx((1 * 4 + 2 * 8) / 3.0));
  CHECK(stream.rest().data[1] == 8);

  Stream newest(Cpu{}, Numbered{}, {}, {.t = 3}, {.hop = 2, .overlap = Overlap::newest});
  CHECK(newest.advance(bound).data[1] == 8);
  bound.number = 5;
  CHECK(newest.advance(bound).data[0] == 5);
  bound.number = 7;  // the last window has moved by one frame only: one more is finished
  const auto last = newest.advance(bound, 1);
  CHECK((last.size() == 1 && last.data[0] == 7));
  CHECK(newest.rest().size() == 1);
}

TEMPLATE_TEST_CASE("a prior and an operator that keep frames apart make on windows what they make on the whole", "",
                   float, double) {
  using T = TestType;
  const LongProblem<T> problem;
  const auto expected = thresholded(problem, 4);
  for (const Index hop : {1, 2, 3, 4, 5})
    for (const auto overlap : {Overlap::blend, Overlap::newest}) {
      const auto z = problem.by(thresholding<T>(4), {}, {.hop = hop, .warm = WarmStart{}, .overlap = overlap});
      REQUIRE(std::ssize(z) == whole.size());
      for (Index i = 0; i < whole.size(); ++i)
        REQUIRE(z[std::size_t(i)] == Approx(expected[i]).epsilon(overlap == Overlap::newest ? 0 : 1e-6).margin(0));
    }
}

TEST_CASE("a warm start goes on with z and u of the frames that were there") {
  const LongProblem<double> problem;
  const auto once = thresholded(problem, 3), twice = thresholded(problem, 6);
  const AdmmSolver solver = thresholding<double>(3);
  STATIC_REQUIRE(usual_warm_start<decltype(thresholding<double>(1))> == WarmStart{.z = true, .u = true});
  // windows of 5, hop 3: frames 3 and 4 are iterated twice, frames 5, 6, 7 once
  const auto z = problem.by(solver, {}, {.hop = 3, .overlap = Overlap::newest});
  const Index frame = whole.frame_size();
  double warmed = 0;
  for (Index i = 3 * frame; i < 6 * frame; ++i) {
    const double expected = i < 5 * frame ? twice[i] : once[i];
    REQUIRE(z[std::size_t(i)] == expected);
    warmed = std::max(warmed, std::abs(expected - once[i]));
  }
  REQUIRE(warmed > 1e-4);
  // each alone is something else
  const auto differs = [&](const WarmStart& warm) {
    return problem.by(solver, {}, {.hop = 3, .warm = warm, .overlap = Overlap::newest}) != z;
  };
  REQUIRE(differs({.z = true}));
  REQUIRE(differs({.u = true}));
  REQUIRE(differs({}));
}

TEMPLATE_TEST_CASE("with recurrent states carried on, a network that only looks back makes what it makes on the whole",
                   "", float, double) {
  using T = TestType;
  const LongProblem<T> problem;
  const auto net = recurrent_net<T>();
  STATIC_REQUIRE(usual_warm_start<decltype(recurrent_net<T>())> == WarmStart{});
  const auto weights = weights_for<T>(net.parameter_count());
  Tensor<T> expected(whole);
  auto planned = plan(Cpu{}, [&](auto& m) { return net.make_cache(m, whole); }, Purpose::inference);
  auto bound = net.bind(Cpu{}, problem.a, problem.y.span());
  net.forward(Cpu{}, weights.span(), bound, planned.cache, expected.view());

  for (const Index hop : {1, 2, 3, 4, 5}) {
    const StreamOptions options{.hop = hop, .warm = WarmStart{.recurrent = true}, .overlap = Overlap::newest};
    const auto z = problem.by(net, weights.span(), options);
    const StreamWindows windows{.frames = whole.t, .size = window.t, .hop = hop};
    // states belong to the hop: a last window that moved by less begins anew
    const bool even = windows.moved(windows.count() - 1) == hop;
    const Index equal = even ? whole.size() : windows.begin(windows.count() - 1) * whole.frame_size();
    INFO("hop " << hop);
    REQUIRE(equal > 0);
    REQUIRE(std::equal(z.begin(), z.begin() + equal, expected.data()));
    REQUIRE(std::equal(z.begin(), z.end(), expected.data()) == even);
    REQUIRE(problem.by(net, weights.span(), options, Cpu{.threads = 3}) == z);
    if (!even) {  // as if there had been no window before
      const Index last = windows.begin(windows.count() - 1);
      const Mask<T> mask = problem.part(last);
      auto alone = LeastSquares{}.bind(Cpu{}, mask, frames<T>(problem.y.span(), last, window.t));
      Stream stream(Cpu{}, net, std::span<const T>(weights.span()), window, options);
      stream.advance(alone);
      const auto tail = stream.rest().flat();
      REQUIRE(std::equal(tail.begin(), tail.end(), z.end() - std::ssize(tail)));
    }
    StreamOptions anew = options;
    anew.warm.reset();
    REQUIRE(problem.by(net, weights.span(), anew) != z);
  }
}

TEST_CASE("a stream allocates nothing after it has been made, if its operator stays") {
  const Shape small{.t = 4, .h = 6, .w = 6, .f = 2};
  const BoxDownsample<float> a(small, 2);
  Buffer<float> y(a.range().size());
  const NetworkPrior<MinimalRnn<float>> prior{.net = {.channels = 2}, .input = PriorInput::difference};
  const auto run = [&](const auto& net, const WarmStart& warm) {
    const auto weights = weights_for<float>(net.parameter_count());
    Stream stream(Cpu{}, net, weights.span(), small, {.hop = 2, .warm = warm});
    auto bound = net.bind(Cpu{}, a, std::span<const float>(y.span()));
    stream.advance(bound);
    Random random(9);
    double sum = 0;
    const long before = support::allocations;
    for (int i = 0; i < 5; ++i) {
      for (float& v : y) v = static_cast<float>(random.uniform());
      bound.rebind(Cpu{}, y.span());
      for (float v : stream.advance(bound).flat()) sum += v;
    }
    REQUIRE(support::allocations == before);
    REQUIRE(std::abs(sum) > 1);
  };
  run(unroll<3>(prior, LeastSquares{}), {.z = true, .u = true, .recurrent = true});
  run(unroll<3>(prior, LeastSquares{}), {});
  run(thresholding<float>(7), {.z = true, .u = true});
}

TEST_CASE("the memory of a stream is that of a window, and carried states are part of it") {
  const auto net = recurrent_net<float>();
  const auto weights = weights_for<float>(net.parameter_count());
  const auto bytes = [&](const WarmStart& warm) {
    return Stream(Cpu{}, net, weights.span(), window, {.hop = 2, .warm = warm}).bytes();
  };
  const auto forward = planned_bytes(Cpu{}, [&](auto& m) { return net.make_cache(m, window); }, Purpose::inference);
  const Index video = 512, frame = 128;  // 5·4·3·2 and 4·3·2 floats, in cache lines
  REQUIRE(bytes({}) == forward + video);
  REQUIRE(bytes({.z = true, .u = true}) == bytes({}));
  REQUIRE(bytes({.recurrent = true}) == bytes({}) + 3 * frame);
}

TEST_CASE("a stream that is restarted forgets the video before") {
  const LongProblem<float> problem;
  const auto net = recurrent_net<float>();
  const auto weights = weights_for<float>(net.parameter_count());
  Stream stream(Cpu{}, net, weights.span(), window, {.hop = 3, .warm = WarmStart{true, true, true}});
  const auto first = problem.by(stream);
  stream.restart();
  REQUIRE(problem.by(stream) == first);
}

TEST_CASE("a stream refuses what it cannot do") {
  const auto solver = thresholding<float>(2);
  const auto making = [&](const Shape& shape, const StreamOptions& options) {
    return Stream(Cpu{}, solver, {}, shape, options).bytes();
  };
  REQUIRE_THROWS_AS(making({.n = 2, .t = 3}, {}), ShapeError);
  for (const Index hop : {0, 4, -1})
    REQUIRE_THROWS_WITH(making({.t = 3}, {.hop = hop}), ContainsSubstring("expected 1 to the window's 3"));
  REQUIRE_THROWS_WITH(making({.t = 3}, {.warm = WarmStart{.recurrent = true}}),
                      ContainsSubstring("has none that goes"));
  const Buffer<float> one{1};
  REQUIRE_THROWS_AS(Stream(Cpu{}, solver, one.span(), window), ShapeError);
  Stream stream(Cpu{}, Numbered{}, {}, {.t = 3}, {.hop = 2});
  Numbered::Bound bound;
  for (const Index moved : {0, 3}) REQUIRE_THROWS_AS(stream.advance(bound, moved), InputError);
}

}  // namespace stream_test
