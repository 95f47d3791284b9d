// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/adversarial_step.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/mixing_layer.hpp"
#include "train/adversarial_sides.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace adversarial_step_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;
using namespace videoonenet::test;

namespace {

const Shape measured{.n = 3, .h = 4, .w = 5, .f = 2}, truth{.n = 3, .h = 4, .w = 5};

/// Two numbers a pixel to `outputs` images of one.
auto make_generator(Index outputs) {
  return sequential(named("conv", Conv2d<double>{.in = 2, .out = 3, .kernel = 2}),
                    named("norm", BatchNorm<double, ScaledSoftplus>{.channels = 3}),
                    named("mix", MixingLayer<double>{.in = 3, .out = outputs}));
}
auto make_discriminator() {
  return sequential(named("conv", Conv2d<double>{.in = 1, .out = 3, .kernel = 3, .stride = 2}),
                    named("norm", BatchNorm<double, ScaledSoftplus>{.channels = 3}),
                    named("logit", FrameDense<double>{.h = 2, .w = 3, .in = 3, .out = 1}));
}
const MixingLayer<double> comparator{.in = 1, .out = 2};
const Buffer<double> comparator_weights{0.7, -1.3};

/// A batch.
struct Batch {
  Tensor<double> y{measured}, x{truth};
  explicit Batch(std::uint64_t seed = 9) {
    Random random(seed);
    random.fill_normal(y.flat());
    random.fill_normal(x.flat());
  }
};

/// The losses as they are stated, without the code that is tested.
AdversarialReport stated_losses(const Batch& batch, Index outputs, const Buffer<double>& generator,
                                const Buffer<double>& discriminator, const AdversarialOptions& o, bool features) {
  AdversarialReport r;
  const auto d = make_discriminator();
  const Tensor<double> all = apply(make_generator(outputs), generator.span(), batch.y);
  r.discriminator_loss = cross_entropy(apply(d, discriminator.span(), batch.x), o.true_label);
  for (Index k = 0; k < outputs; ++k) {
    Tensor<double> image(truth);
    for (Index i = 0; i < image.size(); ++i) image[i] = all[outputs * i + k];
    const Tensor<double> logits = apply(d, discriminator.span(), image);
    r.discriminator_loss += cross_entropy(logits, o.generated_label) / double(outputs);
    r.adversarial += cross_entropy(logits, o.true_label);
    r.reconstruction += mean_squared(image, batch.x);
    if (features)
      r.feature += mean_squared(apply(comparator, comparator_weights.span(), image),
                                apply(comparator, comparator_weights.span(), batch.x));
  }
  r.generator_loss = o.reconstruction * r.reconstruction + o.feature * r.feature + o.adversarial * r.adversarial;
  return r;
}

auto make_step(Index outputs, const AdversarialOptions& o, int threads = 1) {
  return AdversarialStep(Cpu{.threads = threads}, make_generator(outputs), make_discriminator(), measured, truth, o,
                         FeatureLoss(comparator, comparator_weights.span()));
}

}  // namespace

TEST_CASE("both follow the gradients of the stated losses, at the same weights") {
  const Batch batch;
  const AdversarialOptions o{.reconstruction = 0.6,
                             .feature = 0.3,
                             .adversarial = 0.8,
                             .true_label = 0.9,
                             .generated_label = 0.2,
                             .clip_norm = 0};
  for (const Index outputs : {1, 2}) {
    CAPTURE(outputs);
    Side generator(make_generator(outputs), 1), discriminator(make_discriminator(), 2);
    Buffer<double> theta = generator.parameters, omega = discriminator.parameters;
    auto step = make_step(outputs, o);
    REQUIRE(step.outputs() == outputs);
    const AdversarialReport report =
        step(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1);
    const auto stated = [&] { return stated_losses(batch, outputs, theta, omega, o, true); };
    CHECK(report.reconstruction == Approx(stated().reconstruction));
    CHECK(report.feature == Approx(stated().feature));
    CHECK(report.adversarial == Approx(stated().adversarial));
    CHECK(report.generator_loss == Approx(stated().generator_loss));
    CHECK(report.discriminator_loss == Approx(stated().discriminator_loss));
    check_first_moments(generator, 0.5, theta, [&] { return stated().generator_loss; });
    check_first_moments(discriminator, 0.5, omega, [&] { return stated().discriminator_loss; });
  }
}

TEST_CASE("without a comparator there is no feature loss") {
  const Batch batch;
  const AdversarialOptions o{.feature = 7};
  Side generator(make_generator(1), 1), discriminator(make_discriminator(), 2);
  AdversarialStep step(Cpu{}, make_generator(1), make_discriminator(), measured, truth, o);
  const auto expected = stated_losses(batch, 1, generator.parameters, discriminator.parameters, o, false);
  const auto report = step(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1);
  CHECK(report.feature == 0);
  CHECK(report.generator_loss == Approx(expected.generator_loss));
}

