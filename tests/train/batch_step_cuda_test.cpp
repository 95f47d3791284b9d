// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/batch_step/batch_step_cuda.cuh"

#include "support/catch.hpp"
#include "support/mixed_problems.hpp"
#include "support/test_gpu.cuh"
#include "train/small_network.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/video_one_net.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/batch_step/batch_restorer_cuda.cuh"
#include "videoonenet/train/batch_step/batch_step_engine_cuda.cuh"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/trainer/trainer.hpp"
#include "videoonenet/videoonenet.cuh"

namespace batch_step_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr float rho = 0.3f;
using Network = VideoOneNet<float, 2>;

Network small_network() {
  return video_one_net<float, 2>({.filters = 4, .kernel_decoder = 3, .iterations = 2, .rho = rho});
}

/// A few problems of different kinds with their videos, as the host's training takes them.
struct Samples {
  struct Sample {
    Tensor<float> video;
    Buffer<float> y;
    decltype(std::declval<const Network&>().bind(Cpu{}, std::declval<const ShippedOperator<float>&>(),
                                                 std::span<const float>())) problem;
    View<const float> truth() const { return video.view(); }
    auto& bound() { return problem; }
  };

  Shape video{.t = 2, .h = 4, .w = 5};
  MixedProblems<float> mixed{video, rho};
  std::vector<std::unique_ptr<Sample>> samples;

  Samples(const Network& network, std::initializer_list<Index> problems) {
    Random random(13);
    for (const Index p : problems) {
      Tensor<float> truth(video);
      for (float& v : truth.flat()) v = static_cast<float>(random.uniform());
      const auto& problem = mixed.problem(p);
      Buffer<float> y = measure<float>(Cpu{}, problem, truth.flat(), random);
      auto bound = network.bind(Cpu{}, problem.a, std::span<const float>(y.span()));
      samples.emplace_back(new Sample{std::move(truth), std::move(y), std::move(bound)});
      used_.push_back(p);
    }
  }

  HostBatch<float> batch() const {
    Shape all = video;
    all.n = std::ssize(samples);
    HostBatch<float> batch(all, mixed.bounds());
    for (Index n = 0; n < all.n; ++n) {
      const Sample& s = *samples[static_cast<std::size_t>(n)];
      const auto factor = factor_problem(mixed.problem(used_[static_cast<std::size_t>(n)]).a, rho);
      batch.put(n, s.video.flat(), s.problem.adjoint_measurement(), s.problem.z0.span(), factor.layout,
                factor.values.span());
    }
    return batch;
  }

 private:
  std::vector<Index> used_;
};

/// Steps of training on the host and on the device; the largest relative difference of losses, norms and weights.
template <class L>
void check_training(const L& loss, cuda::Precision precision, double error, Index steps) {
  const Network network = small_network();
  Samples samples(network, {0, 2, 3, 6});
  Random random(5);
  auto parameters = random_values(random, network.parameter_count(), 0.2);
  std::vector<float> gradient(parameters.size()), moments(2 * parameters.size());
  const Adam adam{.learning_rate = 1e-3, .beta1 = 0.5, .beta2 = 0.9};
  BatchGradient<Network, L> on_host(Cpu{}, network, samples.video, {.size = 4}, loss);

  const HostBatch<float> batch = samples.batch();
  BatchStep<Network, TestGpu, L> on_device(test_gpu(precision), network, batch.video, batch.bounds,
                                           {.adam = adam, .clip_norm = 0.01, .loss = loss});
  on_device.set(parameters, moments);
  for (Index step = 1; step <= steps; ++step) {
    const double value = on_host(parameters, samples.samples, std::span(gradient));
    const double norm = clip_global_norm(Cpu{}, 0.01, std::span(gradient));
    adam.update(Cpu{}, step, 0.7, std::span<const float>(gradient), std::span(moments), std::span(parameters));
    on_device(batch, step, 0.7);
    const auto report = on_device.report();
    CHECK(report.loss == Approx(value).epsilon(error));
    CHECK(report.gradient_norm == Approx(norm).epsilon(10 * error));
  }
  std::vector<float> device_parameters(parameters.size()), device_moments(moments.size());
  on_device.get(device_parameters, device_moments);
  CHECK(relative_error(device_parameters, parameters) < error);
  CHECK(relative_error(device_moments, moments) < 20 * error);
}

}  // namespace

TEST_CASE("training on the device makes the steps that the host makes") {
  check_training(MeanSquaredError{}, cuda::Precision::float32, 1e-5, 2);
  check_training(NegativePsnr{}, cuda::Precision::tf32, 2e-3, 1);
}

TEST_CASE("the gradient of a whole network has the direction of the host's in every precision") {
  const Network network =
      video_one_net<float, 2>({.filters = on_real_gpu ? 64 : 16, .kernel_decoder = 11, .iterations = 2, .rho = rho});
  Samples samples(network, {0, 3});
  const auto weights = initial_parameters<float>(network.parameters(), 3);
  const auto parameters = weights.span();
  std::vector<float> expected(parameters.size()), moments(2 * parameters.size());
  BatchGradient<Network, MeanSquaredError> on_host(Cpu{}, network, samples.video, {.size = 2}, {});
  on_host(parameters, samples.samples, std::span(expected));
  const HostBatch<float> batch = samples.batch();
  for (const auto& [precision, least] : {std::pair(cuda::Precision::float32, 0.999999),
                                         {cuda::Precision::tf32, 0.999},
                                         {cuda::Precision::bfloat16, 0.99}}) {
    if (!on_real_gpu && precision != cuda::Precision::tf32) continue;  // emulated, the others show nothing new
    BatchStep<Network, TestGpu> on_device(test_gpu(precision), network, batch.video, batch.bounds,
                                          {.adam = {.beta1 = 0}});
    std::vector<float> got(parameters.size());
    on_device.set(parameters, std::vector<float>(moments.size()));
    on_device(batch, 1, 1.0);
    on_device.get(got, moments);  // the first moments are the clipped gradient
    double product = 0, own = 0, other = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      product += double(moments[i]) * expected[i];
      own += double(moments[i]) * moments[i];
      other += double(expected[i]) * expected[i];
    }
    CAPTURE(static_cast<int>(precision));
    CHECK(product / std::sqrt(own * other) > least);
  }
}

