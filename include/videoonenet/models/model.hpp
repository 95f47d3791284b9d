// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Any OneNet or VideoOneNet, chosen at run time.

#include <variant>

#include "videoonenet/models/tiled/tiled.hpp"
#include "videoonenet/models/video_one_net.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace videoonenet {

/// How a model is run, which its weights do not depend on.
struct ModelRun {
  TileOptions tiles{};              ///< of the nets; for inference
  SolverOptions solver{};           ///< of the data step
  std::function<void()> on_tile{};  ///< called after every tile of every net: progress, Model::tiles in all
};

/// A network that its options describe, with the interface of UnrolledNetwork.
///
/// Shapes: videos of options().channels channels and any extents otherwise, whatever it was trained on; with an
/// autoencoder for a net, frames of its size.
/// Errors: InputError for options out of range; ShapeError for other channels.
template <class T>
class Model {
  struct MakeNet {
    const ModelRun& run;
    Tiled<VideoNet<T>> operator()(const VideoNetOptions& o, bool recurrent) const {
      return {video_net<T>(o, recurrent), run.tiles, run.on_tile};
    }
  };
  using Net = Tiled<VideoNet<T>>;
  using One = UnrolledNetwork<dynamic, NetworkPrior<Net>, LeastSquares, OptionalStart<Net>>;
  using Video = UnrolledNetwork<dynamic, NetworkPrior<Net>, NetworkDataStep<Net>, OptionalStart<Net>>;

 public:
  using value_type = T;
  using Cache = std::variant<typename One::Cache, typename Video::Cache>;

  /// The data step of either network, bound to a problem.
  template <Executor Ex, class A>
  struct Bound {
    std::variant<BoundLeastSquares<A, Ex>, BoundNetworkDataStep<A, Ex>> step;

    /// Takes another measurement, or another problem; see BoundLeastSquares.
    void rebind(const Ex& ex, std::span<const T> y) {
      std::visit([&](auto& s) { s.rebind(ex, y); }, step);
    }
    void rebind(const Ex& ex, const A& a, std::span<const T> y) {
      std::visit([&](auto& s) { s.rebind(ex, a, y); }, step);
    }
  };

  explicit Model(const ModelOptions& options, const ModelRun& run = {});

  const ModelOptions& options() const { return options_; }
  const ModelRun& run() const { return run_; }
  int iterations() const { return options_.iterations; }
  Index parameter_count() const;
  /// The parameters in the order in which they lie, under the names of SPEC §5.
  std::vector<Parameter> parameters() const;
  /// Calls body(network) with the OneNet or VideoOneNet inside.
  template <class Body>
  decltype(auto) visit(Body&& body) const {
    return std::visit(std::forward<Body>(body), network_);
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video, const Backward& backward = {}) const;
  /// Factors the operator; `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  Bound<Ex, A> bind(const Ex& ex, const A& a, std::span<const T> y) const;
  /// Writes z⁽ᴷ⁾; bound and cache are those of this model.
  template <Executor Ex, class A>
  void forward(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache, View<T> z) const;
  /// The two halves of forward, and the iterates between them; see UnrolledNetwork.
  template <Executor Ex, class A>
  void start(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache) const;
  template <Executor Ex, class A>
  void iterate(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache) const;
  static AdmmState<T>& state(Cache& cache) {
    return std::visit([](auto& c) -> AdmmState<T>& { return c.state; }, cache);
  }
  /// Adds the gradient by the parameters; see UnrolledNetwork::adjoint.
  template <Executor Ex, class A>
  void adjoint(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache, View<const T> grad_z,
               std::span<T> grad_parameters) const;

  /// How often a forward on such a video runs a net on a tile.
  Index tiles(const Shape& video) const {
    const int nets = iterations() * (network_.index() == 0 ? 1 : 2) + (options_.learn_start ? 1 : 0);
    return nets * run_.tiles.count(video);
  }
  /// The memory that restoring videos of one shape takes; keep it to restore several.
  template <Executor Ex>
  Planned<Cache, Ex> plan_restoration(const Ex& ex, const Shape& video) const;
  /// Bytes that a restoration of such a video takes: what is planned and what the data step holds of the video, but not
  /// the factors of its operator. With a hop: in a Stream that carries recurrent states.
  template <Executor Ex>
  Index restoration_bytes(const Ex& ex, const Shape& video, Index hop = 0) const;
  /// Restores the video measured as y = A x.  Cost: `iterations` times the nets and the data step.
  template <Executor Ex, class A>
  void restore(const Ex& ex, Input<T> parameters, const A& a, Input<T> y, View<T> z, Cache& cache) const {
    auto bound = bind(ex, a, y);
    forward(ex, parameters, bound, cache, z);
  }
  template <Executor Ex, class A>
  void restore(const Ex& ex, Input<T> parameters, const A& a, Input<T> y, View<T> z) const {
    auto planned = plan_restoration(ex, a.domain());
    restore(ex, parameters, a, y, z, planned.cache);
  }

 private:
  static std::variant<One, Video> make(const ModelOptions& o, const ModelRun& run);
  void require_channels(const Shape& video) const {
    if (video.f != options_.channels)
      throw ShapeError(sentence("the model ", name_of(options_), " is for videos of ", options_.channels,
                                " channels, but the video (N,T,H,W,F) = ", video, " has ", Index(video.f)));
  }
  /// Calls body(network, integral constant of its place in the variants).
  template <class Body>
  void with_network(Body&& body) const {
    if (network_.index() == 0)
      body(std::get<0>(network_), std::integral_constant<std::size_t, 0>());
    else
      body(std::get<1>(network_), std::integral_constant<std::size_t, 1>());
  }

