// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// oneDNN's convolution behind the arrays of ours, for benchmarks: layouts of its own choice, set up outside of `run`.

#include <array>
#include <oneapi/dnnl/dnnl.hpp>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::benchmarks {

/// A primitive's description, which oneDNN 2 and 3 ask for in different words; `hint` is a gradient's forward pass.
template <class Primitive, class... Hint>
auto onednn_description(const dnnl::engine& engine, const auto& arguments, const Hint&... hint) {
  return std::apply(
      [&](const auto&... a) {
#if DNNL_VERSION_MAJOR >= 3
        return typename Primitive::primitive_desc(engine, a..., hint...);
#else
        return typename Primitive::primitive_desc(typename Primitive::desc(a...), engine, hint...);
#endif
      },
      arguments);
}

/// Which of the three products of a convolution's arrays.
enum class Direction { forward, input_gradient, kernel_gradient };

/// One direction of a convolution of stride 1 and odd kernel, by oneDNN.
///
/// Shapes: as in Conv2dGeometry, x (frames, h, w, in), y (frames, h, w, out), kernel (k, k, in, out), row-major.
/// Errors: dnnl::error where oneDNN has no such convolution. It plans for omp_get_max_threads() threads.
class OnednnConvolution {
 public:
  OnednnConvolution(const Conv2dGeometry& g, Direction direction, dnnl::memory::data_type type,
                    dnnl::algorithm algorithm)
      : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_), direction_(direction) {
    using namespace dnnl;
    using Tag = memory::format_tag;
    const memory::dims x{g.frames, g.in, g.h, g.w}, y{g.frames, g.out, g.h, g.w}, k{g.out, g.in, g.kernel, g.kernel};
    const memory::dims one{1, 1}, pad{g.kernel / 2, g.kernel / 2};
    const memory::desc any_x(x, type, Tag::any), any_y(y, type, Tag::any), any_k(k, type, Tag::any);
    user_ = {memory::desc(x, memory::data_type::f32, Tag::nhwc), memory::desc(k, memory::data_type::f32, Tag::hwio),
             memory::desc(y, memory::data_type::f32, Tag::nhwc)};
    const auto forward = onednn_description<convolution_forward>(
        engine_, std::tuple(prop_kind::forward_training, algorithm, any_x, any_k, any_y, one, pad, pad));
    if (direction == Direction::forward) {
      prepare(forward, {{{DNNL_ARG_SRC, forward.src_desc()},
                         {DNNL_ARG_WEIGHTS, forward.weights_desc()},
                         {DNNL_ARG_DST, forward.dst_desc()}}});
    } else if (direction == Direction::input_gradient) {
      const auto backward = onednn_description<convolution_backward_data>(
          engine_, std::tuple(algorithm, any_x, any_k, any_y, one, pad, pad), forward);
      prepare(backward, {{{DNNL_ARG_DIFF_SRC, backward.diff_src_desc()},
                          {DNNL_ARG_WEIGHTS, backward.weights_desc()},
                          {DNNL_ARG_DIFF_DST, backward.diff_dst_desc()}}});
    } else {
      const memory::desc sums(k, memory::data_type::f32, Tag::any);  // gradients of weights stay in float
      const auto backward = onednn_description<convolution_backward_weights>(
          engine_, std::tuple(algorithm, any_x, sums, any_y, one, pad, pad), forward);
      prepare(backward, {{{DNNL_ARG_SRC, backward.src_desc()},
                          {DNNL_ARG_DIFF_WEIGHTS, backward.diff_weights_desc()},
                          {DNNL_ARG_DIFF_DST, backward.diff_dst_desc()}}});
    }
  }

  /// Copies all three arrays into oneDNN's layouts; which of them `run` overwrites follows from the direction.
  void set(std::span<const float> x, std::span<const float> kernel, std::span<const float> y) {
    const std::span<const float> given[] = {x, kernel, y};
    for (std::size_t i = 0; i < 3; ++i) {
      dnnl::memory from(user_[i], engine_, const_cast<float*>(given[i].data()));  // oneDNN knows no constant memory
      dnnl::reorder(from, own_[i]).execute(stream_, from, own_[i]);
      stream_.wait();
    }
  }
  void run() {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }
  /// What `run` has computed, in our layout.
  void result(std::span<float> values) {
    dnnl::memory to(user_[written()], engine_, values.data());
    dnnl::reorder(own_result(), to).execute(stream_, own_result(), to);
    stream_.wait();
  }
  /// The same in oneDNN's own layout and type, padded channels and all.
  dnnl::memory& own_result() { return own_[written()]; }
  /// oneDNN's name for what it has chosen.
  const std::string& name() const { return name_; }

 private:
  using Arguments = std::array<std::pair<int, dnnl::memory::desc>, 3>;

  /// Allocates x, kernel and y as described and makes the primitive.
  template <class Description>
  void prepare(const Description& description, const Arguments& arguments) {
    for (std::size_t i = 0; i < 3; ++i) {
      own_[i] = dnnl::memory(arguments[i].second, engine_);
      arguments_[arguments[i].first] = own_[i];
    }
    primitive_ = dnnl::primitive(description.get());
    name_ = description.impl_info_str();
  }
  /// The place of the result among x, kernel and y.
  std::size_t written() const {
    return direction_ == Direction::forward ? 2 : direction_ == Direction::input_gradient ? 0 : 1;
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  Direction direction_;
  std::array<dnnl::memory::desc, 3> user_;  ///< of x, kernel, y
  std::array<dnnl::memory, 3> own_;
  std::unordered_map<int, dnnl::memory> arguments_;
  dnnl::primitive primitive_;
  std::string name_;
};

}  // namespace videoonenet::benchmarks
