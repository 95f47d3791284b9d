// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A step of adversarial training: a network that restores and one that tells its images from true ones learn from each
/// other.

#include <cmath>
#include <limits>

#include "videoonenet/core/channels.hpp"
#include "videoonenet/train/adversarial/judge.hpp"
#include "videoonenet/train/loss/feature_loss.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace videoonenet {

/// What the two learn from, and how.  Source: SPEC §4 (INV); λ_a is ON's for images, the only one that is stated there.
struct AdversarialOptions {
  double reconstruction = 0.5;    ///< λ_r, weight of the mean squared error
  double feature = 0.5;           ///< λ_f, weight of the feature loss where there is one
  double adversarial = 1e-3;      ///< λ_a, weight of what the discriminator says
  double true_label = 0.99;       ///< what the discriminator should say of true images, and the generator wants to hear
  double generated_label = 0.01;  ///< what it should say of generated ones
  double clip_norm = 5;           ///< limit of the global norm of either gradient; 0: none
  Adam generator{.learning_rate = 1e-4, .beta1 = 0.5, .beta2 = 0.999};
  Adam discriminator{.learning_rate = 1e-4, .beta1 = 0.5, .beta2 = 0.999};
};

/// Losses before an update, those of the generator summed over its images and not weighted.
struct AdversarialReport {
  double reconstruction = 0, feature = 0, adversarial = 0;
  double generator_loss = 0;  ///< their weighted sum
  double discriminator_loss = 0;
  double generator_norm = 0, discriminator_norm = 0;  ///< of the gradients, before clipping
};

/// Steps of a generator G and a discriminator D, any two Layers, on batches of one shape.
///
/// Math: G(y) = [o_1, …, o_m], m images along the channels, all of them judged; with ℓ(l, t) the LogisticLoss of the
/// logits l and the label t, and x the true images,
///   L_G = Σ_k λ_r ‖o_k − x‖²/n + λ_f feature(o_k, x) + λ_a ℓ(D(o_k), true_label),
///   L_D = ℓ(D(x), true_label) + (1/m) Σ_k ℓ(D(o_k), generated_label).
/// G follows the gradient of L_G and D that of L_D, both taken at the same weights, clipped, and given to Adam.
/// Batch norm sees one kind of images at a time; its running statistics follow the generator's pass and all of the
/// discriminator's.
/// Errors: InputError for options out of range; ShapeError where G, D and the images do not fit together;
/// NumericalError where a loss or a gradient is not finite, before any weight is updated; the running statistics of D
/// may have followed its images by then.
/// Cost: a pass of G and its adjoint, m + 1 passes of D and 2m + 1 of its adjoint; no allocation after construction.
/// The bits do not depend on the number of threads. A device is waited for.
/// Source: SPEC §4 (ON, INF, INV); Goodfellow et al. 2014, with the loss of G that does not saturate.
template <class Generator, class Discriminator, Executor Ex = Cpu,
          class Features = NoFeatureLoss<typename Generator::value_type>>
class AdversarialStep {
 public:
  static_assert(require_layer<Generator, Ex>() && require_layer<Discriminator, Ex>());
  using T = typename Generator::value_type;
  static_assert(std::same_as<T, typename Discriminator::value_type> && std::same_as<T, typename Features::T>,
                "videoonenet: generator, discriminator and comparator work in different scalar types (value_type)");

  /// `measured` and `truth` are the shapes of the batches that G takes and should return.
  AdversarialStep(const Ex& ex, Generator generator, Discriminator discriminator, const Shape& measured,
                  const Shape& truth, const AdversarialOptions& options = {}, Features features = {})
      : ex_(ex),
        generator_(std::move(generator)),
        judge_{std::move(discriminator)},
        features_(std::move(features)),
        options_(checked(options)),
        measured_(measured),
        truth_(truth),
        outputs_(count_outputs(generator_.output_shape(measured), truth)),
        plan_(plan(ex, [&](auto& memory) { return make_work(memory); })) {}

  /// Images that G returns for each true one.
  Index outputs() const { return outputs_; }
  /// Bytes held for all steps; weights and moments are the caller's.
  Index bytes() const { return plan_.bytes(); }

