// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The networks that stand in place of the proximal operator and behind the data step: VON's CNN and BCRNN, and DUA's.

#include "videoonenet/autodiff/either/either.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/models/image_autoencoder.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/bidirectional/bidirectional.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

namespace videoonenet {

/// Sizes of a net.
struct VideoNetOptions {
  Index in = 1, out = 1;      ///< channels
  Index filters = 64;         ///< channels in between
  Index kernel_encoder = 3;   ///< of the convolutions and of the recurrent cells
  Index kernel_decoder = 11;  ///< of the transposed convolution at the end
  InstanceNormPolicy norm = InstanceNormPolicy::joint;
  Initial decoder = Initial::glorot_uniform;  ///< of its kernel; zeros for a net that is added to something
  Index h = 0, w = 0;  ///< frames of a net for these alone, DUA's autoencoder, which has kernels of its own; 0: any
};

/// Instance norm with the papers' activation.
template <class T>
using VideoNetNorm = InstanceNorm<T, ScaledSoftplus>;

/// Three times convolution, norm and activation, then a transposed convolution, frame by frame.
template <class T>
using CnnVideoNet =
    Sequential<Conv2d<T>, VideoNetNorm<T>, Conv2d<T>, VideoNetNorm<T>, Conv2d<T>, VideoNetNorm<T>, ConvTranspose2d<T>>;

/// The same with a bidirectional recurrent layer before the transposed convolution, through which frames see each
/// other.
template <class T>
using BcrnnVideoNet = Sequential<Conv2d<T>, VideoNetNorm<T>, Conv2d<T>, VideoNetNorm<T>, Conv2d<T>, VideoNetNorm<T>,
                                 Bidirectional<MinimalRnn<T>>, ConvTranspose2d<T>>;

namespace detail {

/// The i-th convolution and norm of an encoder.
template <class T>
Named<Conv2d<T>> encoder_conv(const VideoNetOptions& o, int i) {
  return named(sentence("encoder.", i, ".conv"),
               Conv2d<T>{.in = i == 0 ? o.in : o.filters, .out = o.filters, .kernel = o.kernel_encoder});
}
template <class T>
Named<VideoNetNorm<T>> encoder_norm(const VideoNetOptions& o, int i) {
  return named(sentence("encoder.", i, ".norm"), VideoNetNorm<T>{.policy = o.norm, .channels = o.filters});
}

}  // namespace detail

/// Composes the CNN form.
template <class T>
CnnVideoNet<T> cnn_video_net(const VideoNetOptions& o) {
  using namespace detail;
  const ConvTranspose2d<T> decoder{.in = o.filters, .out = o.out, .kernel = o.kernel_decoder, .initial = o.decoder};
  return sequential(encoder_conv<T>(o, 0), encoder_norm<T>(o, 0), encoder_conv<T>(o, 1), encoder_norm<T>(o, 1),
                    encoder_conv<T>(o, 2), encoder_norm<T>(o, 2), named("decoder", decoder));
}

/// Composes the BCRNN form.
template <class T>
BcrnnVideoNet<T> bcrnn_video_net(const VideoNetOptions& o) {
  using namespace detail;
  const auto birnn = bidirectional(MinimalRnn<T>{.channels = o.filters, .kernel = o.kernel_encoder});
  const ConvTranspose2d<T> decoder{.in = 2 * o.filters, .out = o.out, .kernel = o.kernel_decoder, .initial = o.decoder};
  return sequential(encoder_conv<T>(o, 0), encoder_norm<T>(o, 0), encoder_conv<T>(o, 1), encoder_norm<T>(o, 1),
                    encoder_conv<T>(o, 2), encoder_norm<T>(o, 2), named("birnn", birnn), named("decoder", decoder));
}

/// DUA's autoencoder.
template <class T>
using AutoencoderVideoNet = decltype(image_autoencoder<T>({}));

/// One of the three, chosen at run time.
///
/// Shapes: (N, T, H, W, in) to (N, T, H, W, out), for any N, T, H and W, or those of the autoencoder.
/// Errors: InputError for an autoencoder that recurs or that has other frames than ImageAutoencoderOptions allows.
/// Cost: `image_autoencoder`'s, or per pixel, with filters C, encoder kernel k and decoder kernel d: k²C(in + 2C) +
/// d²C·out multiply-adds, and 4k²C² + d²C·out more with recurrence.  Source: SPEC §4 (VON, section 3; DUA).
template <class T>
class VideoNet {
  using Net = Either<CnnVideoNet<T>, BcrnnVideoNet<T>, AutoencoderVideoNet<T>>;

 public:
  using value_type = T;
  using Cache = typename Net::Cache;

  VideoNet(const VideoNetOptions& o, bool recurrent);

  Shape output_shape(const Shape& x) const;
  Index parameter_count() const;
  std::vector<Parameter> parameters() const;

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const;
  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const;
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const;

 private:
  static Net make(const VideoNetOptions& o, bool recurrent);

  Net net_;
};

/// Makes one of them.
template <class T>
VideoNet<T> video_net(const VideoNetOptions& o, bool recurrent) {
  return {o, recurrent};
}

// Not inside the class: only then does a program that compiles them once (core/config.hpp) not compile them again.
template <class T>
VideoNet<T>::VideoNet(const VideoNetOptions& o, bool recurrent) : net_(make(o, recurrent)) {}

template <class T>
auto VideoNet<T>::make(const VideoNetOptions& o, bool recurrent) -> Net {
  if (o.h != 0 || o.w != 0) {
    if (recurrent) throw InputError("video_net: the autoencoder has no recurrent form");
    return image_autoencoder<T>(
        {.in = o.in, .out = o.out, .filters = o.filters, .h = o.h, .w = o.w, .norm = o.norm, .last = o.decoder});
  }
  if (recurrent) return bcrnn_video_net<T>(o);
  return cnn_video_net<T>(o);
}

template <class T>
Shape VideoNet<T>::output_shape(const Shape& x) const {
  return net_.output_shape(x);
}

template <class T>
Index VideoNet<T>::parameter_count() const {
  return net_.parameter_count();
}

template <class T>
std::vector<Parameter> VideoNet<T>::parameters() const {
  return net_.parameters();
}

template <class T>
template <Executor Ex>
auto VideoNet<T>::make_cache(Memory<Ex>& memory, const Shape& x) const -> Cache {
  return net_.make_cache(memory, x);
}

template <class T>
template <Executor Ex>
void VideoNet<T>::forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
  net_.forward(ex, parameters, x, y, cache);
}

template <class T>
template <Executor Ex>
void VideoNet<T>::adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
                          std::span<T> grad_parameters, Accumulate accumulate) const {
  net_.adjoint(ex, parameters, cache, grad_y, grad_x, grad_parameters, accumulate);
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE class VideoNet<float>;
VIDEOONENET_INSTANCE auto VideoNet<float>::make_cache(Memory<Cpu>&, const Shape&) const -> Cache;
VIDEOONENET_INSTANCE void VideoNet<float>::forward(const Cpu&, Input<float>, View<const float>, View<float>,
                                                   Cache&) const;
VIDEOONENET_INSTANCE void VideoNet<float>::adjoint(const Cpu&, Input<float>, const Cache&, View<const float>,
                                                   View<float>, std::span<float>, Accumulate) const;
#endif

}  // namespace videoonenet
