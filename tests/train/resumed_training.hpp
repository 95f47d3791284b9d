// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every trainer owes to those who interrupt it.

#include <algorithm>

#include "support/catch.hpp"
#include "support/files.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

namespace videoonenet::test {

/// Requires a training of two epochs to end with the same bits whether it is interrupted after one or not, and on any
/// number of threads. `make(epochs, folder, threads)` returns a trainer, and `look(folder, trainer)` sees the last one.
template <class Make, class Look>
void require_same_when_resumed(Make&& make, Look&& look) {
  const TemporaryDirectory folder;
  auto whole = make(2, std::filesystem::path(), 1);
  auto expected = whole.start();
  whole.run(expected);
  auto first = make(1, folder.path(), 1);
  auto state = first.start();
  first.run(state);
  auto second = make(2, folder.path(), 2);
  auto resumed = second.resume().state;
  CHECK(std::ranges::equal(resumed.parameters, state.parameters));
  CHECK(std::ranges::equal(resumed.optimizer, state.optimizer));
  second.run(resumed);
  CHECK(std::ranges::equal(resumed.parameters, expected.parameters));
  CHECK(std::ranges::equal(resumed.optimizer, expected.optimizer));
  look(folder.path(), second);
}

/// Requires a training on what is not finite to end before its first update, and to say where the last good state is.
template <class AnyTrainer>
void require_stopped_at_once(AnyTrainer trainer) {
  auto state = trainer.start();
  CHECK_THROWS_WITH(trainer.run(state), Catch::Matchers::ContainsSubstring("of step 1 is") &&
                                            Catch::Matchers::ContainsSubstring("last.safetensors"));
  CHECK(trainer.resume().state.step == 0);
}

}  // namespace videoonenet::test