TEST_CASE("a batch is restored on the device as on the host") {
  const Network network = small_network();
  Samples samples(network, {1, 5});
  Random random(5);
  const auto parameters = random_values(random, network.parameter_count(), 0.2);
  const std::vector<float> moments(2 * parameters.size());
  const HostBatch<float> batch = samples.batch();
  BatchStep<Network, TestGpu> on_device(test_gpu(cuda::Precision::float32), network, batch.video, batch.bounds);
  on_device.set(parameters, moments);
  CHECK(on_device.bytes() > 0);
  std::vector<float> z(static_cast<std::size_t>(batch.video.size()));
  on_device.restore(batch, z);
  BatchRestorer<Network, TestGpu> restorer(test_gpu(cuda::Precision::float32), network, parameters, batch.video,
                                           batch.bounds);
  CHECK(restorer.bytes() < on_device.bytes());
  std::vector<float> again(z.size());
  restorer.restore(batch, again);
  CHECK(again == z);
  auto planned = plan(Cpu{}, [&](auto& memory) { return network.make_cache(memory, samples.video, {}); });
  Tensor<float> expected(samples.video);
  for (std::size_t n = 0; n < 2; ++n) {
    network.forward(Cpu{}, parameters, samples.samples[n]->bound(), planned.cache, expected.view());
    const auto size = static_cast<std::ptrdiff_t>(samples.video.size());
    const std::vector<float> own(z.begin() + static_cast<std::ptrdiff_t>(n) * size,
                                 z.begin() + static_cast<std::ptrdiff_t>(n + 1) * size);
    CHECK(relative_error(own, std::vector<float>(expected.data(), expected.data() + size)) < 1e-4);
  }
}

#if defined(__CUDACC__)
TEST_CASE("kernels that are launched early compute the same bits") {
  const Network network = video_one_net<float, 2>({.filters = 64, .kernel_decoder = 11, .iterations = 2, .rho = rho});
  Samples samples(network, {0, 2, 3, 6});
  const auto weights = initial_parameters<float>(network.parameters(), 3);
  const HostBatch<float> batch = samples.batch();
  const auto trained = [&](bool early) {
    TestGpu gpu = test_gpu();
    gpu.early_launches = early;
    BatchStep<Network, TestGpu> on_device(gpu, network, batch.video, batch.bounds);
    std::vector<float> got(weights.span().size()), moments(2 * got.size());
    on_device.set(weights.span(), moments);
    for (Index step = 1; step <= 20; ++step) on_device(batch, step, 1.0);
    on_device.get(got, moments);
    return got;
  };
  CHECK(trained(true) == trained(false));
}
#endif

TEST_CASE("a gradient that is not finite changes nothing on the device") {
  const Network network = small_network();
  Samples samples(network, {0});
  HostBatch<float> batch = samples.batch();
  batch.truth[3] = std::nanf("");
  BatchStep<Network, TestGpu> on_device(test_gpu(), network, batch.video, batch.bounds, {});
  Random random(5);
  const auto parameters = random_values(random, network.parameter_count(), 0.2);
  const std::vector<float> moments(2 * parameters.size(), 0.25f);
  on_device.set(parameters, moments);
  on_device(batch, 1, 1);
  CHECK(std::isnan(on_device.report().gradient_norm));
  std::vector<float> device_parameters(parameters.size()), device_moments(moments.size());
  on_device.get(device_parameters, device_moments);
  CHECK(device_parameters == parameters);
  CHECK(device_moments == moments);
}

TEST_CASE("a training with the device as its engine takes the path of the host's") {
  const Network network = small_network();
  const TrainerOptions options{.batch = {.size = 2}, .epochs = 1, .steps_per_epoch = 2, .validation_videos = 3};
  const Adam adam{.learning_rate = 1e-3};
  const auto trained = [&](bool on_device) {
    Trainer<Network> trainer(Cpu{}, network, test::small_sampler<float>(),
                             test::small_sampler<float>(TripletStream::validation), options, adam);
    Shape batch = test::RandomVideos{}.shape();
    batch.n = options.batch.size;
    const FactorBounds bounds = factor_bounds<float>(test::small_problems(), batch.sample(), rho);
    BatchStepEngine<Network, TestGpu> engine(test_gpu(), network, batch, bounds, {.adam = adam});
    if (on_device) trainer.use(engine);
    Random random(4);
    const auto weights = random_values(random, network.parameter_count(), 0.2);
    auto state = trainer.start(Buffer<float>(std::span<const float>(weights)));
    CHECK(trainer.run(state) == TrainingEnd::all_epochs);
    return state;
  };
  const auto values = [](const Buffer<float>& b) { return std::vector<float>(b.begin(), b.end()); };
  const auto device = trained(true), host = trained(false);
  CHECK(relative_error(values(device.parameters), values(host.parameters)) < 1e-3);  // in tf32, with large weights
  REQUIRE(device.history.size() == 1);
  CHECK(device.history[0].validation_loss == Approx(host.history[0].validation_loss).epsilon(1e-2));
  CHECK(device.history[0].validation_psnr == Approx(host.history[0].validation_psnr).epsilon(1e-2));
}

}  // namespace batch_step_cuda_test
