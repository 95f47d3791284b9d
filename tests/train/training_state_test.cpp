// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/training_state/training_state.hpp"

#include <bit>
#include <limits>

#include "support/files.hpp"

namespace training_state_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<Parameter> parameters{{"prior.kernel", {2, 3}, Initial::zeros}, {"prior.bias", {1}, Initial::zeros}};
constexpr std::array<std::string_view, 2> moments{"first_moment", "second_moment"};

/// Numbers that lose bits wherever a text or a narrower type is used on the way.
template <class T>
Buffer<T> awkward(Index size) {
  Buffer<T> values(size);
  Random random(size);
  for (T& v : values) v = static_cast<T>(random.normal() * std::exp(20 * random.normal()));
  values[0] = std::numeric_limits<T>::denorm_min();
  values[1] = T(-0.0);
  values[2] = std::nextafter(T(1), T(2));
  return values;
}

template <class T>
TrainingState<T> some_state() {
  TrainingState<T> s{.parameters = awkward<T>(7), .optimizer = awkward<T>(14), .best = awkward<T>(7)};
  s.step = 123456789012345;
  s.loss_sum = 0.1 + 0.2;
  s.gradient_norm_sum = 1e300;
  s.stopping = {.best_loss = 1.0 / 3, .epochs_since_best = 4};
  for (Index e = 1; e <= 3; ++e)
    s.history.push_back({.epoch = e,
                         .step = 100 * e,
                         .training_loss = 0.1 * double(e),
                         .validation_loss = 1.0 / double(e + 6),
                         .validation_psnr = e == 2 ? std::numeric_limits<double>::infinity() : 20.0 / 3,
                         .gradient_norm = std::exp(double(e)),
                         .videos_per_second = 7.7});
  return s;
}

template <class T>
bool same(const Buffer<T>& a, const Buffer<T>& b) {
  return std::ranges::equal(as_file_bytes(a.span()), as_file_bytes(b.span()));
}

template <class T>
void require_same(const TrainingState<T>& a, const TrainingState<T>& b) {
  REQUIRE(same(a.parameters, b.parameters));
  REQUIRE(same(a.optimizer, b.optimizer));
  REQUIRE(same(a.best, b.best));
  REQUIRE(a.step == b.step);
  REQUIRE(a.loss_sum == b.loss_sum);
  REQUIRE(a.gradient_norm_sum == b.gradient_norm_sum);
  REQUIRE(a.stopping.best_loss == b.stopping.best_loss);
  REQUIRE(a.stopping.epochs_since_best == b.stopping.epochs_since_best);
  REQUIRE(a.epochs() == b.epochs());
  REQUIRE(history_csv(a.history) == history_csv(b.history));
  for (std::size_t i = 0; i < a.history.size(); ++i) {
    REQUIRE(a.history[i].training_loss == b.history[i].training_loss);
    REQUIRE(a.history[i].gradient_norm == b.history[i].gradient_norm);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a state comes back from its file with every bit", "", float, double) {
  using T = TestType;
  const TemporaryDirectory folder;
  const auto path = folder / "last.safetensors";
  for (const auto& state :
       {some_state<T>(), TrainingState<T>{.parameters = awkward<T>(7), .optimizer = Buffer<T>(14)}}) {
    write_training_state(path, parameters, moments, state, {{"model", "onenet"}});
    const auto saved = read_training_state<T>(path, parameters, moments);
    require_same(state, saved.state);
    CHECK(saved.metadata == std::map<std::string, std::string>{{"model", "onenet"}});
    CHECK(folder.files() == std::vector<std::string>{"last.safetensors"});

    const Safetensors file(path);  // a weights file to whoever leaves training.* alone
    CHECK(file.extents("prior.kernel") == std::vector<Index>{2, 3});
    CHECK(same(file.values<T>("prior.kernel"), Buffer<T>(state.parameters.span().first(6))));
    CHECK(same(file.values<T>("prior.bias"), Buffer<T>(state.parameters.span().last(1))));
  }
  CHECK(read_training_state<T>(path, parameters, moments).state.stopping.best_loss ==
        std::numeric_limits<double>::infinity());
}

TEST_CASE("a damaged state is refused, wherever the damage is") {
  const TemporaryDirectory folder;
  const auto path = folder / "last.safetensors";
  write_training_state(path, parameters, moments, some_state<float>(), {{"model", "onenet"}});
  const Bytes good = read_bytes(path);
  const auto read = [&](const Bytes& bytes) {
    write_bytes(path, {bytes});
    read_training_state<float>(path, parameters, moments);
  };
  CHECK_NOTHROW(read(good));
  survives_damage(good, read);
  const std::size_t arrays = 8 * (5 + 3 * 7) + 4 * (7 + 14 + 7);
  for (std::size_t i = good.size() - arrays; i < good.size(); i += 7) {  // there every bit counts
    Bytes changed = good;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1u);
    INFO("byte " << i << " of " << good.size());
    REQUIRE_THROWS_WITH(read(changed), ContainsSubstring("is damaged"));
  }
}

TEST_CASE("a file that is another's is refused in a sentence") {
  const TemporaryDirectory folder;
  const auto path = folder / "last.safetensors";
  const auto refused = [&](const std::vector<Parameter>& expected) {
    return refusal([&] { read_training_state<float>(path, expected, moments); });
  };
  CHECK_THAT(refused(parameters), ContainsSubstring("does not exist"));
  write_training_state(path, parameters, moments, some_state<float>());
  CHECK_THAT(refused({{"prior.kernel", {2, 3}}}), ContainsSubstring("expected 6"));
  CHECK_THAT(refused({{"prior.kernel", {3, 2}}, {"prior.bias", {1}}}), ContainsSubstring("another shape"));
  CHECK_THAT(refused({{"prior.kernel", {2, 3}}, {"data.bias", {1}}}), ContainsSubstring("\"data.bias\""));
  CHECK_THAT(refusal([&] { read_training_state<double>(path, parameters, moments); }),
             ContainsSubstring("expected 8 bytes"));
  CHECK_THAT(
      refusal([&] { read_training_state<float>(path, parameters, std::array<std::string_view, 1>{"velocity"}); }),
      ContainsSubstring("training.optimizer.velocity"));

  write_exact_weights(path, parameters, awkward<float>(7).span(), {{"model", "onenet"}});
  CHECK(Safetensors(path).metadata("model") == "onenet");
  CHECK_THAT(refused(parameters), ContainsSubstring("holds no state of a training"));
}

TEST_CASE("a state that does not fit its parameters is not written") {
  const TemporaryDirectory folder;
  const auto path = folder / "last.safetensors";
  auto state = some_state<float>();
  state.parameters = Buffer<float>(8);
  CHECK_THROWS_AS(write_training_state(path, parameters, moments, state), ShapeError);
  state = some_state<float>();
  state.optimizer = Buffer<float>(7);
  CHECK_THROWS_AS(write_training_state(path, parameters, moments, state), ShapeError);
  CHECK_THROWS_AS(write_exact_weights(path, parameters, Buffer<float>(6).span()), ShapeError);
  CHECK(folder.files().empty());
}

}  // namespace training_state_test
