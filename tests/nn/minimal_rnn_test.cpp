// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_reference.hpp"

namespace minimal_rnn_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr TimeDirection directions[] = {TimeDirection::forward, TimeDirection::backward};
constexpr MinimalRnnForm forms[] = {MinimalRnnForm::paper, MinimalRnnForm::chen};

/// Runs both passes of a layer on drawn numbers.
template <class L>
testing::LayerTrial<L> trial_of(const L& layer, const Shape& shape, const Cpu& ex = {}) {
  testing::LayerTrial trial(layer, shape, ex);
  Random random(21);
  trial.draw(random, 0.3);
  trial.forward();
  trial.adjoint();
  return trial;
}

/// The kernels of the recurrence against their definition.
template <class T>
void require_reference(const MinimalRnnScan& s, const Cpu& ex, bool with_initial = false) {
  const Index size = s.samples * s.steps * s.size(), kernel_size = s.frame.kernel_size();
  Random random(4);
  const auto draw = [&](Index count) {
    Buffer<T> values(count);
    random.fill_normal(values.span(), 0.5);
    return values;
  };
  const Buffer<T> v = draw(size), kernel = draw(kernel_size), grad_y = draw(size),
                  initial = draw(with_initial ? s.samples * s.size() : 0);
  Buffer<T> gates = draw(size), expected_gates = gates, y(size), expected_y(size), grad_v = draw(size),
            expected_grad_v = grad_v, d(size), expected_d(size), grad_kernel(kernel_size),
            scratch(cpu::minimal_rnn_scratch_size<T>(ex, s));
  reference::minimal_rnn_scan(s, initial.span(), v.span(), kernel.span(), expected_gates.span(), expected_y.span());
  cpu::minimal_rnn_scan(ex, s, initial.span(), v.span(), kernel.span(), gates.span(), y.span(), scratch.span());
  reference::minimal_rnn_scan_adjoint(s, v.span(), gates.span(), y.span(), kernel.span(), grad_y.span(),
                                      expected_grad_v.span(), expected_d.span(), grad_kernel.span());
  cpu::minimal_rnn_scan_adjoint(ex, s, v.span(), gates.span(), y.span(), kernel.span(), grad_y.span(), grad_v.span(),
                                d.span(), scratch.span());
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  REQUIRE(layer_checks::deviation(gates, expected_gates) < tolerance);
  REQUIRE(layer_checks::deviation(y, expected_y) < tolerance);
  if (with_initial) return;  // the adjoint knows none
  REQUIRE(layer_checks::deviation(d, expected_d) < tolerance);
  REQUIRE(layer_checks::deviation(grad_v, expected_grad_v) < tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("minimal rnn has its golden values in both directions", "", float, double) {
  using T = TestType;
  const Shape shape{.n = 2, .t = 5, .h = 6, .w = 4, .f = 3};
  layer_checks::require_golden(MinimalRnn<T>{.channels = 3}, shape, "minimal_rnn_forward",
                               {"kernel", "recurrent_kernel", "bias"});
  layer_checks::require_golden(MinimalRnn<T>{.channels = 3, .direction = TimeDirection::backward}, shape,
                               "minimal_rnn_backward", {"kernel", "recurrent_kernel", "bias"});
}

TEMPLATE_TEST_CASE("minimal rnn of one pixel, two frames", "", float, double) {
  using T = TestType;
  // u = sigmoid(0·x + 0·h + log 3) = 3/4 throughout
  testing::LayerTrial paper(MinimalRnn<T>{.kernel = 1}, {.t = 2});
  paper.x = {4, 8};
  paper.parameters = {0, 0, static_cast<T>(std::log(3.0))};
  paper.forward();
  REQUIRE(double(paper.y[0]) == Approx(3));            // 3/4 · 4
  REQUIRE(double(paper.y[1]) == Approx(3 / 4.0 + 6));  // 1/4 · 3 + 3/4 · 8
  testing::LayerTrial chen(MinimalRnn<T>{.kernel = 1, .form = MinimalRnnForm::chen}, {.t = 2});
  chen.x = {4, 8};
  chen.parameters = {0, 0, static_cast<T>(std::log(3.0)), 0, static_cast<T>(std::atanh(0.5))};
  chen.forward();
  REQUIRE(double(chen.y[0]) == Approx(0.125));    // z = 1/2: 1/4 · z
  REQUIRE(double(chen.y[1]) == Approx(0.21875));  // 3/4 · 1/8 + 1/4 · z
}

TEMPLATE_TEST_CASE("the recurrence of the minimal rnn is its definition", "", float, double) {
  for (const auto direction : directions)
    for (const auto form : forms)
      for (const int threads : {1, 2, 4})
        for (const Index channels : {1, 3, 9, 16})
          for (const bool with_initial : {false, true})
            require_reference<TestType>({.frame = {.h = 5, .w = 3, .in = channels, .out = channels, .kernel = 3},
                                         .samples = 3,
                                         .steps = 4,
                                         .direction = direction,
                                         .form = form},
                                        Cpu{.threads = threads}, with_initial);
}

TEST_CASE("gradients of the minimal rnn agree with differences") {
  for (const auto direction : directions)
    for (const auto form : forms) {
      layer_checks::require_gradient(MinimalRnn<double>{.channels = 2, .direction = direction, .form = form},
                                     {.n = 2, .t = 3, .h = 3, .w = 4, .f = 2});
      layer_checks::require_gradient(
          MinimalRnn<double>{.channels = 3, .kernel = 2, .direction = direction, .form = form},
          {.n = 1, .t = 1, .h = 2, .w = 3, .f = 3});
    }
}

TEMPLATE_TEST_CASE("minimal rnn gives the same bits with any number of threads", "", float, double) {
  using T = TestType;
  for (const auto form : forms)
    for (const Index n : {1, 2, 5})
      layer_checks::require_same_for_all_threads(
          MinimalRnn<T>{.channels = 6, .direction = TimeDirection::backward, .form = form},
          {.n = n, .t = 4, .h = 7, .w = 9, .f = 6});
  layer_checks::require_same_for_all_threads(MinimalRnn<T>{.channels = 16}, {.t = 2, .h = 70, .w = 65, .f = 16});
}

TEST_CASE("backward in time is forward on the reversed video") {
  const Shape shape{.n = 2, .t = 5, .h = 4, .w = 3, .f = 2};
  const Index frame = shape.frame_size();
  for (const auto form : forms) {
    const auto forward = trial_of(MinimalRnn<double>{.channels = 2, .form = form}, shape);
    testing::LayerTrial backward(MinimalRnn<double>{.channels = 2, .direction = TimeDirection::backward, .form = form},
                                 shape);
    const auto reversed = [&](const Buffer<double>& video) {
      Buffer<double> result(video.size());
      for (Index n = 0; n < shape.n; ++n)
        for (Index t = 0; t < shape.t; ++t)
          std::copy_n(video.data() + (n * shape.t + t) * frame, frame,
                      result.data() + (n * shape.t + shape.t - 1 - t) * frame);
      return result;
    };
    backward.x = reversed(forward.x), backward.grad_y = reversed(forward.grad_y);
    backward.parameters = forward.parameters;
    backward.forward();
    backward.adjoint();
    REQUIRE(layer_checks::deviation(backward.y, reversed(forward.y)) < 1e-14);
    REQUIRE(layer_checks::deviation(backward.grad_x, reversed(forward.grad_x)) < 1e-13);
    REQUIRE(layer_checks::deviation(backward.grad_parameters, forward.grad_parameters) < 1e-13);
  }
}

TEMPLATE_TEST_CASE("windows of a stream that carry the state make what the whole video makes", "", float, double) {
  using T = TestType;
  const Shape video{.n = 2, .t = 11, .h = 4, .w = 5, .f = 3}, window{.n = 2, .t = 5, .h = 4, .w = 5, .f = 3};
  const Index frame = video.frame_size(), frames = window.t * frame;
  for (const auto form : forms)
    for (const Index hop : {1, 2, 3}) {
      const MinimalRnn<T> layer{.channels = 3, .form = form};
      const auto whole = trial_of(layer, video);
      auto planned =
          plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, window); }, Purpose::inference, hop);
      Tensor<T> x(window), y(window);
      for (Index begin = 0; begin + window.t <= video.t; begin += hop) {
        for (Index n = 0; n < 2; ++n)
          std::copy_n(whole.x.data() + (n * video.t + begin) * frame, frames, x.data() + n * frames);
        layer.forward(Cpu{}, whole.parameters.span(), x.view(), y.view(), planned.cache);
        for (Index n = 0; n < 2; ++n)
          REQUIRE(std::equal(y.data() + n * frames, y.data() + (n + 1) * frames,
                             whole.y.data() + (n * video.t + begin) * frame));
      }
      // Backward in time there is nothing to carry: every window is on its own.
      auto memory = Memory<Cpu>::measuring(Cpu{}, Purpose::inference, hop);
      MinimalRnn<T> backward = layer;
      backward.direction = TimeDirection::backward;
      static_cast<void>(backward.make_cache(memory, window));
      REQUIRE(memory.carried.peak_bytes() == 0);
    }
}

