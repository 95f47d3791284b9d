// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of normalization: two passes forward and two back, which keep nothing but μ and σ. Sums are kept in
/// double.

#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/activation/functors.hpp"
#include "videoonenet/nn/normalization/normalization.hpp"

namespace videoonenet::cuda {

namespace detail {

/// v = (x − mean) scale + offset, which is γ (x − μ)/s + β; the offset also has what rounding leaves out of the mean.
template <class T>
struct NormalizationAffine {
  T mean, scale, offset;
  VIDEOONENET_DEVICE NormalizationAffine(const Normalization& g, const Moments& m, T gamma, T beta) {
    const double slope = double(gamma) / g.divisor(m.deviation);
    mean = static_cast<T>(m.mean);
    scale = static_cast<T>(slope);
    offset = static_cast<T>(double(beta) - (m.mean - double(mean)) * slope);
  }
};

/// Σ d and Σ d², d the difference to the first entry of a group and channel, so that equal entries give zeros.
template <class T>
struct MomentsTerm {
  const T* x;
  Index pixels, channels;

  VIDEOONENET_DEVICE double first(int group, int channel) const {
    return double(x[Index(group) * pixels * channels + channel]);
  }
  bool packs_fit() const { return cuda::packs_fit<4>(x); }
  template <int width>
  VIDEOONENET_DEVICE Pack<T, width> load(Index i) const {
    return load_pack<width>(x + i);
  }
  struct Of {
    double first;
    template <int width>
    VIDEOONENET_DEVICE void add(const Pack<T, width>& at, int k, Sums<2>& sums) const {
      const double d = double(at[k]) - first;
      sums[0] += d;
      sums[1] += d * d;
    }
  };
  VIDEOONENET_DEVICE Of of(int group, int channel) const { return {first(group, channel)}; }
};

template <class T>
struct WriteMoments {
  MomentsTerm<T> term;
  Moments* moments;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int k = t.thread(); k < s.groups * s.channels; k += t.threads()) {
      const Sums<2> sums = total(k / s.channels, k % s.channels);
      const double shift = sums[0] / s.pixels, variance = sums[1] / s.pixels - shift * shift;
      moments[k] = {term.first(k / s.channels, k % s.channels) + shift,
                    variance <= 0 ? 0 : sqrt(variance)};  // NaN stays
    }
  }
};

/// Σ g and Σ g (x − mean), g = f′(v) grad_y.
template <class T, class F>
struct NormalizationTerm {
  Normalization g;
  F f;
  const T *x, *grad_y, *gamma, *beta;
  const Moments* moments;

  template <int width>
  struct Loaded {
    Pack<T, width> x, grad_y;
  };
  bool packs_fit() const { return cuda::packs_fit<4>(x, grad_y); }
  template <int width>
  VIDEOONENET_DEVICE Loaded<width> load(Index i) const {
    return {load_pack<width>(x + i), load_pack<width>(grad_y + i)};
  }
  struct Of {
    NormalizationAffine<T> affine;
    const F& f;
    template <int width>
    VIDEOONENET_DEVICE void add(const Loaded<width>& at, int k, Sums<2>& sums) const {
      const T d = at.x[k] - affine.mean;
      const double gradient = double(f.derivative(d * affine.scale + affine.offset) * at.grad_y[k]);
      sums[0] += gradient;
      sums[1] += gradient * double(d);
    }
  };
  VIDEOONENET_DEVICE Of of(int group, int channel) const {
    return {{g, moments[group * g.channels + channel], gamma[channel], beta[channel]}, f};
  }
};

