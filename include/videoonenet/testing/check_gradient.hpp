// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient test of a layer: does its adjoint belong to its forward map, and does each behave as the concept asks?

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/testing/layer_trial.hpp"
#include "videoonenet/testing/report.hpp"

namespace videoonenet::testing {

/// What check_gradient draws and accepts.
struct GradientOptions {
  std::uint64_t seed = 1;             ///< of x, θ and grad_y
  Index entries = 64;                 ///< compared one by one, of x and of each array of parameters
  double parameter_deviation = 0.5;   ///< standard deviation of the θ drawn
  std::vector<double> parameters{};   ///< taken as θ where given
  std::vector<double> x{};            ///< taken as x where given
  std::optional<double> step{};       ///< of the differences; without one 2⁻¹⁰ for double and 2⁻⁵ for float
  std::optional<double> tolerance{};  ///< relative to an array's gradient; without one 1e-7 for double, 1e-2 for float
  bool same_in_inference = true;      ///< whether a cache made for inference must give the same y
};

namespace detail {

/// The trial of any layer, so that the check is compiled once a scalar type.
template <class T>
struct AnyTrial {
  Shape input_shape, output_shape;
  std::vector<Parameter> names;
  Buffer<T>&x, &parameters, &y, &grad_y, &grad_x, &grad_parameters;
  std::function<void()> forward, adjoint;
  std::function<Buffer<T>()> infer;  ///< y by a cache made for inference
};

/// The steps of check_gradient: each returns an empty string or the sentence that says what is wrong.
template <class T>
class GradientCheck {
 public:
  static constexpr bool single = std::is_same_v<T, float>;

  GradientCheck(AnyTrial<T> trial, const GradientOptions& options)
      : options_(options),
        random_(options.seed),
        step_(options.step.value_or(single ? 0x1p-5 : 0x1p-10)),
        tolerance_(options.tolerance.value_or(single ? 1e-2 : 1e-7)),
        trial_(std::move(trial)) {
    if (options.entries < 0 || !(step_ > 0) || !(tolerance_ > 0))
      throw InputError(sentence("check_gradient: ", options.entries, " entries, a step of ", step_,
                                " and a tolerance of ", tolerance_, " were given, expected positive numbers"));
    random_.fill_normal(trial_.x.span());
    random_.fill_normal(trial_.parameters.span(), options.parameter_deviation);
    random_.fill_normal(trial_.grad_y.span());
    take(options.x, trial_.x, "x");
    take(options.parameters, trial_.parameters, "the array of parameters");
    const Shape& s = trial_.input_shape;
    arrays_.push_back({"x", {s.n, s.t, s.h, s.w, s.f}, trial_.x.span(), trial_.grad_x.span()});
    for (const Parameter& p : trial_.names) {
      const auto begin = static_cast<std::size_t>(named_), size = static_cast<std::size_t>(p.size());
      named_ += p.size();
      if (named_ > trial_.parameters.size()) break;
      arrays_.push_back({p.name, p.extents, trial_.parameters.span().subspan(begin, size),
                         trial_.grad_parameters.span().subspan(begin, size)});
    }
  }

  Report run() {
    for (auto part : {&GradientCheck::parameters_are_named, &GradientCheck::forward_behaves,
                      &GradientCheck::adjoint_behaves, &GradientCheck::adjoint_adds, &GradientCheck::inference_agrees})
      if (const std::string failure = (this->*part)(); !failure.empty()) return {false, name() + failure};
    return compare();
  }

 private:
  /// x or one array of parameters, with the gradient the adjoint gave it.
  struct Array {
    std::string name;
    std::vector<Index> extents;
    std::span<T> values, gradient;
  };
  /// A derivative by the adjoint and by differences, and what the latter may err.
  struct Comparison {
    Index entry;  ///< −1: along a random direction
    double given, expected, noise;
  };

  std::string parameters_are_named() {
    if (named_ == trial_.parameters.size()) return {};
    return sentence("parameters() does not name ", trial_.parameters.size(), " entries, the parameter_count()");
  }

  std::string forward_behaves() {
    const Buffer<T> x = trial_.x, parameters = trial_.parameters;
    trial_.forward();
    if (!same(x, trial_.x)) return "forward modifies x";
    if (!same(parameters, trial_.parameters)) return "forward modifies its parameters";
    if (const Index bad = first_not_finite(trial_.y.span()); bad >= 0)
      return sentence("forward leaves or writes a value of y that is not finite, first in entry ", bad);
    const Buffer<T> first = trial_.y;
    trial_.forward();
    return differs(first, "forward gives different results for the same input");
  }

