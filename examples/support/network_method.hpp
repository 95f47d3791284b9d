// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A trained network as a method of the programs: read once, shared by all threads.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/window_method.hpp"
#include "videoonenet/models/inf_admm_file.hpp"
#include "videoonenet/models/inverse_net.hpp"
#include "videoonenet/models/model.hpp"
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

namespace videoonenet {
template <class T>
struct TrainedModel;
class Safetensors;
}  // namespace videoonenet

namespace program {

using namespace videoonenet;

/// Tiles of HxW or TxHxW entries; a quarter to three eighths of a tile overlaps its neighbour.
/// Errors: InputError when the text is something else or a tile is smaller than 8 pixels.
TileOptions parse_tiles(const std::string& text);

/// A layer that its file rebuilds, with its weights.
template <class Sizes>
class LayerMethod {
 public:
  /// What tables call it, as NetworkMethod says.
  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  const Sizes& sizes() const { return sizes_; }
  std::span<const float> parameters() const { return parameters_.span(); }

  /// Calls body(weights) with the weights in memory of the executor.
  template <Executor Ex, class Body>
  void with_weights(const Ex& ex, Body&& body) const {
    if constexpr (DeviceExecutor<Ex>) {
      auto weights = ex.template allocate<float>(parameters_.size());
      ex.upload(parameters(), weights.span());
      body(std::span<const float>(weights.span()));
    } else {
      body(parameters());
    }
  }

 protected:
  LayerMethod(const std::string& path, TrainedLayer<float, Sizes> trained);

 private:
  std::string path_, name_;
  Sizes sizes_;
  Buffer<float> parameters_;
};

/// The first OneNet's projector, which the programs run as the prior of ADMM.
class ProjectorMethod : public LayerMethod<ImageAutoencoderOptions> {
 public:
  /// Errors: InputError for a file that is no projector.
  ProjectorMethod(const std::string& path, const Safetensors& file);

  /// Refuses videos of other frames than it was trained on.
  void require_video(const Shape& video) const;
};

/// An InverseNet, which restores in one pass.
class InverseNetMethod : public LayerMethod<InverseNetOptions> {
 public:
  /// Errors: InputError for a file that is no InverseNet.
  InverseNetMethod(const std::string& path, const Safetensors& file);

  /// Refuses videos of other channels, and of frames that it cannot halve.
  void require_video(const Shape& video) const;
};

/// Both networks of Inf-ADMM-ADNN, by which the programs run ADMM without a solve.
class InfAdmmMethod : public LayerMethod<InfAdmmSizes<float>> {
 public:
  /// Errors: InputError for a file that is none.
  InfAdmmMethod(const std::string& path, const Safetensors& file);

  /// Refuses videos of other channels than it was trained on.
  void require_video(const Shape& video) const;
  /// Whether an operator measures videos at the resolution of those it was trained for.
  template <class A>
  bool suits(const A& a) const {
    const Shape video = a.domain(), measured = a.range();
    const auto& s = sizes().denoiser;
    return measured ==
               Shape{.n = video.n, .t = video.t, .h = video.h / s.factor, .w = video.w / s.factor, .f = s.condition} &&
           video.h % s.factor == 0 && video.w % s.factor == 0;
  }
  /// Restores the video measured as y = A x; the weights lie in memory of the executor.
  /// Errors: InputError for an operator whose inverse its network is not; those of InfAdmmAdnn.
  template <Executor Ex, class A>
  AdmmReport restore(const Ex& ex, std::span<const float> weights, const A& a, std::span<const float> y, View<float> x,
                     const AdmmOptions<float>& options) const {
    const InfAdmmAdnn<float, Linear> model(sizes());
    const auto denoiser = weights.first(static_cast<std::size_t>(parameters_of_denoiser()));
    const auto inverse = weights.subspan(denoiser.size());
    require_inverse(ex, model, inverse, a);
    return model.restore(ex, inverse, denoiser, a, y, x, options);
  }

 private:
  Index parameters_of_denoiser() const;
  void refuse(double loss) const;

  /// Refuses operators that the network does not invert: on noise it would be no better than none.
  template <Executor Ex, class A>
  void require_inverse(const Ex& ex, const InfAdmmAdnn<float, Linear>& model, std::span<const float> weights,
                       const A& a) const {
    const double loss = inversion_loss(ex, model.inverse(), weights, a, sizes().rho);
    if (!(loss < 1)) refuse(loss);
  }
};

/// A model with its weights, and memory that its calls borrow.
class NetworkMethod {
 public:
  /// Errors: InputError for a file that is no model.
  NetworkMethod(const std::string& path, const Safetensors& file, const ModelRun& run);

  /// What tables call it: its file's metadata `name`, or else the file's name.
  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  const Model<float>& model() const { return model_; }
  std::span<const float> parameters() const { return parameters_.span(); }

  /// The same network on tiles with which restoring such a video, or such windows, takes at most `bytes`.
  /// Errors: InputError when no tiles are small enough.
  std::shared_ptr<const NetworkMethod> within(const Cpu& ex, const Shape& video, Index hop, Index bytes) const;

  /// Refuses videos of channels it was not trained on, and those that this machine's memory cannot hold.
  void require_video(const Cpu& ex, const Shape& video, Index hop = 0) const;

  /// Restores the video measured as y = A x; may be called from several threads.
  template <class A>
  void restore(const Cpu& ex, const A& a, std::span<const float> y, View<float> x) const {
    auto memory = borrow(ex, x.shape);
    model().restore(ex, parameters_.span(), a, y, x, memory->planned.cache);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(memory));
  }
  /// The same on a device, where the weights are brought for it.
  template <DeviceExecutor Ex, class A>
  void restore(const Ex& ex, const A& a, std::span<const float> y, View<float> x) const {
    const auto weights = brought_to(ex);
    model().restore(ex, weights.span(), a, y, x);
  }
  /// The same by windows.
  template <class A>
  void restore(const Cpu& ex, const A& a, std::span<const float> y, View<float> x, const WindowOptions& windows) const {
    restore_by_windows(ex, model(), parameters_.span(), a, y, x, windows, [](const auto&) {});
  }
  template <DeviceExecutor Ex, class A>
  void restore(const Ex& ex, const A& a, std::span<const float> y, View<float> x, const WindowOptions& windows) const {
    const auto weights = brought_to(ex);
    restore_by_windows(ex, model(), weights.span(), a, y, x, windows, [](const auto&) {});
  }

 private:
  template <DeviceExecutor Ex>
  auto brought_to(const Ex& ex) const {
    auto weights = ex.template allocate<float>(parameters_.size());
    ex.upload(parameters_.span(), weights.span());
    return weights;
  }

  NetworkMethod(const std::string& path, TrainedModel<float> trained);
  NetworkMethod(std::string path, std::string name, Model<float> model, Buffer<float> parameters)
      : path_(std::move(path)), name_(std::move(name)), model_(std::move(model)), parameters_(std::move(parameters)) {}

  /// Memory for one call, on videos of one shape and at most so many threads.
  struct Memory {
    Shape video;
    Cpu ex;
    Planned<Model<float>::Cache, Cpu> planned;
  };

  std::unique_ptr<Memory> borrow(const Cpu& ex, const Shape& video) const;

  std::string path_, name_;
  Model<float> model_;
  Buffer<float> parameters_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Memory>> free_;
};

}  // namespace program
