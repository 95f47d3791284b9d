// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Pictures and clips by OpenCV.

#include <fcntl.h>
#include <unistd.h>

#include "support/figure.hpp"
#include "support/history_figure.hpp"
#include "support/pictures.hpp"
#include "videoonenet/data/dataset.hpp"
#include "videoonenet/io/video.hpp"

namespace program {

namespace {

/// While one lives, standard error leads nowhere: decoders write their own complaints there, without asking.
class SilentDecoders {
 public:
  SilentDecoders() : saved_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY);
    if (saved_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
  }
  SilentDecoders(const SilentDecoders&) = delete;
  SilentDecoders& operator=(const SilentDecoders&) = delete;
  ~SilentDecoders() {
    if (saved_ < 0) return;
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

class OpenCvPictures : public Pictures {
 public:
  VideoInput read_clip(const InputOptions& o, const std::optional<std::array<Index, 2>>& extents) const override {
    std::optional<FrameSize> size;
    if (extents) size = {(*extents)[0], (*extents)[1]};
    const SilentDecoders silent;
    VideoInput input{read_video<float>(
        o.path, {.start = o.start, .frames = o.frames, .size = size, .color = o.gray ? Color::gray : Color::rgb})};
    if (is_video_file(o.path)) {
      const double rate = videoonenet::detail::open_video(o.path).get(cv::CAP_PROP_FPS);
      if (rate >= 1 && rate <= 240) input.frames_per_second = rate;
    }
    return input;
  }
  AnyDataset<float> open_clips(const DatasetOptions& options) const override { return open_dataset<float>(options); }
  void write_sheet(const std::filesystem::path& path, const Sheet& sheet) const override {
    figure::write_png(path, figure::draw(sheet));
  }
  void write_clip(const std::filesystem::path& path, View<const float> video, double frames_per_second) const override {
    const Tensor<float> shown = figure::viewable(video);
    write_mp4(path, shown.view(),
              {.frames_per_second = frames_per_second,
               .magnification = std::max<Index>(1, 128 / std::max<Index>(video.shape.h, 1))});
  }
  void write_history(const std::filesystem::path& path, const std::vector<EpochRecord>& history) const override {
    figure::write_png(path, figure::draw_history(history));
  }
};

}  // namespace

}  // namespace program

/// What pictures.cpp looks for.
extern "C" const program::Pictures* program_pictures() {
  static const program::OpenCvPictures pictures;
  return &pictures;
}
