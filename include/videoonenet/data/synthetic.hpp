// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Procedurally generated videos, for demonstrations and tests without any data.

#include <string_view>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/data/stroke_scene.hpp"
#include "videoonenet/data/texture_scene.hpp"

namespace videoonenet {

/// What a generated video shows.
enum class SyntheticKind {
  texture,  ///< textured, coloured objects moving over a moving background
  strokes,  ///< one pen-stroke digit, turning by 40° a frame on black
};

/// The kind called texture or strokes.
/// Errors: InputError for any other name.
inline SyntheticKind parse_synthetic_kind(std::string_view name) {
  if (name == "texture") return SyntheticKind::texture;
  if (name == "strokes") return SyntheticKind::strokes;
  throw InputError(sentence("the synthetic video \"", name, "\" is unknown, expected texture or strokes"));
}

/// Renders a scene from frame `start` on: values are multiples of 1/255 in [0, 1], as in a decoded video.
///
/// One channel shows the luminance 0.299 R + 0.587 G + 0.114 B; channel f of more shows colour f mod 3.
/// Shapes: one video.  Errors: ShapeError for a batch.  Cost: about 0.4 µs an entry for TextureScene.
template <class Scene, class T>
void render(const Cpu& ex, const Scene& scene, double start, View<T> video) {
  const Shape s = video.shape;
  require_valid(s, "render");
  if (s.n != 1) throw ShapeError(sentence("render: given a batch of ", Index(s.n), " videos, expected one"));
  const double pixels = double(std::min<Index>(s.h, s.w));
  parallel_for(ex, s.t * s.h, [&](Index row) {
    const Index t = row / s.h, h = row % s.h;
    for (Index w = 0; w < s.w; ++w) {
      const double x = (double(w) + 0.5 - double(s.w) / 2) / pixels, y = (double(h) + 0.5 - double(s.h) / 2) / pixels;
      const auto c = scene.color(x, y, start + double(t), pixels);
      for (Index f = 0; f < s.f; ++f) {
        const double value = s.f == 1 ? 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] : c[static_cast<std::size_t>(f % 3)];
        video(0, t, h, w, f) = static_cast<T>(std::round(255 * std::clamp(value, 0.0, 1.0)) / 255);
      }
    }
  });
}

/// A random video of the given kind and shape, values multiples of 1/255 in [0, 1].
/// Errors: ShapeError for a batch.  Cost: as render.
template <class T>
Tensor<T> synthetic_video(const Cpu& ex, SyntheticKind kind, const Shape& shape, Random& random) {
  Tensor<T> video(shape);
  if (kind == SyntheticKind::texture)
    render(ex, TextureScene(random), 0, video.view());
  else
    render(ex, StrokeScene(random), 0, video.view());
  return video;
}

/// What SyntheticVideos generates.
struct SyntheticOptions {
  SyntheticKind kind = SyntheticKind::texture;
  Shape shape{.t = 4, .h = 32, .w = 32, .f = 3};
  Split split = Split::test;
  Index videos = 1000;
  std::uint64_t seed = 2026;
};

/// A data set of generated videos: the index chooses the scene, the generator the first frame.
class SyntheticVideos {
 public:
  /// Errors: ShapeError for a batch; InputError when no videos are asked for.
  explicit SyntheticVideos(const SyntheticOptions& options) : options_(options) {
    require_valid(options.shape, "SyntheticVideos");
    require_shape(options.shape, Shape(options.shape.sample()), "SyntheticVideos", "a video");
    if (options.videos <= 0) throw InputError(sentence("SyntheticVideos: ", options.videos, " videos were asked for"));
  }

  Index size() const { return options_.videos; }
  Shape shape() const { return options_.shape; }

  template <class T>
  void sample(Index index, Random& random, View<T> video) const {
    require_sample(index, size(), video.shape, shape(), "SyntheticVideos::sample");
    const auto part = static_cast<std::uint64_t>(options_.split);
    Random scene(options_.seed, (part << 40) | static_cast<std::uint64_t>(index));
    const double start = double(random.integer(200));
    if (options_.kind == SyntheticKind::texture)
      render(Cpu{}, TextureScene(scene), start, video);
    else
      render(Cpu{}, StrokeScene(scene), start, video);
  }

 private:
  SyntheticOptions options_;
};

}  // namespace videoonenet