/// Adds the parameters' gradients and writes, for every group and channel, what grad_x gets beside γ/s g: offset and
/// slope of (x − mean).
template <class T>
struct WriteNormalizationGradients {
  Normalization g;
  const T* gamma;
  const Moments* moments;
  T *grad_gamma, *grad_beta;
  double* line;

  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int k = t.thread(); k < s.groups * s.channels; k += t.threads()) {
      const int group = k / s.channels, c = k % s.channels;
      const Moments m = moments[k];
      const Sums<2> sums = total(group, c);
      const double rest = m.mean - double(static_cast<T>(m.mean)), divisor = g.divisor(m.deviation);
      const double product = m.deviation == 0 ? 0 : (sums[1] - sums[0] * rest) / divisor;  // Σ g x̂
      const double scale = double(gamma[c]) / divisor / s.pixels, slope = -scale * g.curvature(m.deviation) * product;
      line[2 * k] = -scale * sums[0] - slope * rest;
      line[2 * k + 1] = slope;
      total.put(group, c, {{sums[0], product}});
    }
    t.sync();
    sum_items<2>(
        t, s.channels, s.groups, [&](int c, int group) { return total(group, c); },
        [&](int c, const Sums<2>& sums) {
          grad_beta[c] += static_cast<T>(sums[0]);
          grad_gamma[c] += static_cast<T>(sums[1]);
        });
  }
};

/// A pass over an array whose groups and channels have constants of their own: block (chunk of a group).
/// body.load<width>(i) reads what the entries from i on need, body.of(group, channel)(loaded, k) is what entry i + k
/// becomes, and body.to the array of them.
template <class Body>
struct ForGroups {
  static constexpr int threads = 256, thread_entries = 8, entries = thread_entries * threads;  ///< of a block
  Body body;
  Divisor channels;
  int group_size, chunks;
  bool by_fours;  ///< whether groups are made of packs of four entries, which may be loaded at once

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (by_fours)
      pass<4>(t);
    else
      pass<1>(t);
  }

 private:
  template <int width, class Thread>
  VIDEOONENET_DEVICE void pass(const Thread& t) const {
    constexpr int packs = thread_entries / width, step = width * threads;
    const int group = t.block() / chunks, begin = t.block() % chunks * entries + width * t.thread();
    const int left = group_size - begin;
    const Index first = Index(group) * group_size + begin;
    if (left <= 0) return;
    if (channels.value() == 1) {
      decltype(body.template load<width>(first)) loaded[packs];
      VIDEOONENET_UNROLL
      for (int p = 0; p < packs; ++p)  // the first again where there are no more
        loaded[p] = body.template load<width>(p * step < left ? first + p * step : first);
      const auto own = body.of(group, 0);
      VIDEOONENET_UNROLL
      for (int p = 0; p < packs; ++p)
        if (p * step < left) store<width>(first + p * step, loaded[p], [&](int) { return own; });
    } else {
      VIDEOONENET_ROLLED
      for (int p = 0; p < packs && p * step < left; ++p)
        store<width>(first + p * step, body.template load<width>(first + p * step),
                     [&](int k) { return body.of(group, channels.remainder(begin + p * step + k)); });
    }
  }

  template <int width, class Loaded, class Own>
  VIDEOONENET_DEVICE void store(Index i, const Loaded& loaded, const Own& own) const {
    Pack<std::remove_pointer_t<decltype(body.to)>, width> made;
    VIDEOONENET_UNROLL
    for (int k = 0; k < width; ++k) made[k] = own(k)(loaded, k);
    store_pack(body.to + i, made);
  }
};

template <class T, class F>
struct NormalizeBody {
  Normalization g;
  F f;
  const T *x, *gamma, *beta;
  const Moments* moments;
  T* to;

  bool packs_fit() const { return cuda::packs_fit<4>(x, to); }
  template <int width>
  VIDEOONENET_DEVICE Pack<T, width> load(Index i) const {
    return load_pack<width>(x + i);
  }
  struct Of {
    NormalizationAffine<T> affine;
    const F& f;
    template <int width>
    VIDEOONENET_DEVICE T operator()(const Pack<T, width>& at, int k) const {
      return f.value((at[k] - affine.mean) * affine.scale + affine.offset);
    }
  };
  VIDEOONENET_DEVICE Of of(int group, int channel) const {
    return {{g, moments[group * g.channels + channel], gamma[channel], beta[channel]}, f};
  }
};

template <class T, class F>
struct NormalizeGradientBody {
  NormalizationTerm<T, F> term;
  const double* line;  ///< null where μ and σ are constants
  T* to;
  bool add;  ///< to what is there