  /// Makes update number `step` (from 1) of both, with `factor` times the learning rates.
  AdversarialReport operator()(View<const T> measured, View<const T> truth, const AdversarialWeights<T>& generator,
                               const AdversarialWeights<T>& discriminator, Index step, double factor = 1) {
    require_shape(measured.shape, measured_, "AdversarialStep", "the measured batch");
    require_shape(truth.shape, truth_, "AdversarialStep", "the true batch");
    detail::require_fit(generator, generator_.parameter_count(), "AdversarialStep", "the generator's parameters",
                        "the generator's moments");
    detail::require_fit(discriminator, judge_.layer.parameter_count(), "AdversarialStep",
                        "the discriminator's parameters", "the discriminator's moments");
    Work& w = plan_.cache;
    fill(ex_, T(0), w.grad_generator);
    fill(ex_, T(0), w.judge.gradient);
    AdversarialReport report;
    generator_.forward(ex_, generator.parameters, measured, w.outputs, w.generator);
    features_.set_truth(ex_, truth, w.features);
    for (Index k = 0; k < outputs_; ++k) judge_output(k, truth, discriminator, step, report);
    report.discriminator_loss += judge(truth, options_.true_label, 1, discriminator, step);
    generator_.adjoint(ex_, generator.parameters, w.generator, w.grad_outputs, w.unused_measured, w.grad_generator);

    report.generator_loss = options_.reconstruction * report.reconstruction + options_.feature * report.feature +
                            options_.adversarial * report.adversarial;
    const double limit = options_.clip_norm > 0 ? options_.clip_norm : std::numeric_limits<double>::infinity();
    report.generator_norm = clip_global_norm(ex_, limit, w.grad_generator);
    report.discriminator_norm = clip_global_norm(ex_, limit, w.judge.gradient);
    require_finite(report.generator_loss, "the generator's loss", step);
    require_finite(report.generator_norm, "the norm of the generator's gradient", step);
    require_finite(report.discriminator_norm, "the norm of the discriminator's gradient", step);
    options_.generator.update(ex_, step, factor, w.grad_generator, generator.moments, generator.parameters);
    options_.discriminator.update(ex_, step, factor, w.judge.gradient, discriminator.moments, discriminator.parameters);
    update_running_statistics_of(ex_, generator_, w.generator, generator.parameters);
    return report;
  }

 private:
  /// The memory of a step; what is unused is added to and never read.
  struct Work {
    View<T> outputs, grad_outputs;  ///< of G
    View<T> image, grad_image;      ///< one of them
    View<T> unused_measured;
    std::span<T> grad_generator;
    typename Generator::Cache generator;
    typename Judge<Discriminator>::Cache judge;
    typename Features::Cache features;
  };

  Work make_work(Memory<Ex>& memory) const {
    const Shape outputs = generator_.output_shape(measured_);
    const auto images = [&](const Shape& shape) { return memory.kept.template take<T>(shape); };
    return {.outputs = images(outputs),
            .grad_outputs = images(outputs),
            .image = images(truth_),
            .grad_image = images(truth_),
            .unused_measured = images(measured_),
            .grad_generator = memory.kept.template take<T>(generator_.parameter_count()),
            .generator = generator_.make_cache(memory, measured_),
            .judge = judge_.make_cache(memory, truth_),
            .features = features_.make_cache(memory, truth_)};
  }

  /// The losses of G's image k, their gradients by it, and what D learns from it.
  void judge_output(Index k, View<const T> truth, const AdversarialWeights<T>& discriminator, Index step,
                    AdversarialReport& report) {
    Work& w = plan_.cache;
    const Index f = truth_.f, pixels = truth_.size() / f;
    copy_channels(ex_, pixels, w.outputs.flat(), outputs_ * f, k * f, f, w.image.flat(), f, 0);
    const double error = MeanSquaredError{}.value(ex_, w.image, truth);
    require_finite(error, "the mean squared error", step);
    report.reconstruction += error;
    MeanSquaredError{}.gradient(ex_, w.image, truth, T(options_.reconstruction), w.grad_image);
    report.feature += features_.value(ex_, w.image, w.features);
    features_.add_gradient(ex_, T(options_.feature), w.features, w.grad_image);
    report.discriminator_loss += judge(w.image, options_.generated_label, 1 / double(outputs_), discriminator, step);
    report.adversarial +=
        judge_.please(ex_, w.judge, discriminator.parameters, options_.true_label, options_.adversarial, w.grad_image);
    copy_channels(ex_, pixels, w.grad_image.flat(), f, 0, f, w.grad_outputs.flat(), outputs_ * f, k * f);
  }

  /// D's weighted loss where it should have said `label` of images, from which it learns.
  double judge(View<const T> images, double label, double weight, const AdversarialWeights<T>& discriminator,
               Index step) {
    const double loss = judge_.judge(ex_, plan_.cache.judge, discriminator.parameters, images, label, weight);
    require_finite(loss, "the discriminator's loss", step);
    return loss;
  }

  static void require_finite(double value, const char* what, Index step) {
    detail::require_finite("AdversarialStep", value, what, step);
  }
  static Index count_outputs(const Shape& outputs, const Shape& truth) {
    Shape expected = truth;
    expected.f = outputs.f;
    if (!(outputs == expected) || outputs.f % truth.f != 0)
      throw ShapeError(sentence("AdversarialStep: the generator's output has shape (N,T,H,W,F) = ", outputs,
                                ", expected one or more images of shape ", truth, " along the channels"));
    return outputs.f / truth.f;
  }
  static AdversarialOptions checked(const AdversarialOptions& o) {
    const auto weight = [](const char* what, double v) { detail::require_weight("AdversarialStep", what, v); };
    const auto label = [](const char* what, double v) { detail::require_share("AdversarialStep", what, v); };
    weight("the weight of the reconstruction", o.reconstruction);
    weight("the weight of the feature loss", o.feature);
    weight("the weight of the adversarial loss", o.adversarial);
    weight("the limit of the gradients' norm", o.clip_norm);
    label("the label of true images", o.true_label);
    label("the label of generated images", o.generated_label);
    o.generator.check();
    o.discriminator.check();
    return o;
  }

  Ex ex_;
  Generator generator_;
  Judge<Discriminator> judge_;
  Features features_;
  AdversarialOptions options_;
  Shape measured_, truth_;
  Index outputs_;
  Planned<Work, Ex> plan_;
};

}  // namespace videoonenet
