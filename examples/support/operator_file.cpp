// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// operator.safetensors.

#include "support/operator_file.hpp"

#include <charconv>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "videoonenet/io/safetensors.hpp"

namespace program {

namespace {

void save_leaf(SafetensorsWriter& file, const std::string& prefix, const ShippedOperator<float>& a) {
  const auto add = [&](const char* name, auto values, std::vector<Index> extents) {
    file.add<typename decltype(values)::value_type>(prefix + name, values, std::move(extents));
  };
  std::visit(
      [&]<class A>(const A& leaf) {
        if constexpr (requires { leaf.mask(); }) {
          file.add(prefix + "mask", View<const float>{leaf.mask().data(), leaf.domain()});
        } else if constexpr (requires { leaf.frames(); }) {
          const std::vector<std::int64_t> frames(leaf.frames().begin(), leaf.frames().end());
          add("frames", std::span<const std::int64_t>(frames), {std::ssize(frames)});
        } else if constexpr (requires { leaf.factor(); }) {
          file.set_metadata(prefix + "factor", std::to_string(leaf.factor()));
        } else if constexpr (requires { leaf.weights(); }) {
          add("weights", leaf.weights(), {std::ssize(leaf.weights())});
        } else if constexpr (requires { leaf.matrix(); }) {
          const Index rows = Shape(leaf.range()).size();
          add("matrix", leaf.matrix(), {rows, std::ssize(leaf.matrix()) / rows});
        } else if constexpr (requires { leaf.sensing_matrix(); }) {
          add("matrix", leaf.sensing_matrix(),
              {leaf.measurements(), std::ssize(leaf.sensing_matrix()) / leaf.measurements()});
        } else if constexpr (requires { leaf.taps(); }) {
          add("kernel", leaf.taps(), {std::ssize(leaf.taps())});
        } else if constexpr (requires {
                               leaf.stride();
                               leaf.kernels();
                             }) {
          const View<const float> kernels = leaf.kernels();
          add("kernel", std::span<const float>(kernels.flat()), {kernels.shape.h, kernels.shape.w, kernels.shape.f});
          file.set_metadata(prefix + "stride", std::to_string(leaf.stride()));
        } else if constexpr (requires { leaf.kernel(); }) {
          const View<const float> kernel = leaf.kernel();
          add("kernel", std::span<const float>(kernel.flat()), {kernel.shape.h, kernel.shape.w});
          if constexpr (requires { leaf.stride(); })
            file.set_metadata(prefix + "stride", std::to_string(leaf.stride()));
        } else {
          static_assert(std::is_same_v<A, Identity<float>>, "an operator that operator.safetensors does not know");
        }
      },
      a.variant());
}

/// A number of the metadata; none where the file has no such key.
template <class Number>
std::optional<Number> parse_number(const Safetensors& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) return std::nullopt;
  const std::string& text = found->second;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(double(value)))
    throw InputError(sentence("the operator file's metadata ", key, " is \"", text, "\", expected a number"));
  return value;
}

Index parse_count(const Safetensors& file, const std::string& key) {
  const std::string& text = file.metadata(key);
  Index value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1)
    throw InputError(sentence("the operator file's metadata ", key, " is \"", text, "\", expected a positive number"));
  return value;
}

