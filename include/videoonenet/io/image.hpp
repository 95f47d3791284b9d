// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Single pictures, through OpenCV.

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "videoonenet/core/tensor.hpp"
#include "videoonenet/io/bytes.hpp"

namespace videoonenet {

/// Rows and columns of a frame.
struct FrameSize {
  Index height, width;
};

/// The channels of a frame.
enum class Color {
  rgb,   ///< F = 3
  gray,  ///< F = 1, 0.299 R + 0.587 G + 0.114 B
};

/// How pictures are turned into frames.
struct FrameOptions {
  std::optional<FrameSize> size{};  ///< resize to this by area averaging; as stored when absent [pixels]
  Color color = Color::rgb;
};

namespace detail {

/// Resizes by area averaging in the picture's own depth, as the papers' 8-bit data were made.
/// Errors: InputError when the wanted size is not positive or absurd.
inline cv::Mat resized(const cv::Mat& picture, const FrameOptions& options, const std::string& name) {
  if (!options.size) return picture;
  const auto [height, width] = *options.size;
  constexpr Index longest = 1 << 15;
  if (height < 1 || width < 1 || height > longest || width > longest)
    throw InputError(sentence(name, ": cannot be resized to ", height, "x", width, ", expected 1 to ", longest));
  cv::Mat result;
  cv::resize(picture, result, cv::Size(static_cast<int>(width), static_cast<int>(height)), 0, 0, cv::INTER_AREA);
  return result;
}

template <class S, class T>
void convert_rows(const cv::Mat& picture, Color color, T scale, T* out) {
  for (int h = 0; h < picture.rows; ++h) {
    const S* p = picture.ptr<S>(h);
    for (int w = 0; w < picture.cols; ++w, p += 3) {
      const T b = T(p[0]) * scale, g = T(p[1]) * scale, r = T(p[2]) * scale;
      if (color == Color::gray) {
        *out++ = T(0.299) * r + T(0.587) * g + T(0.114) * b;
      } else {
        *out++ = r;
        *out++ = g;
        *out++ = b;
      }
    }
  }
}

/// Writes a three-channel BGR picture of 8 or 16 bits as (H, W, F) in [0, 1].
template <class T>
void to_frame(const cv::Mat& picture, Color color, T* out) {
  if (picture.depth() == CV_16U)
    convert_rows<std::uint16_t>(picture, color, T(1) / 65535, out);
  else
    convert_rows<std::uint8_t>(picture, color, T(1) / 255, out);
}

/// The decoded picture, BGR with 8 or 16 bits.
inline cv::Mat decode_picture(const std::filesystem::path& path) {
  const Bytes bytes = read_bytes(path);
  cv::Mat picture;
  try {
    if (!bytes.empty()) picture = cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH);
  } catch (const cv::Exception&) {
    picture.release();
  }
  const bool known = picture.depth() == CV_8U || picture.depth() == CV_16U;
  if (picture.empty() || picture.channels() != 3 || !known)
    throw InputError(sentence(path.string(), ": not a picture that can be decoded, or it is damaged"));
  return picture;
}

/// One frame (T = 1, F = 1 or 3) as an 8-bit picture, BGR or grey; values are clamped to [0, 1], NaN is black.
template <class T>
cv::Mat to_picture(View<const T> frame, const char* where) {
  const Shape s = frame.shape;
  require_valid(s, where);
  if (s.n != 1 || s.t != 1 || (s.f != 1 && s.f != 3))
    throw ShapeError(sentence(where, ": given shape (N,T,H,W,F) = ", s, ", expected 1x1xHxWx1 or 1x1xHxWx3"));
  cv::Mat picture(static_cast<int>(Index(s.h)), static_cast<int>(Index(s.w)), s.f == 3 ? CV_8UC3 : CV_8UC1);
  for (Index h = 0; h < s.h; ++h)
    for (Index w = 0; w < s.w; ++w)
      for (Index f = 0; f < s.f; ++f) {
        const T v = frame(0, 0, h, w, s.f - 1 - f);
        const T level = v >= T(1) ? T(255) : v > T(0) ? std::round(v * T(255)) : T(0);
        picture.ptr<std::uint8_t>(static_cast<int>(h))[w * s.f + f] = static_cast<std::uint8_t>(level);
      }
  return picture;
}

}  // namespace detail

/// Reads a picture as one frame (1,1,H,W,F) with values in [0, 1].
/// Errors: InputError when the file is missing, or cannot be decoded.
template <class T>
Tensor<T> read_image(const std::filesystem::path& path, const FrameOptions& options = {}) {
  const cv::Mat picture = detail::resized(detail::decode_picture(path), options, path.string());
  Tensor<T> frame({.h = picture.rows, .w = picture.cols, .f = options.color == Color::rgb ? 3 : 1});
  detail::to_frame(picture, options.color, frame.data());
  return frame;
}

/// Writes one frame (1,1,H,W,F), F = 1 or 3, atomically as an 8-bit PNG; values are clamped to [0, 1].
/// Errors: ShapeError for other shapes; InputError when it cannot be written.
template <class T>
void write_png(const std::filesystem::path& path, View<T> frame) {
  Bytes bytes;
  const cv::Mat picture = detail::to_picture<std::remove_const_t<T>>(frame, "write_png");
  if (!cv::imencode(".png", picture, bytes)) throw Error(sentence(path.string(), ": OpenCV cannot encode PNG"));
  write_bytes(path, {bytes});
}

}  // namespace videoonenet