TEST_CASE("a state is carried in inference only, and from within the video") {
  const MinimalRnn<float> layer;
  const auto bytes = [&](Index hop, Purpose purpose) {
    return planned_bytes(
        Cpu{}, [&](auto& memory) { return layer.make_cache(memory, {.t = 3, .h = 4, .w = 4}); }, purpose, hop);
  };
  REQUIRE(bytes(3, Purpose::inference) == bytes(0, Purpose::inference) + 64);
  REQUIRE_THROWS_WITH(bytes(4, Purpose::inference), "MinimalRnn: a hop of 4 frames leaves a video of 3");
  REQUIRE_THROWS_WITH(bytes(1, Purpose::training), ContainsSubstring("carried states have no adjoint"));
}

TEST_CASE("the videos of a batch do not influence each other in the minimal rnn") {
  const MinimalRnn<double> layer{.channels = 2};
  const Shape shape{.n = 3, .t = 4, .h = 3, .w = 3, .f = 2};
  const auto all = trial_of(layer, shape);
  testing::LayerTrial one(layer, shape.sample());
  std::copy_n(all.x.data() + shape.sample_size(), shape.sample_size(), one.x.data());
  std::copy_n(all.grad_y.data() + shape.sample_size(), shape.sample_size(), one.grad_y.data());
  one.parameters = all.parameters;
  one.forward();
  one.adjoint();
  for (Index i = 0; i < shape.sample_size(); ++i) {
    REQUIRE(one.y[i] == Approx(all.y[shape.sample_size() + i]).epsilon(1e-13));
    REQUIRE(one.grad_x[i] == Approx(all.grad_x[shape.sample_size() + i]).epsilon(1e-12));
  }
}

