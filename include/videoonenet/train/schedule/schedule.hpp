// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Learning-rate schedules: what the learning rate is multiplied by, as a function of the step alone.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numbers>
#include <string_view>
#include <vector>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// Any schedule: the factor of update number `step`, counted from 0. No schedule looks at a clock, so that a resumed
/// training goes on to the same bits.
using Schedule = std::function<double(Index step)>;

/// The learning rate as it is: the papers'.  Source: VON §5.
struct ConstantSchedule {
  double operator()(Index) const { return 1; }
};

/// A factor every so many steps.  Math: factor^⌊step / every⌋.
struct StepSchedule {
  Index every = 10000;
  double factor = 0.5;
  double operator()(Index step) const { return std::pow(factor, double(step / every)); }
};

/// The same factor, spread evenly over the steps.  Math: factor^(step / every).
struct ExponentialSchedule {
  Index every = 10000;
  double factor = 0.5;
  double operator()(Index step) const { return std::pow(factor, double(step) / double(every)); }
};

/// From 1 down to `last` along half a cosine over `steps` steps, then `last`.
/// Math: last + (1 − last) (1 + cos(π step / steps)) / 2.  Source: Loshchilov and Hutter 2017, without restarts.
struct CosineSchedule {
  Index steps = 100000;
  double last = 0;
  double operator()(Index step) const {
    const double part = std::min(1.0, double(step) / double(steps));
    return last + (1 - last) * (1 + std::cos(std::numbers::pi * part)) / 2;
  }
};

/// Rises in equal parts over the first `steps` steps, on top of any schedule.  Math: min(1, (step + 1) / steps).
struct WarmupSchedule {
  Index steps = 1000;
  Schedule then = ConstantSchedule{};
  double operator()(Index step) const { return std::min(1.0, double(step + 1) / double(steps)) * then(step); }
};

/// The schedule a command line spells, for a training of `total` steps:
/// `constant`, `cosine` (over all steps, to 0), `cosine:LAST`, `step:EVERY:FACTOR`, `exponential:EVERY:FACTOR`, each
/// after `warmup:STEPS,` if wanted.
/// Errors: InputError for anything else, or numbers out of range.
inline Schedule parse_schedule(std::string_view text, Index total) {
  const auto refuse = [&](const char* why) {
    return InputError(
        sentence("the learning-rate schedule \"", text, "\" ", why,
                 ", expected constant, cosine, cosine:LAST, step:EVERY:FACTOR or exponential:EVERY:FACTOR, "
                 "each after warmup:STEPS, if wanted"));
  };
  if (const auto comma = text.find(','); comma != std::string_view::npos) {
    if (!text.starts_with("warmup:")) throw refuse("has a comma, but does not begin with warmup:STEPS");
    const std::string_view number = text.substr(7, comma - 7);
    Index steps = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), steps);
    if (error != std::errc() || end != number.data() + number.size() || steps < 1)
      throw refuse("warms up for a number of steps that is not a whole one from 1 on");
    return WarmupSchedule{steps, parse_schedule(text.substr(comma + 1), total)};
  }
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::vector<double> numbers;
  for (auto begin = colon; begin != std::string_view::npos;) {
    const auto next = text.find(':', begin + 1);
    const std::string_view part = text.substr(begin + 1, next == std::string_view::npos ? next : next - begin - 1);
    double& number = numbers.emplace_back();
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) throw refuse("has a number that cannot be read");
    begin = next;
  }
  if (name == "constant" && numbers.empty()) return ConstantSchedule{};
  if (name == "cosine" && numbers.size() <= 1) {
    const double last = numbers.empty() ? 0 : numbers[0];
    if (!(last >= 0 && last <= 1)) throw refuse("ends at a factor that is not between 0 and 1");
    return CosineSchedule{std::max<Index>(1, total), last};
  }
  if ((name == "step" || name == "exponential") && numbers.size() == 2) {
    const double every = numbers[0], factor = numbers[1];
    if (!(every >= 1 && every < 1e15 && every == std::floor(every)))
      throw refuse("repeats after a number of steps that is not a whole one from 1 on");
    if (!(factor > 0 && factor <= 1)) throw refuse("has a factor that is not above 0 and at most 1");
    const auto steps = static_cast<Index>(every);
    if (name == "step") return StepSchedule{steps, factor};
    return ExponentialSchedule{steps, factor};
  }
  throw refuse("is unknown");
}

}  // namespace videoonenet