  ModelOptions options_;
  ModelRun run_;
  std::variant<One, Video> network_;
};

// Not inside the class: only then does a program that compiles them once (core/config.hpp) not compile them again.
template <class T>
Model<T>::Model(const ModelOptions& options, const ModelRun& run)
    : options_(options), run_(run), network_(make(options, run)) {}

template <class T>
auto Model<T>::make(const ModelOptions& o, const ModelRun& run) -> std::variant<One, Video> {
  const LeastSquares least_squares{.solver = run.solver};
  if (o.data_net == DataNet::none) return one_net<T>(o, MakeNet{run}, least_squares);
  return video_one_net<T>(o, MakeNet{run}, least_squares);
}

template <class T>
Index Model<T>::parameter_count() const {
  return std::visit([](const auto& net) { return net.parameter_count(); }, network_);
}

template <class T>
std::vector<Parameter> Model<T>::parameters() const {
  return std::visit([](const auto& net) { return net.parameters(); }, network_);
}

template <class T>
template <Executor Ex>
auto Model<T>::make_cache(Memory<Ex>& memory, const Shape& video, const Backward& backward) const -> Cache {
  require_channels(video);
  return std::visit([&](const auto& net) -> Cache { return net.make_cache(memory, video, backward); }, network_);
}

template <class T>
template <Executor Ex, class A>
auto Model<T>::bind(const Ex& ex, const A& a, std::span<const T> y) const -> Bound<Ex, A> {
  return std::visit([&](const auto& net) -> Bound<Ex, A> { return {net.bind(ex, a, y)}; }, network_);
}

template <class T>
template <Executor Ex, class A>
void Model<T>::forward(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache, View<T> z) const {
  with_network(
      [&](const auto& net, auto i) { net.forward(ex, parameters, std::get<i>(bound.step), std::get<i>(cache), z); });
}

template <class T>
template <Executor Ex, class A>
void Model<T>::start(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache) const {
  with_network(
      [&](const auto& net, auto i) { net.start(ex, parameters, std::get<i>(bound.step), std::get<i>(cache)); });
}

template <class T>
template <Executor Ex, class A>
void Model<T>::iterate(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache) const {
  with_network(
      [&](const auto& net, auto i) { net.iterate(ex, parameters, std::get<i>(bound.step), std::get<i>(cache)); });
}

template <class T>
template <Executor Ex, class A>
void Model<T>::adjoint(const Ex& ex, Input<T> parameters, Bound<Ex, A>& bound, Cache& cache, View<const T> grad_z,
                       std::span<T> grad_parameters) const {
  with_network([&](const auto& net, auto i) {
    net.adjoint(ex, parameters, std::get<i>(bound.step), std::get<i>(cache), grad_z, grad_parameters);
  });
}

template <class T>
template <Executor Ex>
auto Model<T>::plan_restoration(const Ex& ex, const Shape& video) const -> Planned<Cache, Ex> {
  return plan(ex, [&](auto& memory) { return make_cache(memory, video); }, Purpose::inference);
}

template <class T>
template <Executor Ex>
Index Model<T>::restoration_bytes(const Ex& ex, const Shape& video, Index hop) const {
  const Index bound = (network_.index() == 0 ? 2 : 3) * video.size() * static_cast<Index>(sizeof(T));
  return bound + planned_bytes(ex, [&](auto& memory) { return make_cache(memory, video); }, Purpose::inference, hop);
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE class Model<float>;
VIDEOONENET_INSTANCE auto Model<float>::make_cache(Memory<Cpu>&, const Shape&, const Backward&) const -> Cache;
VIDEOONENET_INSTANCE auto Model<float>::plan_restoration(const Cpu&, const Shape&) const -> Planned<Cache, Cpu>;
VIDEOONENET_INSTANCE Index Model<float>::restoration_bytes(const Cpu&, const Shape&, Index) const;
#define VIDEOONENET_MODEL_INSTANCES(A)                                                                                 \
  VIDEOONENET_INSTANCE Model<float>::Bound<Cpu, A> Model<float>::bind(const Cpu&, const A&, std::span<const float>)    \
      const;                                                                                                           \
  VIDEOONENET_INSTANCE void Model<float>::forward(const Cpu&, Input<float>, Bound<Cpu, A>&, Cache&, View<float>)       \
      const;                                                                                                           \
  VIDEOONENET_INSTANCE void Model<float>::start(const Cpu&, Input<float>, Bound<Cpu, A>&, Cache&) const;               \
  VIDEOONENET_INSTANCE void Model<float>::iterate(const Cpu&, Input<float>, Bound<Cpu, A>&, Cache&) const;             \
  VIDEOONENET_INSTANCE void Model<float>::adjoint(const Cpu&, Input<float>, Bound<Cpu, A>&, Cache&, View<const float>, \
                                                  std::span<float>) const;
VIDEOONENET_MODEL_INSTANCES(ShippedOperator<float>)
#undef VIDEOONENET_MODEL_INSTANCES
#endif

}  // namespace videoonenet