  std::string adjoint_behaves() {
    const Buffer<T> x = trial_.x, parameters = trial_.parameters, y = trial_.y, grad_y = trial_.grad_y;
    trial_.adjoint();
    if (!same(x, trial_.x) || !same(y, trial_.y)) return "adjoint modifies x or y";
    if (!same(parameters, trial_.parameters)) return "adjoint modifies the parameters";
    if (!same(grad_y, trial_.grad_y)) return "adjoint modifies grad_y";
    for (const Array& a : arrays_)
      if (const Index bad = first_not_finite(a.gradient); bad >= 0)
        return sentence("adjoint adds a value that is not finite to the gradient of ", entry_name(a, bad));
    return {};
  }

  /// A second call adds the same gradients to whatever is there.
  std::string adjoint_adds() {
    std::vector<std::vector<T>> once, before;
    for (const Array& a : arrays_) {
      once.emplace_back(a.gradient.begin(), a.gradient.end());
      random_.fill_normal(a.gradient, 1 + rms(a.gradient));
      before.emplace_back(a.gradient.begin(), a.gradient.end());
    }
    trial_.adjoint();
    std::string failure;
    for (std::size_t k = 0; k < arrays_.size(); ++k) {
      if (failure.empty()) failure = adds(arrays_[k], once[k], before[k]);
      std::ranges::copy(once[k], arrays_[k].gradient.begin());
    }
    return failure;
  }
  std::string adds(const Array& a, const std::vector<T>& once, const std::vector<T>& before) const {
    const double scale = rms(a.gradient);
    Index worst = -1;
    for (std::size_t i = 0; i < once.size() && worst < 0; ++i) {
      const double added = double(a.gradient[i]) - double(before[i]);
      if (!(std::abs(added - double(once[i])) <= (single ? 1e-3 : 1e-9) * (std::abs(double(before[i])) + scale)))
        worst = static_cast<Index>(i);
    }
    if (worst < 0) return {};
    if (std::ranges::equal(a.gradient, once))
      return sentence("adjoint overwrites the gradient of ", a.name, ", expected that it adds to it");
    const auto i = static_cast<std::size_t>(worst);
    return sentence("a second call of adjoint does not add the same again: the gradient of ", entry_name(a, worst),
                    " was ", before[i], " and became ", a.gradient[i], ", expected that ", once[i], " is added");
  }

  std::string inference_agrees() {
    if (!options_.same_in_inference) return {};
    const Buffer<T> expected = trial_.y;
    trial_.y = trial_.infer();
    return differs(expected, "forward with a cache made for inference gives another result than for training");
  }

  Report compare() {
    std::string worst_text, right, wrong, counts;
    double worst = -1;
    for (const Array& a : arrays_) {
      if (a.values.empty()) continue;
      const std::vector<Comparison> all = derivatives(a);
      const double scale = rms_expected(all);
      double deviation = 0;
      for (const Comparison& c : all) deviation = std::max(deviation, excess(c, scale));
      counts += sentence(counts.empty() ? "" : ", ", all.size() - 1, " of ", a.values.size(), " entries of ", a.name);
      std::string& list = deviation <= 1 ? right : wrong;
      list += (list.empty() ? "" : ", ") + a.name;
      if (deviation > worst) worst = deviation, worst_text = deviation <= 1 ? "" : describe(a, all, scale);
    }
    if (wrong.empty())
      return {true, sentence(name(), "they agree with differences to ", worst, " of the tolerance ", tolerance_, " (",
                             counts, ", and a random direction of each)")};
    return {false, sentence(name(), "wrong for ", wrong, right.empty() ? "" : ", right for ", right, ". ", worst_text)};
  }

  /// Derivatives by some entries of an array, and at last along a random direction of all of them.
  std::vector<Comparison> derivatives(const Array& a) {
    std::vector<Comparison> all;
    const Index size = std::ssize(a.values), count = std::min(size, options_.entries);
    for (Index k = 0; k < count; ++k) {  // one entry at a random place of each of `count` equal parts
      const Index begin = k * size / count;
      all.push_back(by_entry(a, begin + random_.integer((k + 1) * size / count - begin)));
    }
    std::vector<double> direction(a.values.size());
    double squares = 0;
    for (double& d : direction) d = random_.normal(), squares += d * d;
    for (double& d : direction) d /= std::sqrt(squares);
    all.push_back(along(a, direction));
    return all;
  }
  Comparison by_entry(const Array& a, Index entry) {
    std::vector<double> unit(a.values.size());
    unit[static_cast<std::size_t>(entry)] = 1;
    Comparison c = along(a, unit);
    c.entry = entry;
    return c;
  }