TEST_CASE("a plan for many threads serves runs with fewer") {
  const Shape shape{.n = 3, .t = 2, .h = 5, .w = 5, .f = 4};
  const MinimalRnn<float> layer{.channels = 4};
  const auto expected = trial_of(layer, shape);
  auto planned = plan(Cpu{.threads = 8}, [&](auto& memory) { return layer.make_cache(memory, shape); });
  for (const int threads : {1, 2, 3, 5, 8}) {
    Buffer<float> y(shape.size());
    layer.forward(Cpu{.threads = threads}, expected.parameters.span(), {expected.x.data(), shape},
                  view(y.span(), shape), planned.cache);
    REQUIRE(std::ranges::equal(y, expected.y));
  }
}

TEST_CASE("minimal rnn keeps its gates for training and nothing for inference") {
  const Shape shape{.t = 2, .h = 64, .w = 64, .f = 16};
  const auto kept = [&](MinimalRnnForm form, Purpose purpose) {
    auto memory = Memory<Cpu>::measuring(Cpu{}, purpose);
    static_cast<void>(MinimalRnn<float>{.channels = 16, .form = form}.make_cache(memory, shape));
    return memory.kept.peak_bytes();
  };
  const Index video = shape.size() * Index(sizeof(float));
  REQUIRE(kept(MinimalRnnForm::paper, Purpose::training) == video);
  REQUIRE(kept(MinimalRnnForm::chen, Purpose::training) == 2 * video);
  REQUIRE(kept(MinimalRnnForm::paper, Purpose::inference) == 0);
}

TEST_CASE("minimal rnn names its parameters and refuses other channels") {
  const MinimalRnn<float> paper{.channels = 4, .kernel = 5};
  REQUIRE(paper.parameter_count() == 2 * 25 * 16 + 4);
  REQUIRE(paper.parameters()[0].name == "kernel");
  REQUIRE(paper.parameters()[1].name == "recurrent_kernel");
  REQUIRE(paper.parameters()[1].initial == Initial::orthogonal);
  REQUIRE(paper.parameters()[2].name == "bias");
  const MinimalRnn<float> chen{.channels = 4, .kernel = 5, .form = MinimalRnnForm::chen};
  REQUIRE(chen.parameter_count() == 3 * 25 * 16 + 2 * 4);
  REQUIRE(chen.parameters()[3].name == "feature_kernel");
  REQUIRE(chen.parameters()[4].name == "feature_bias");
  REQUIRE_THROWS_WITH(paper.output_shape({.h = 2, .w = 2, .f = 3}), ContainsSubstring("has 3 channels, expected"));
}

}  // namespace minimal_rnn_test
