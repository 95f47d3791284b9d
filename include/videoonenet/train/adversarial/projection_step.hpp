// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A step of training OneNet's projection network: an autoencoder of images, a discriminator of its images and one of
/// its codes learn from each other.

#include <array>

#include "videoonenet/train/adversarial/judge.hpp"
#include "videoonenet/train/loss/loss.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace videoonenet {

/// What the three learn from, and how.  Source: SPEC §4 (ON); `identity` and `ratio` are its λ_l2 and λ_ratio.
struct ProjectionOptions {
  double denoising = 1;      ///< weight of the way from a perturbed image to the true one
  double identity = 5e-3;    ///< weight of staying where an image is
  double image = 1e-3;       ///< weight of what the discriminator of images says
  double latent = 1e-4;      ///< weight of what the discriminator of codes says
  double ratio = 1e-2;       ///< share of true images in the last three, from 0 to 1; perturbed ones have the rest
  double true_label = 0.85;  ///< what discriminators should say of what is true, smoothed
  double clip_value = 10;    ///< limit of each entry of the gradients; 0: none
  Adam projector{.learning_rate = 2e-4, .beta1 = 0.9, .beta2 = 0.999};
  Adam discriminators{.learning_rate = 2e-4, .beta1 = 0.5, .beta2 = 0.999};
};

/// The weights of the three, and Adam's moments; the projector's are the encoder's and behind them the decoder's.
template <class T>
struct ProjectionWeights {
  AdversarialWeights<T> projector, image, latent;
};

/// Losses before an update, the projector's not weighted.
struct ProjectionReport {
  double denoising = 0, identity = 0, image = 0, latent = 0;
  double projector_loss = 0;               ///< their weighted sum
  double image_loss = 0, latent_loss = 0;  ///< of the discriminators
  double gradient_norm = 0;                ///< of the projector's gradient, before clipping
};

/// Steps of a projector P(x) = D(E(x)) and discriminators I of images and C of codes, any Layers, on batches of one
/// shape.
///
/// Math: with true images x, perturbed ones v, r = ratio, r' = 1 − r, s = true_label and ℓ(l, t) the LogisticLoss of
/// the logits l and the label t,
///   L_P = denoising ‖P(v) − x‖²/n + identity (r ‖P(x) − x‖² + r' ‖P(v) − v‖²)/n
///         + image (r ℓ(I(P(x)), 1) + r' ℓ(I(P(v)), 1)) + latent ℓ(C(E(v)), 1),
///   L_I = ½ (ℓ(I(x), s) + r ℓ(I(P(x)), 0) + r' ℓ(I(P(v)), 0)),
///   L_C = r ℓ(C(E(x)), s) + r' ℓ(C(E(v)), 0).
/// Each follows the gradient of its own loss, all taken at the same weights, its entries clipped, and given to Adam.
/// Batch norm sees true or perturbed images at a time, and its running statistics follow all passes.
/// Errors: InputError for options out of range; ShapeError where the layers and the images do not fit together;
/// NumericalError where a loss or a gradient is not finite, before any weight is updated; running statistics may have
/// followed the images by then.
/// Cost: two passes of P and two of its adjoint, three of I and five of its adjoint, two of C and three of its adjoint;
/// no allocation after construction. The bits do not depend on the number of threads. A device is waited for.
/// Source: SPEC §4 (ON); the discriminators' losses and the label 1 are its code's, and so are clipped gradients.
template <class Encoder, class Decoder, class ImageDiscriminator, class LatentDiscriminator, Executor Ex = Cpu>
class ProjectionStep {
 public:
  static_assert(require_layer<Encoder, Ex>() && require_layer<Decoder, Ex>() &&
                require_layer<ImageDiscriminator, Ex>() && require_layer<LatentDiscriminator, Ex>());
  using T = typename Encoder::value_type;