  /// ⟨grad_y, f⟩ along a direction: by the adjoint, and by the five-point difference, whose error is O(step⁴). A kink
  /// of f (as of max(0, x)) within the step spoils it, so agreement at a much shorter step counts too.
  Comparison along(const Array& a, const std::vector<double>& direction) {
    const std::vector<T> at(a.values.begin(), a.values.end());
    Comparison best{-1, 0, 0, 0};
    for (std::size_t i = 0; i < at.size(); ++i) best.given += direction[i] * double(a.gradient[i]);
    for (double step : {step_, step_ * (single ? 0x1p-3 : 0x1p-7)}) {
      double size = 0;
      const auto f = [&](double s) {
        for (std::size_t i = 0; i < at.size(); ++i) a.values[i] = static_cast<T>(double(at[i]) + s * direction[i]);
        trial_.forward();
        double sum = 0;
        for (Index i = 0; i < trial_.y.size(); ++i) {
          sum += double(trial_.grad_y[i]) * double(trial_.y[i]);
          size = std::max(size, std::abs(sum));
        }
        return sum;
      };
      const double near = f(step) - f(-step), far = f(2 * step) - f(-2 * step);
      const double difference = (8 * near - far) / (12 * step), error = std::abs(difference - best.given);
      const double noise = 16 * double(std::numeric_limits<T>::epsilon()) * size / step;
      const bool agrees = error <= tolerance_ * std::abs(difference) + noise;
      if (agrees || step == step_) best.expected = difference, best.noise = noise;
      if (agrees) break;
    }
    std::ranges::copy(at, a.values.begin());
    return best;
  }

  static double rms_expected(const std::vector<Comparison>& all) {
    double squares = 0;
    for (const Comparison& c : all) squares += c.expected * c.expected;
    return std::sqrt(squares / double(all.size()));
  }
  /// The deviation in units of what is allowed.
  double excess(const Comparison& c, double scale) const {
    const double error = std::abs(c.given - c.expected);
    const double relative = error / (tolerance_ * std::max(scale, std::abs(c.expected)) + c.noise);
    return error == 0 ? 0 : std::isfinite(relative) ? relative : std::numeric_limits<double>::max();
  }

  /// What a deviation suggests: a gradient left out, a factor, a sign, or an entry that is wrong.
  std::string describe(const Array& a, const std::vector<Comparison>& all, double scale) {
    double products = 0, given = 0, noise = 0;
    for (const Comparison& c : all)
      products += c.given * c.expected, given += std::abs(c.given), noise = std::max(noise, c.noise);
    if (given == 0) return sentence("The adjoint adds nothing to the gradient of ", a.name);
    const double factor = scale > 0 ? products / (scale * scale * double(all.size())) : 0;
    bool proportional = all.size() > 1 && scale > 10 * noise;
    for (const Comparison& c : all)
      proportional = proportional && std::abs(c.given - factor * c.expected) <=
                                         10 * std::max(1.0, std::abs(factor)) * (tolerance_ * scale + c.noise);
    if (!proportional || std::abs(factor - 1) <= 10 * tolerance_) return locate(a, all, scale);
    const double ratio = std::max(std::abs(factor), 1 / std::abs(factor));
    std::string text = sentence("The gradient of ", a.name, factor < 0 ? " has the wrong sign" : " is");
    if (ratio - 1 > 10 * tolerance_) {
      std::ostringstream digits;
      digits.precision(4);
      digits << std::fixed << ratio;
      text += sentence(factor < 0 ? " and is" : "", " too ", std::abs(factor) > 1 ? "large" : "small", " by a factor ",
                       digits.str());
    }
    return text;
  }

