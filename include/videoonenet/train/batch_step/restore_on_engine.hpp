// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Many triplets restored by an engine, batch by batch, while the host draws the next ones.

#include <functional>
#include <optional>

#include "videoonenet/train/batch_step/put_triplet.hpp"
#include "videoonenet/train/batch_step/step_engine.hpp"
#include "videoonenet/train/prefetcher.hpp"

namespace videoonenet {

/// The triplets draw(0), draw(1), … that fill a batch of the engine, factored on one thread.
/// Errors: those of put_triplet.
template <class T, class Draw>
HostBatch<T> factored_batch(const RestorationEngine<T>& engine, Draw&& draw) {
  HostBatch<T> batch(engine.batch(), engine.bounds());
  for (Index i = 0; i < batch.video.n; ++i) put_triplet(batch, i, draw(i), engine.rho());
  return batch;
}

/// How restore_on_engine draws, and how it is stopped.
struct EngineRestoration {
  std::function<bool()> stop{};  ///< asked before every batch; true ends it
  Prefetch prefetch = Prefetch::ahead;
  Index batches_ahead = 1;  ///< batches drawn before they are needed, a thread each
};

/// Calls score(i, z, truth) for the restored triplets draw(0) … draw(count − 1), in order; false when it was stopped.
///
/// `draw` is called by several threads at once, and its triplet depends on its argument alone. The last batch is filled
/// up with the last triplet.
template <class T, class Draw, class Score>
bool restore_on_engine(RestorationEngine<T>& engine, Index count, Draw&& draw, Score&& score,
                       const EngineRestoration& options = {}) {
  const Index size = engine.batch().n, batches = (count + size - 1) / size;
  Prefetcher<std::optional<HostBatch<T>>> drawn(
      [&](Index batch) -> std::optional<HostBatch<T>> {
        if (batch >= batches) return std::nullopt;
        return factored_batch(engine, [&](Index i) { return draw(std::min(batch * size + i, count - 1)); });
      },
      0, options.prefetch, options.batches_ahead);
  Tensor<T> z(engine.batch());
  for (Index batch = 0; batch < batches; ++batch) {
    if (options.stop && options.stop()) return false;
    const std::optional<HostBatch<T>> problems = drawn.next();
    engine.restore(*problems, z.flat());
    const View<const T> restored = z.view(), truth{problems->truth.data(), problems->video};
    for (Index i = 0; i < size && batch * size + i < count; ++i)
      score(batch * size + i, restored.sample(i), truth.sample(i));
  }
  return true;
}

}  // namespace videoonenet