  /// `images` is the shape of the batches.
  ProjectionStep(const Ex& ex, Encoder encoder, Decoder decoder, ImageDiscriminator image, LatentDiscriminator latent,
                 const Shape& images, const ProjectionOptions& options = {})
      : ex_(ex),
        encoder_(std::move(encoder)),
        decoder_(std::move(decoder)),
        image_{std::move(image)},
        latent_{std::move(latent)},
        options_(checked(options)),
        images_(images),
        plan_(plan(ex, [&](auto& memory) { return make_work(memory); })) {}

  /// Bytes held for all steps; weights and moments are the caller's.
  Index bytes() const { return plan_.bytes(); }

  /// Makes update number `step` (from 1) of all three, with `factor` times the learning rates.
  ProjectionReport operator()(View<const T> truth, View<const T> perturbed, const ProjectionWeights<T>& weights,
                              Index step, double factor = 1) {
    require_shape(truth.shape, images_, "ProjectionStep", "the batch of true images");
    require_shape(perturbed.shape, images_, "ProjectionStep", "the batch of perturbed images");
    const auto require_fit = [](const AdversarialWeights<T>& own, Index count, const char* parameters,
                                const char* moments) {
      detail::require_fit(own, count, "ProjectionStep", parameters, moments);
    };
    require_fit(weights.projector, encoder_.parameter_count() + decoder_.parameter_count(),
                "the projector's parameters", "the projector's moments");
    require_fit(weights.image, image_.layer.parameter_count(), "the parameters of the discriminator of images",
                "the moments of the discriminator of images");
    require_fit(weights.latent, latent_.layer.parameter_count(), "the parameters of the discriminator of codes",
                "the moments of the discriminator of codes");
    Work& w = plan_.cache;
    const std::array gradients{w.grad_projector, w.image.gradient, w.latent.gradient};
    for (const std::span<T> gradient : gradients) fill(ex_, T(0), gradient);
    ProjectionReport report;
    project(perturbed, truth, true, weights, step, report);
    project(truth, truth, false, weights, step, report);
    report.image_loss += image_.judge(ex_, w.image, weights.image.parameters, truth, options_.true_label, 0.5);

    report.projector_loss = options_.denoising * report.denoising + options_.identity * report.identity +
                            options_.image * report.image + options_.latent * report.latent;
    require_finite(report.projector_loss, "the projector's loss", step);
    require_finite(report.image_loss, "the loss of the discriminator of images", step);
    require_finite(report.latent_loss, "the loss of the discriminator of codes", step);
    report.gradient_norm = std::sqrt(squared_norm(ex_, std::span<const T>(w.grad_projector)));
    require_finite(report.gradient_norm, "the norm of the projector's gradient", step);
    for (const std::span<T> gradient : {w.image.gradient, w.latent.gradient})
      require_finite(squared_norm(ex_, std::span<const T>(gradient)), "the squared norm of a gradient", step);
    const auto update = [&](const Adam& adam, std::span<T> gradient, const AdversarialWeights<T>& own) {
      if (options_.clip_value > 0) clip_value(ex_, options_.clip_value, gradient);
      adam.update(ex_, step, factor, std::span<const T>(gradient), own.moments, own.parameters);
    };
    update(options_.projector, w.grad_projector, weights.projector);
    update(options_.discriminators, w.image.gradient, weights.image);
    update(options_.discriminators, w.latent.gradient, weights.latent);
    return report;
  }

 private:
  /// The memory of a step.
  struct Work {
    View<T> code, grad_code, projected, grad_projected, difference, unused_images;
    std::span<T> grad_projector;
    typename Judge<ImageDiscriminator>::Cache image;
    typename Judge<LatentDiscriminator>::Cache latent;
    typename Encoder::Cache encoder;
    typename Decoder::Cache decoder;
  };