TEST_CASE("gradients are clipped before Adam, each by its own norm") {
  const Batch batch;
  Side free_generator(make_generator(2), 1), free_discriminator(make_discriminator(), 2);
  make_step(2, {.clip_norm = 0})(batch.y.view(), batch.x.view(), free_generator.weights(), free_discriminator.weights(),
                                 1);
  const double limit = 0.01;
  Side generator(make_generator(2), 1), discriminator(make_discriminator(), 2);
  const Buffer<double> theta = generator.parameters, omega = discriminator.parameters;
  const AdversarialOptions o{.clip_norm = limit,
                             .generator = {.learning_rate = 0.1, .beta1 = 0.5, .beta2 = 0.999},
                             .discriminator = {.learning_rate = 0.2, .beta1 = 0.5, .beta2 = 0.999}};
  const auto report =
      make_step(2, o)(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1, 0.5);
  CHECK(report.generator_norm > limit);
  CHECK(report.discriminator_norm > limit);
  CHECK(report.generator_norm != report.discriminator_norm);
  const auto check = [&](const Side& side, const Side& free, Buffer<double> start, double norm, double rate) {
    Buffer<double> gradient(start.size()), moments(2 * start.size());
    for (Index i = 0; i < gradient.size(); ++i) gradient[i] = 2 * free.moments[i] * limit / norm;
    Adam{.learning_rate = rate, .beta1 = 0.5, .beta2 = 0.999}.update(Cpu{}, 1, 0.5, std::as_const(gradient).span(),
                                                                     moments.span(), start.span());
    for (Index i = 0; i < gradient.size(); ++i) {
      CHECK(side.moments[i] == Approx(moments[i]).epsilon(1e-12));
      if (gradient[i] != 0) CHECK(side.parameters[i] == Approx(start[i]).epsilon(1e-12));
    }
  };
  check(generator, free_generator, theta, report.generator_norm, 0.1);
  check(discriminator, free_discriminator, omega, report.discriminator_norm, 0.2);
}

TEST_CASE("running statistics follow the generator's batch once, and those of the discriminator every image") {
  const Batch batch;
  Side generator(make_generator(1), 1), discriminator(make_discriminator(), 2);
  // the same passes by hand
  const auto g = make_generator(1);
  const auto d = make_discriminator();
  Buffer<double> theta = generator.parameters, omega = discriminator.parameters;
  const Tensor<double> restored = apply_and_follow(g, theta, batch.y);
  apply_and_follow(d, omega, restored);
  apply_and_follow(d, omega, batch.x);
  const auto before = running_statistics(g, generator.parameters);
  make_step(1, {})(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1);
  CHECK(running_statistics(g, generator.parameters) == running_statistics(g, theta));
  CHECK(running_statistics(d, discriminator.parameters) == running_statistics(d, omega));
  CHECK(running_statistics(g, generator.parameters) != before);
}

TEST_CASE("a step that is not finite changes no weight and says what was not") {
  const Batch good;
  for (const bool spoil_truth : {false, true}) {
    Batch batch;
    (spoil_truth ? batch.x : batch.y)[7] = std::numeric_limits<double>::quiet_NaN();
    Side generator(make_generator(2), 1), discriminator(make_discriminator(), 2);
    const Buffer<double> theta = generator.parameters, omega = discriminator.parameters;
    auto step = make_step(2, {});
    CHECK_THROWS_WITH(step(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 5),
                      ContainsSubstring("the mean squared error of step 5 is "));
    CHECK(std::ranges::equal(generator.parameters, theta));
    CHECK(std::ranges::equal(discriminator.parameters, omega));
    CHECK(std::ranges::count(generator.moments, 0.0) == generator.moments.size());
    // and nothing of it is left for the next one
    const auto report = step(good.y.view(), good.x.view(), generator.weights(), discriminator.weights(), 1);
    CHECK(report.generator_loss == Approx(stated_losses(good, 2, theta, omega, {}, true).generator_loss));
  }
}

TEST_CASE("a step allocates nothing, and the number of threads changes no bit") {
  const Batch batch;
  const auto train = [&](int threads) {
    Side generator(make_generator(2), 1), discriminator(make_discriminator(), 2);
    auto step = make_step(2, {.adversarial = 1}, threads);
    for (Index k = 1; k <= 3; ++k) {
      const long before = support::allocations;
      step(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), k);
      if (threads == 1) CHECK(support::allocations == before);
    }
    return std::pair(generator.parameters, discriminator.parameters);
  };
  const auto one = train(1), two = train(2);
  CHECK(std::ranges::equal(one.first, two.first));
  CHECK(std::ranges::equal(one.second, two.second));
}

TEST_CASE("what cannot be trained is refused in a sentence") {
  const auto with = [](const AdversarialOptions& o) { return [o] { make_step(1, o); }; };
  CHECK_THROWS_WITH(with({.adversarial = -1})(), ContainsSubstring("the adversarial loss is -1, expected zero or a"));
  CHECK_THROWS_WITH(with({.true_label = 1.5})(), ContainsSubstring("the label of true images is 1.5"));
  CHECK_THROWS_AS(with({.generated_label = -0.1})(), InputError);
  CHECK_THROWS_AS(with({.reconstruction = std::numeric_limits<double>::infinity()})(), InputError);
  CHECK_THROWS_AS(with({.clip_norm = -1})(), InputError);
  CHECK_THROWS_AS(with({.discriminator = {.learning_rate = 0}})(), InputError);
  const Shape coloured{.n = 3, .h = 4, .w = 5, .f = 2};
  CHECK_THROWS_WITH(AdversarialStep(Cpu{}, make_generator(3), make_discriminator(), measured, coloured),
                    ContainsSubstring("3x1x4x5x3, expected one or more images of shape 3x1x4x5x2"));
  const Batch batch;
  Side generator(make_generator(1), 1), discriminator(make_discriminator(), 2);
  auto step = make_step(1, {});
  CHECK_THROWS_AS(step(batch.x.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1), ShapeError);
  CHECK_THROWS_AS(step(batch.y.view(), batch.y.view(), generator.weights(), discriminator.weights(), 1), ShapeError);
  CHECK_THROWS_WITH(step(batch.y.view(), batch.x.view(), discriminator.weights(), discriminator.weights(), 1),
                    ContainsSubstring("the generator's parameters has"));
  discriminator.moments = Buffer<double>(3);
  CHECK_THROWS_AS(step(batch.y.view(), batch.x.view(), generator.weights(), discriminator.weights(), 1), ShapeError);
}

}  // namespace adversarial_step_test
