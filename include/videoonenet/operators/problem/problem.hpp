// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The problem sampler: draws an operator as the papers draw it, and measures a video with it.

#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/problem/draw_mask.hpp"
#include "videoonenet/operators/problem_spec/problem_spec.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

namespace videoonenet {

/// One drawn problem: what was asked for, the operator, and the number it was made from where the operator hides it.
template <class T>
struct Problem {
  ProblemSpec spec;
  ShippedOperator<T> a;
  std::optional<double> angle_degrees{};  ///< of motion_blur, in [0, 360)
};

/// Matrices above this many bytes are not drawn: compressive sensing of a large video has no use for them.
inline constexpr Index largest_drawn_matrix = Index(4) << 30;

namespace detail {

/// A rows × columns matrix with entries N(0, 1)/√rows, one number of the stream each, in row-major order.
template <class T>
Buffer<T> draw_gaussian_matrix(const Cpu& ex, Index rows, Index columns, Random& random) {
  if (rows < 1)
    throw InputError(sentence("compressive sensing of ", columns,
                              " entries would make no measurement; "
                              "the ratio is too small"));
  if (columns > largest_drawn_matrix / static_cast<Index>(sizeof(T)) / rows)
    throw InputError(sentence("compressive sensing needs a ", rows, " x ", columns, " matrix, more than the ",
                              largest_drawn_matrix >> 30, " GiB that are drawn; take a smaller video or ratio"));
  Buffer<T> matrix(rows * columns);
  draw_normal(ex, random, matrix.span(), 1 / std::sqrt(double(rows)));
  return matrix;
}

/// The integer q of a ratio 1/q.
inline Index inverse_ratio(ProblemKey key, double ratio) {
  const double q = std::round(1 / ratio);
  if (std::abs(ratio * q - 1) > 1e-3 || q > 1e6)
    throw InputError(sentence("the problem ", to_string(key), " was given the ratio ", ratio,
                              ", expected one over a whole number (0.5, 0.25, ...)"));
  return static_cast<Index>(q);
}

/// Frames 0, step, 2·step, …
inline std::vector<Index> every_frame(ProblemKey key, Index count, Index step, Index frames) {
  if (count < 1)
    throw InputError(sentence("the problem ", to_string(key), " would keep no frame of ", frames,
                              "; choose another ratio or a longer video"));
  std::vector<Index> kept(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) kept[static_cast<std::size_t>(i)] = i * step;
  return kept;
}

/// The low-pass kernel of the strided blurs.
template <class T>
Tensor<T> low_pass_kernel(const ProblemSpec& spec) {
  const Index k = spec.kernel_size.value_or(3);
  return spec.low_pass == LowPass::flat ? flat_kernel<T>(k) : gaussian_kernel<T>(k, double(k) / 6);
}

/// A spatial kernel as 1×1×kh×kw×F, the same for every channel.
template <class T>
Tensor<T> for_every_channel(const Tensor<T>& kernel, Index channels) {
  Tensor<T> kernels(Shape{.h = kernel.shape().h, .w = kernel.shape().w, .f = channels});
  for (Index i = 0; i < kernels.size(); ++i) kernels[i] = kernel[i / channels];
  return kernels;
}

/// The operator of a valid spec; `angle` is that of motion_blur.
template <class T>
ShippedOperator<T> draw_operator(const Cpu& ex, const ProblemSpec& spec, const Shape& video,
                                 std::optional<double> angle, Random& random) {
  const double ratio = effective_ratio(spec).value_or(1);
  switch (spec.key) {
    case ProblemKey::pixel_inpaint:
      return Mask<T>(video, draw_pixel_mask<T>(ex, video, ratio, random));
    case ProblemKey::center_inpaint:
      return Mask<T>(video, center_mask<T>(video, ratio));
    case ProblemKey::scattered_inpaint:
      return Mask<T>(video, draw_scattered_mask<T>(video, ratio, random));
    case ProblemKey::super_resolution:
      return BoxDownsample<T>(video, inverse_ratio(spec.key, ratio));
    case ProblemKey::compressive_sensing: {
      const Index n = video.size(), m = round_half_even(ratio * double(n));
      return Dense<T>(video, m, draw_gaussian_matrix<T>(ex, m, n, random));
    }
    case ProblemKey::video_compressive_sensing: {
      const Index pixels = video.h * video.w, m = round_half_even(ratio * double(pixels));
      return VideoCompressiveSensing<T>(video, m, draw_gaussian_matrix<T>(ex, m, pixels, random));
    }
    case ProblemKey::disk_blur:
      return FullBlur<T>(video, disk_kernel<T>());
    case ProblemKey::temporal_disk_blur:
      return TemporalBlur<T>(video, temporal_taps<T>());
    case ProblemKey::motion_blur:
      return FullBlur<T>(video, spec.motion_kernel == MotionKernel::line
                                    ? line_kernel<T>(spec.kernel_size.value_or(7), angle.value())
                                    : motion_kernel_published<T>(angle.value()));
    case ProblemKey::frame_interpolation: {
      const Index q = inverse_ratio(spec.key, ratio);  // ⌊T·ratio⌋ without rounding errors is T / q
      return FrameSelection<T>(video, every_frame(spec.key, video.t / q, q, video.t));
    }
    case ProblemKey::frame_prediction: {
      const auto dropped = static_cast<Index>(std::floor(double(video.t) * ratio));
      return FrameSelection<T>(video, every_frame(spec.key, video.t - dropped, 1, video.t));
    }
    case ProblemKey::colorization:
      if (video.f == 1) return Identity<T>(video);
      if (video.f != 3)
        throw InputError(sentence("the problem colorization was given videos of ", Index(video.f),
                                  " channels, expected 3 (R, G, B) or 1"));
      return ChannelSum<T>(video, Buffer<T>{T(0.299), T(0.587), T(0.114)});
    case ProblemKey::strided_blur:
      return StridedBlur<T>(video, low_pass_kernel<T>(spec), inverse_ratio(spec.key, ratio));
    case ProblemKey::gray_strided_blur:
      return GrayStridedBlur<T>(video, for_every_channel(low_pass_kernel<T>(spec), video.f),
                                inverse_ratio(spec.key, ratio));
    case ProblemKey::dense:
      break;
  }
  throw InputError(sentence("the problem ", to_string(spec.key), " is a matrix of the user's own, it cannot be drawn"));
}

}  // namespace detail

/// Draws a problem for a single video of the given shape.
///
/// The numbers of `random` are used in a fixed order (SPEC §3 says which), so the same seed and stream give the same
/// operator, bit for bit, on any number of threads and for float and double alike up to rounding.
/// Errors: InputError for parameters that do not belong to the problem, are out of range or leave nothing to measure;
/// ShapeError for a shape the operator cannot take.
/// Cost: one random number per mask or matrix entry.  Source: SPEC §3.
template <class T>
Problem<T> draw_problem(const Cpu& ex, const ProblemSpec& spec, const Shape& video, Random& random) {
  require_valid(spec);
  require_valid(video, "draw_problem");
  if (video.n != 1)
    throw ShapeError(
        sentence("draw_problem: the shape (N,T,H,W,F) = ", video, " is a batch; draw a problem per video"));
  std::optional<double> angle;
  if (spec.key == ProblemKey::motion_blur) angle = 360 * random.uniform();
  return {spec, detail::draw_operator<T>(ex, spec, video, angle, random), angle};
}

/// The operator of draw_problem alone.
template <class T>
ShippedOperator<T> draw_operator(const Cpu& ex, const ProblemSpec& spec, const Shape& video, Random& random) {
  return draw_problem<T>(ex, spec, video, random).a;
}

/// Measures a video: y = A x + ξ, ξ normal with the problem's noise_sigma in every entry of y.
///
/// Zero rows of an inpainting mask receive noise like all others; no restoration sees it, as Aᵀ removes it.
/// Shapes: x of the problem's domain, y of its range.  Errors: ShapeError.
/// Cost: one application, and one random number per entry of y if there is noise.
template <class T>
Buffer<T> measure(const Cpu& ex, const Problem<T>& problem, Input<T> x, Random& random) {
  Buffer<T> y(problem.a.range().size());
  require_operands(problem.a, std::ssize(x), y.size(), "measure");
  problem.a.apply(ex, x, y.span());
  const double sigma = effective_noise_sigma(problem.spec);
  if (sigma > 0) {
    Buffer<T> noise(y.size());
    draw_normal(ex, random, noise.span(), sigma);
    axpby(ex, T(1), noise.span(), T(1), y.span());
  }
  return y;
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE Problem<float> draw_problem(const Cpu&, const ProblemSpec&, const Shape&, Random&);
VIDEOONENET_INSTANCE Buffer<float> measure(const Cpu&, const Problem<float>&, Input<float>, Random&);
#endif

}  // namespace videoonenet