  /// Names the entry with the largest deviation; where only the direction showed one, searches by halves.
  std::string locate(const Array& a, const std::vector<Comparison>& all, double scale) {
    Comparison worst =
        *std::ranges::max_element(all, {}, [&](const Comparison& c) { return c.entry < 0 ? 0.0 : excess(c, scale); });
    if (worst.entry < 0 || excess(worst, scale) <= 1) {
      std::size_t begin = 0, end = a.values.size();
      while (end - begin > 1) {
        const std::size_t middle = begin + (end - begin) / 2;
        std::vector<double> direction(a.values.size());
        for (std::size_t i = begin; i < middle; ++i) direction[i] = random_.normal();
        (excess(along(a, direction), scale) > 1 ? end : begin) = middle;
      }
      worst = by_entry(a, static_cast<Index>(begin));
    }
    return sentence("No factor explains it. The gradient of ", entry_name(a, worst.entry), " is ", worst.given,
                    ", but differences of forward say ", worst.expected);
  }

  /// "kernel[0,2,1,3]".
  static std::string entry_name(const Array& a, Index entry) {
    std::string indices;
    for (std::size_t k = a.extents.size(); k-- > 0; entry /= a.extents[k])
      indices = sentence(entry % a.extents[k], indices.empty() ? "" : ",", indices);
    return a.name + "[" + indices + "]";
  }
  std::string name() const {
    return sentence("gradients of the layer ", trial_.input_shape, " -> ", trial_.output_shape, " in ",
                    single ? "float" : "double", ": ");
  }
  std::string differs(const Buffer<T>& first, const char* what) const {
    for (Index i = 0; i < first.size(); ++i)
      if (std::memcmp(&first[i], &trial_.y[i], sizeof(T)) != 0)
        return sentence(what, ": entry ", i, " is ", first[i], ", then ", trial_.y[i]);
    return {};
  }
  static void take(const std::vector<double>& given, Buffer<T>& values, const char* what) {
    if (given.empty()) return;
    require_size(std::ssize(given), values.size(), "check_gradient", what);
    std::ranges::transform(given, values.begin(), [](double v) { return static_cast<T>(v); });
  }
  static bool same(const Buffer<T>& a, const Buffer<T>& b) {
    return a.size() == 0 || std::memcmp(a.data(), b.data(), sizeof(T) * static_cast<std::size_t>(a.size())) == 0;
  }
  static Index first_not_finite(std::span<const T> values) {
    const auto bad = std::ranges::find_if(values, [](T v) { return !std::isfinite(v); });
    return bad == values.end() ? -1 : bad - values.begin();
  }
  static double rms(std::span<const T> values) {
    return values.empty() ? 0 : std::sqrt(squared_norm(Cpu{}, values) / double(values.size()));
  }

  GradientOptions options_;
  Random random_;
  double step_, tolerance_;
  AnyTrial<T> trial_;
  Index named_ = 0;
  std::vector<Array> arrays_;
};

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE class GradientCheck<float>;
VIDEOONENET_INSTANCE class GradientCheck<double>;
#endif

}  // namespace detail

/// Checks a layer of your own or of the library: is its adjoint the adjoint of its derivative?
///
/// Math: ∂⟨grad_y, f(θ, x)⟩ by entries of x and of every array of θ, and along a random direction of each, from adjoint
/// and from five-point differences; |difference| ≤ tolerance · max(RMS of the array's derivatives, the derivative), and
/// a little for rounding. Use double; float only shows gross errors.
/// Also: forward overwrites y and gives the same bits twice and for inference; adjoint adds, twice the same; neither
/// changes its inputs, reads memory it did not write (it is full of NaN) or keeps anything in scratch.
/// The report names the arrays that are wrong, and for the worst of them the factor or the sign when only that is
/// wrong, else an entry. Shapes: `shape` is that of x.  Errors: InputError for options that compare nothing, ShapeError
/// of the layer. Cost: 4 forward passes for each of the entries compared.
template <class L, Executor Ex = Cpu>
Report check_gradient(const L& layer, const Shape& shape, const GradientOptions& options = {}, const Ex& ex = {}) {
  static_assert(require_layer<L, Ex>());
  using T = typename L::value_type;
  LayerTrial<L, Ex> trial(layer, shape, ex);
  const auto infer = [&] {
    LayerTrial<L, Ex> inference(layer, shape, ex, Purpose::inference);
    inference.x = trial.x, inference.parameters = trial.parameters;
    inference.forward();
    return std::move(inference.y);
  };
  return detail::GradientCheck<T>({trial.input_shape(), trial.output_shape(), parameters_of(layer), trial.x,
                                   trial.parameters, trial.y, trial.grad_y, trial.grad_x, trial.grad_parameters,
                                   [&] { trial.forward(); }, [&] { trial.adjoint(); }, infer},
                                  options)
      .run();
}

}  // namespace videoonenet::testing