  Work make_work(Memory<Ex>& memory) const {
    const Shape codes = encoder_.output_shape(images_);
    require_shape(decoder_.output_shape(codes), images_, "ProjectionStep", "the decoder's output");
    const auto views = [&](const Shape& shape) { return memory.kept.template take<T>(shape); };
    return {.code = views(codes),
            .grad_code = views(codes),
            .projected = views(images_),
            .grad_projected = views(images_),
            .difference = views(images_),
            .unused_images = views(images_),
            .grad_projector = memory.kept.template take<T>(encoder_.parameter_count() + decoder_.parameter_count()),
            .image = image_.make_cache(memory, images_),
            .latent = latent_.make_cache(memory, codes),
            .encoder = encoder_.make_cache(memory, images_),
            .decoder = decoder_.make_cache(memory, codes)};
  }

  /// What is learned from projecting true or perturbed images.
  void project(View<const T> images, View<const T> truth, bool perturbed, const ProjectionWeights<T>& weights,
               Index step, ProjectionReport& report) {
    Work& w = plan_.cache;
    const double share = perturbed ? 1 - options_.ratio : options_.ratio;
    const auto count = static_cast<std::size_t>(encoder_.parameter_count());
    const std::span<T> encoder = weights.projector.parameters.first(count),
                       decoder = weights.projector.parameters.subspan(count);
    encoder_.forward(ex_, encoder, images, w.code, w.encoder);
    decoder_.forward(ex_, decoder, w.code, w.projected, w.decoder);

    const MeanSquaredError error;
    report.identity += share * error.value(ex_, w.projected, images);
    require_finite(report.identity, "the mean squared error", step);
    error.gradient(ex_, w.projected, images, T(options_.identity * share), w.grad_projected);
    if (perturbed) {
      report.denoising = error.value(ex_, w.projected, truth);
      error.gradient(ex_, w.projected, truth, T(options_.denoising), w.difference);
      axpby(ex_, T(1), w.difference.flat(), T(1), w.grad_projected.flat());
    }
    report.image_loss += image_.judge(ex_, w.image, weights.image.parameters, w.projected, 0, share / 2);
    report.image +=
        share * image_.please(ex_, w.image, weights.image.parameters, 1, options_.image * share, w.grad_projected);
    fill(ex_, T(0), w.grad_code.flat());
    decoder_.adjoint(ex_, decoder, w.decoder, w.grad_projected, w.grad_code, w.grad_projector.subspan(count));

    report.latent_loss +=
        latent_.judge(ex_, w.latent, weights.latent.parameters, w.code, perturbed ? 0 : options_.true_label, share);
    if (perturbed)  // whose codes are to look like those of true images
      report.latent = latent_.please(ex_, w.latent, weights.latent.parameters, 1, options_.latent, w.grad_code);
    encoder_.adjoint(ex_, encoder, w.encoder, w.grad_code, w.unused_images, w.grad_projector.first(count));
    update_running_statistics_of(ex_, encoder_, w.encoder, encoder);
    update_running_statistics_of(ex_, decoder_, w.decoder, decoder);
  }

  static void require_finite(double value, const char* what, Index step) {
    detail::require_finite("ProjectionStep", value, what, step);
  }
  static ProjectionOptions checked(const ProjectionOptions& o) {
    const auto weight = [](const char* what, double v) { detail::require_weight("ProjectionStep", what, v); };
    const auto share = [](const char* what, double v) { detail::require_share("ProjectionStep", what, v); };
    weight("the weight of denoising", o.denoising);
    weight("the weight of staying", o.identity);
    weight("the weight of the discriminator of images", o.image);
    weight("the weight of the discriminator of codes", o.latent);
    weight("the limit of the gradients' entries", o.clip_value);
    share("the share of true images", o.ratio);
    share("the label of what is true", o.true_label);
    o.projector.check();
    o.discriminators.check();
    return o;
  }

  Ex ex_;
  Encoder encoder_;
  Decoder decoder_;
  Judge<ImageDiscriminator> image_;
  Judge<LatentDiscriminator> latent_;
  ProjectionOptions options_;
  Shape images_;
  Planned<Work, Ex> plan_;
};

}  // namespace videoonenet
