// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Loss and gradient of a batch of restoration problems: one thread and one planned cache for each video.

#include <atomic>
#include <functional>
#include <vector>

#include "videoonenet/autodiff/backward.hpp"
#include "videoonenet/core/memory.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient_cpu.hpp"
#include "videoonenet/train/loss/loss.hpp"

namespace videoonenet {

namespace detail {

/// The type of a network's bound problem.
template <class Network, class A>
using BoundProblem =
    decltype(std::declval<const Network&>().bind(std::declval<const Cpu&>(), std::declval<const A&>(),
                                                 std::declval<std::span<const typename Network::value_type>>()));

}  // namespace detail

/// What training asks of a network, for operators of type A: the interface of UnrolledNetwork.
///
/// Requirements, for `const N& n` and flat parameters θ:
///  1. `n.parameter_count()` and `n.parameters()`, the entries of θ and their names;
///  2. `n.bind(ex, a, y)` prepares a problem; a and y must outlive the result;
///  3. `n.make_cache(memory, video, backward)` plans what forward and adjoint need;
///  4. `n.forward(ex, θ, bound, cache, z)` restores; `n.adjoint(ex, θ, bound, cache, grad_z, grad_θ)` adds to grad_θ.
template <class N, class A>
concept TrainableNetwork = requires(const N& n, const Cpu& ex, Memory<Cpu>& memory, const Shape& video,
                                    const Backward& backward, detail::BoundProblem<N, A>& bound,
                                    typename N::Cache& cache, std::span<const typename N::value_type> in,
                                    std::span<typename N::value_type> out, View<typename N::value_type> z) {
  { n.parameter_count() } -> std::convertible_to<Index>;
  n.parameters();
  { n.make_cache(memory, video, backward) } -> std::same_as<typename N::Cache>;
  n.forward(ex, in, bound, cache, z);
  n.adjoint(ex, in, bound, cache, z, out);
};

/// How a batch is computed.
struct BatchOptions {
  Index size = 8;  ///< most videos of a batch
  Backward backward{};
};

/// Loss and gradient of batches of at most `size` videos of one shape.
///
/// Math: (1/N) Σᵢ loss(z(θ, problemᵢ), xᵢ) and its gradient by θ.
/// Each thread restores one video at a time with one thread; a batch of one gets them all. Every video's gradient has
/// memory of its own, and they are added in the order of the batch: the bits do not depend on the number of threads.
/// Cost: no allocation after construction. `bytes()` says what it holds: a cache a thread, a gradient a video.
template <class Network, class LossType = MeanSquaredError>
class BatchGradient {
 public:
  using T = typename Network::value_type;

  /// `network` must outlive it.
  /// Errors: InputError for a batch of no videos; ShapeError when the network does not fit the videos.
  BatchGradient(const Cpu& ex, const Network& network, const Shape& video, const BatchOptions& options,
                LossType loss = {})
      : ex_(ex), network_(network), loss_(loss), size_(options.size) {
    if (size_ < 1) throw InputError(sentence("BatchGradient: a batch of ", size_, " videos was asked for"));
    const Index count = std::clamp<Index>(ex.threads, 1, size_);
    worker_ex_ = ex.with_threads(count == 1 ? ex.threads : 1);
    workers_.reserve(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i)
      workers_.push_back(plan(worker_ex_, [&](auto& memory) {
        Work work{memory.kept.template take<T>(video), memory.kept.template take<T>(video), {}};
        work.cache = network.make_cache(memory, video, options.backward);
        return work;
      }));
    gradients_ = Buffer<T>(size_ * network.parameter_count());
    losses_.resize(static_cast<std::size_t>(size_));
  }

  /// Bytes held for all steps; problems hold their own.
  Index bytes() const {
    Index total = gradients_.size() * static_cast<Index>(sizeof(T));
    for (const auto& w : workers_) total += w.bytes();
    return total;
  }

  /// Writes the gradient and returns the loss of the samples, pointers to objects with `truth()`, a view, and
  /// `bound()`, the problem that the network has bound.
  /// Errors: ShapeError for more samples than the batch has room for, or none.
  template <class Samples>
  double operator()(std::span<const T> parameters, const Samples& samples, std::span<T> gradient) {
    const Index count = std::ssize(samples);
    if (count < 1 || count > size_)
      throw ShapeError(sentence("BatchGradient: ", count, " samples were given, expected 1 to ", size_));
    require_size(std::ssize(gradient), network_.parameter_count(), "BatchGradient", "the gradient");
    const std::size_t p = gradient.size();
    each(count, [&](Work& work, Index i) {
      auto& sample = *samples[static_cast<std::size_t>(i)];
      const std::span<T> own = gradients_.span().subspan(static_cast<std::size_t>(i) * p, p);
      network_.forward(worker_ex_, parameters, sample.bound(), work.cache, work.z);
      losses_[static_cast<std::size_t>(i)] = loss_.value(worker_ex_, work.z, sample.truth());
      loss_.gradient(worker_ex_, work.z, sample.truth(), T(1) / T(count), work.grad_z);
      fill(worker_ex_, T(0), own);
      network_.adjoint(worker_ex_, parameters, sample.bound(), work.cache, work.grad_z, own);
    });
    sum_rows(ex_, count, gradients_.span().first(static_cast<std::size_t>(count) * p), gradient);
    double sum = 0;
    for (Index i = 0; i < count; ++i) sum += losses_[static_cast<std::size_t>(i)];
    return sum / double(count);
  }

  /// Restores samples 0 … count − 1 without gradients: `make(i)` makes a pointer to one as above, and
  /// `score(i, loss, z, truth)` sees its result; both are called by several threads at once.
  /// Returns whether it got to the end: it stops early once `stop`, if given, returns true.
  template <class Make, class Score>
  bool restore(std::span<const T> parameters, Index count, Make&& make, Score&& score,
               const std::function<bool()>& stop = {}) {
    std::atomic<bool> stopped{false};
    each(count, [&](Work& work, Index i) {
      if (stopped || (stop && stop())) return static_cast<void>(stopped = true);
      const auto sample = make(i);
      network_.forward(worker_ex_, parameters, sample->bound(), work.cache, work.z);
      score(i, loss_.value(worker_ex_, work.z, sample->truth()), View<const T>(work.z), View<const T>(sample->truth()));
    });
    return !stopped;
  }

 private:
  struct Work {
    View<T> z, grad_z;
    typename Network::Cache cache;
  };

  /// Calls body(worker's memory, i) for every i; whoever is free takes the next.
  template <class Body>
  void each(Index count, Body&& body) {
    std::atomic<Index> next{0};
    parallel_for(ex_, std::ssize(workers_), [&](Index worker) {
      for (Index i; (i = next++) < count;) body(workers_[static_cast<std::size_t>(worker)].cache, i);
    });
  }

  Cpu ex_, worker_ex_{};
  const Network& network_;
  LossType loss_;
  Index size_;
  std::vector<Planned<Work, Cpu>> workers_;
  Buffer<T> gradients_;
  std::vector<double> losses_;
};

}  // namespace videoonenet