ShippedOperator<float> load_leaf(const Safetensors& file, const std::string& prefix, ProblemKey key,
                                 const Shape& shape) {
  const auto kernel = [&](bool per_channel) {
    const std::vector<Index>& e = file.extents(prefix + "kernel");
    const std::size_t rank = per_channel ? 3 : 2;
    if (e.size() != rank)
      throw InputError(sentence("the operator file's ", prefix, "kernel has ", e.size(), " extents, expected ", rank));
    return Tensor<float>(Shape{.h = e[0], .w = e[1], .f = per_channel ? e[2] : 1},
                         file.values<float>(prefix + "kernel").span());
  };
  const auto values = [&](const char* name) { return file.values<float>(prefix + name); };
  const auto rows = [&] {
    const std::vector<Index>& e = file.extents(prefix + "matrix");
    if (e.size() != 2) throw InputError("the operator file's matrix is expected to have rows and columns");
    return e[0];
  };
  switch (key) {
    case ProblemKey::pixel_inpaint:
    case ProblemKey::center_inpaint:
    case ProblemKey::scattered_inpaint:
      return Mask<float>(shape, values("mask"));
    case ProblemKey::super_resolution:
      return BoxDownsample<float>(shape, parse_count(file, prefix + "factor"));
    case ProblemKey::compressive_sensing:
    case ProblemKey::dense:
      return Dense<float>(shape, rows(), values("matrix"));
    case ProblemKey::video_compressive_sensing:
      return VideoCompressiveSensing<float>(shape, rows(), values("matrix"));
    case ProblemKey::disk_blur:
    case ProblemKey::motion_blur:
      return FullBlur<float>(shape, kernel(false));
    case ProblemKey::temporal_disk_blur:
      return TemporalBlur<float>(shape, values("kernel"));
    case ProblemKey::frame_interpolation:
    case ProblemKey::frame_prediction: {
      const Buffer<double> frames = file.values<double>(prefix + "frames");
      std::vector<Index> kept;
      for (double f : frames) {
        if (!(f >= 0 && f < double(shape.t)) || f != std::floor(f))
          throw InputError(sentence("the operator file keeps the frame ", f,
                                    ", but frames are whole numbers from 0 to ", shape.t - 1));
        kept.push_back(static_cast<Index>(f));
      }
      return FrameSelection<float>(shape, std::move(kept));
    }
    case ProblemKey::colorization:
      if (!file.contains(prefix + "weights")) return Identity<float>(shape);
      return ChannelSum<float>(shape, values("weights"));
    case ProblemKey::strided_blur:
      return StridedBlur<float>(shape, kernel(false), parse_count(file, prefix + "stride"));
    case ProblemKey::gray_strided_blur:
      return GrayStridedBlur<float>(shape, kernel(true), parse_count(file, prefix + "stride"));
  }
  throw InputError(sentence("the operator file names the problem ", to_string(key), ", which cannot be loaded"));
}

/// The shortest text that reads back as the same number.
std::string exact(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

std::string prefix_of(std::size_t i, std::size_t count) { return count == 1 ? "" : std::to_string(i) + "."; }

}  // namespace

void save_operator(const std::filesystem::path& path, const ProblemChain& chain, const Shape& video) {
  SafetensorsWriter file;
  file.set_metadata("key", chain.key());
  file.set_metadata("shape", sentence(Index(video.t), ",", Index(video.h), ",", Index(video.w), ",", Index(video.f)));
  if (chain.noise_sigma) file.set_metadata("noise", exact(*chain.noise_sigma));
  if (chain.seed) file.set_metadata("seed", std::to_string(*chain.seed));
  for (std::size_t i = 0; i < chain.links.size(); ++i) {
    const auto& [spec, angle_degrees] = chain.links[i];
    const std::string prefix = prefix_of(i, chain.links.size());
    save_leaf(file, prefix, chain.at(i));
    if (spec.ratio) file.set_metadata(prefix + "ratio", exact(*spec.ratio));
    if (angle_degrees) file.set_metadata(prefix + "angle_degrees", exact(*angle_degrees));
  }
  file.write(path);
}

ProblemChain load_operator(const std::filesystem::path& path) {
  const Safetensors file(path);
  const std::string& text = file.metadata("shape");
  long t = 0, h = 0, w = 0, f = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%ld,%ld,%ld,%ld%n", &t, &h, &w, &f, &read) != 4 ||
      static_cast<std::size_t>(read) != text.size())
    throw InputError(sentence(path.string(), ": the metadata shape is \"", text, "\", expected T,H,W,F"));
  Shape shape{.t = t, .h = h, .w = w, .f = f};
  require_valid(shape, path.c_str());

  std::vector<ProblemKey> keys;
  std::istringstream joined(file.metadata("key"));
  for (std::string key; std::getline(joined, key, ',');) keys.push_back(parse_problem_key(key));
  if (keys.empty()) throw InputError(sentence(path.string(), ": the metadata key is empty"));
  const auto noise_sigma = parse_number<double>(file, "noise");
  const auto seed = parse_number<std::uint64_t>(file, "seed");
  std::vector<ProblemChain::Link> links;
  std::vector<ShippedOperator<float>> operators;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string prefix = prefix_of(i, keys.size());
    const ProblemSpec spec{.key = keys[i], .ratio = parse_number<double>(file, prefix + "ratio")};
    operators.push_back(load_leaf(file, prefix, keys[i], shape));
    links.push_back({spec, parse_number<double>(file, prefix + "angle_degrees")});
    shape = operators.back().range();
  }
  return {.links = std::move(links), .a = compose(std::move(operators)), .noise_sigma = noise_sigma, .seed = seed};
}

}  // namespace program