  template <int width>
  struct Loaded {
    typename NormalizationTerm<T, F>::template Loaded<width> at;
    Pack<T, width> sum;
  };
  bool packs_fit() const { return term.packs_fit() && cuda::packs_fit<4>(to); }
  template <int width>
  VIDEOONENET_DEVICE Loaded<width> load(Index i) const {
    return {term.template load<width>(i), add ? load_pack<width>(to + i) : Pack<T, width>{}};
  }
  struct Of {
    NormalizationAffine<T> affine;
    const F& f;
    T offset, slope;
    template <int width>
    VIDEOONENET_DEVICE T operator()(const Loaded<width>& loaded, int k) const {
      const T d = loaded.at.x[k] - affine.mean;
      const T gradient = f.derivative(d * affine.scale + affine.offset) * loaded.at.grad_y[k];
      return loaded.sum[k] + (affine.scale * gradient + (d * slope + offset));
    }
  };
  VIDEOONENET_DEVICE Of of(int group, int channel) const {
    const auto own = term.of(group, channel);
    const double* at = line ? line + 2 * (Index(group) * term.g.channels + channel) : nullptr;
    return {own.affine, term.f, at ? static_cast<T>(at[0]) : T(0), at ? static_cast<T>(at[1]) : T(0)};
  }
};

template <Gpu Ex, class Body>
void for_groups(const Ex& ex, const Normalization& g, const Body& body) {
  using Kernel = ForGroups<Body>;
  const int size = as_int(g.pixels * g.channels, "normalization");
  const Index chunks = ceil_div(size, Kernel::entries);
  ex.launch({.blocks = {as_int(g.groups * chunks, "normalization"), 1, 1}, .threads = Kernel::threads},
            Kernel{body, Divisor(as_int(g.channels, "normalization")), size, static_cast<int>(chunks),
                   size % 4 == 0 && body.packs_fit()});
}

}  // namespace detail

/// Numbers of double that the kernels take as scratch.
template <Gpu Ex>
Index normalization_scratch_size(const Ex& ex, const Normalization& g) {
  return 2 * g.groups * g.channels + ChannelSumsShape::make(ex, g.groups, g.pixels, g.channels).size(2);
}

/// μ and σ of every group and channel.
template <Gpu Ex, class T>
void normalization_moments(const Ex& ex, const Normalization& g, std::span<const T> x, std::span<double> scratch,
                           std::span<Moments> moments) {
  const detail::MomentsTerm<T> term{x.data(), g.pixels, g.channels};
  channel_sums<2>(ex, ChannelSumsShape::make(ex, g.groups, g.pixels, g.channels), scratch, term,
                  detail::WriteMoments<T>{term, moments.data()});
}

/// y = f(γ (x − μ)/s + β).
template <Gpu Ex, class T, class F>
void normalization_forward(const Ex& ex, const Normalization& g, const F& f, Input<T> x, Input<T> gamma, Input<T> beta,
                           std::span<const Moments> moments, Output<T> y) {
  detail::for_groups(ex, g,
                     detail::NormalizeBody<T, F>{g, f, x.data(), gamma.data(), beta.data(), moments.data(), y.data()});
}

/// grad_x, grad_gamma and grad_beta, added; grad_x is overwritten if so asked.
template <Gpu Ex, class T, class F>
void normalization_adjoint(const Ex& ex, const Normalization& g, const F& f, Input<T> x, Input<T> gamma, Input<T> beta,
                           std::span<const Moments> moments, Input<T> grad_y, std::span<double> scratch,
                           Output<T> grad_x, Output<T> grad_gamma, Output<T> grad_beta,
                           Accumulate accumulate = Accumulate::add) {
  const detail::NormalizationTerm<T, F> term{g, f, x.data(), grad_y.data(), gamma.data(), beta.data(), moments.data()};
  const auto lines = static_cast<std::size_t>(2 * g.groups * g.channels);
  channel_sums<2>(ex, ChannelSumsShape::make(ex, g.groups, g.pixels, g.channels), scratch.subspan(lines), term,
                  detail::WriteNormalizationGradients<T>{g, gamma.data(), moments.data(), grad_gamma.data(),
                                                         grad_beta.data(), scratch.data()});
  detail::for_groups(ex, g,
                     detail::NormalizeGradientBody<T, F>{term, g.constant_moments ? nullptr : scratch.data(),
                                                         grad_x.data(), accumulate == Accumulate::add});
}

}  // namespace videoonenet::cuda
