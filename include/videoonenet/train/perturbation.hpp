// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Images that are no longer natural, from which OneNet's projection network learns the way back.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <type_traits>
#include <vector>

#include "videoonenet/core/random.hpp"
#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// How images are perturbed; for entries in [0, 1].
struct PerturbationOptions {
  double least_deviation = 0.05, most_deviation = 0.6;  ///< between which σ is drawn
  double coarsest = 0.01, finest = 0.5;  ///< cells of the map that σ is multiplied by, over the pixels of a side
  double block_probability = 0.3;        ///< of being made of blocks first
  double least_ratio = 0.2;              ///< of the sides of an image of blocks, up to 0.95
};

/// Errors: InputError naming the option that is out of range.
inline void require_valid(const PerturbationOptions& o) {
  const auto require = [](bool good, const char* what, double low, double high, const char* expected) {
    if (!good) throw InputError(sentence("perturb: ", what, " from ", low, " to ", high, ", expected ", expected));
  };
  require(0 <= o.least_deviation && o.least_deviation <= o.most_deviation && std::isfinite(o.most_deviation),
          "standard deviations", o.least_deviation, o.most_deviation, "a range of numbers from zero on");
  require(0 <= o.coarsest && o.coarsest <= o.finest && o.finest <= 1, "cells", o.coarsest, o.finest,
          "a range of numbers from 0 to 1");
  require(0 < o.least_ratio && o.least_ratio <= 0.95, "ratios", o.least_ratio, 0.95, "a range above zero");
  if (!(0 <= o.block_probability && o.block_probability <= 1))
    throw InputError(
        sentence("perturb: the probability of blocks is ", o.block_probability, ", expected a number from 0 to 1"));
}

namespace detail {

/// Row or column i of `count` in a grid of `cells`: the cell before it, and how far the next one is taken.
struct GridPlace {
  Index cell;
  double share;
  GridPlace(Index i, Index count, Index cells) {
    const double at = std::clamp((double(i) + 0.5) * double(cells) / double(count) - 0.5, 0.0, double(cells - 1));
    cell = std::min(static_cast<Index>(at), std::max<Index>(cells - 2, 0));
    share = at - double(cell);
  }
};

/// Every pixel the one that is met when the sides are reduced to `ratio` and enlarged again, the nearest both times.
template <class T>
void make_blocks(T* frame, const Shape& shape, double ratio) {
  const auto source = [&](Index i, Index extent) {
    const auto few = std::max<Index>(1, static_cast<Index>(std::lround(ratio * double(extent))));
    const Index block = i * few / extent;
    return (block * extent + few - 1) / few;  // its first pixel, which is its own source
  };
  for (Index i = 0; i < shape.h; ++i)
    for (Index j = 0; j < shape.w; ++j)
      std::copy_n(frame + (source(i, shape.h) * shape.w + source(j, shape.w)) * shape.f, shape.f,
                  frame + (i * shape.w + j) * shape.f);
}

}  // namespace detail

/// Writes perturbed images, every frame by draws of its own.
///
/// Math: v = b(x) + σ m n with n white Gaussian noise and σ uniform; m, one a channel, is linear between the cells of a
/// coarse grid whose entries are uniform on [−√3, √3], so that m² is 1 on average in a cell; b, for some of the images,
/// reduces and enlarges them, the nearest pixel both times.
/// Shapes: both alike, and not the same memory.  Units: v is not limited to [0, 1].
/// Errors: ShapeError; InputError for options out of range.  Cost: a normal number an entry.
/// Source: SPEC §4 (ON), whose code makes m by cubic interpolation.
template <class T>
void perturb(View<const std::type_identity_t<T>> images, Random& random, View<T> perturbed,
             const PerturbationOptions& o = {}) {
  const Shape& shape = images.shape;
  require_shape(perturbed.shape, shape, "perturb", "the perturbed images");
  require_valid(o);
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  const Index pixels = shape.h * shape.w;
  std::vector<double> cells;
  for (Index frame = 0; frame < shape.n * shape.t; ++frame) {
    T* const v = std::copy_n(images.data + frame * pixels * shape.f, pixels * shape.f,
                             perturbed.data + frame * pixels * shape.f) -
                 pixels * shape.f;
    if (random.uniform() < o.block_probability) detail::make_blocks(v, shape, between(o.least_ratio, 0.95));
    const double deviation = between(o.least_deviation, o.most_deviation);
    for (Index channel = 0; channel < shape.f; ++channel) {
      const auto count = [&](Index extent) {
        return std::max<Index>(1, static_cast<Index>(std::lround(double(extent) * between(o.coarsest, o.finest))));
      };
      const Index rows = count(shape.h), columns = count(shape.w);
      cells.resize(static_cast<std::size_t>(rows * columns));
      for (double& cell : cells) cell = std::numbers::sqrt3 * between(-1, 1);
      const auto cell = [&](Index i, Index j) {
        return cells[static_cast<std::size_t>(std::min(i, rows - 1) * columns + std::min(j, columns - 1))];
      };
      for (Index i = 0; i < shape.h; ++i) {
        const detail::GridPlace r(i, shape.h, rows);
        for (Index j = 0; j < shape.w; ++j) {
          const detail::GridPlace c(j, shape.w, columns);
          const double above = std::lerp(cell(r.cell, c.cell), cell(r.cell, c.cell + 1), c.share);
          const double below = std::lerp(cell(r.cell + 1, c.cell), cell(r.cell + 1, c.cell + 1), c.share);
          v[(i * shape.w + j) * shape.f + channel] +=
              static_cast<T>(deviation * std::lerp(above, below, r.share) * random.normal());
        }
      }
    }
  }
}

}  // namespace videoonenet
