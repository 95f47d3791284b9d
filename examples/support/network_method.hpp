// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A trained network as a method of the programs: read once, shared by all threads.

#include <unistd.h>

#include <memory>
#include <mutex>

#include "support/window_method.hpp"
#include "videoonenet/models/fit_tiles.hpp"
#include "videoonenet/models/model_file.hpp"

namespace program {

using namespace videoonenet;

/// Tiles of HxW or TxHxW entries; a quarter to three eighths of a tile overlaps its neighbour.
/// Errors: InputError when the text is something else or a tile is smaller than 8 pixels.
inline TileOptions parse_tiles(const std::string& text) {
  TileOptions tiles;
  if (text.empty()) return tiles;
  long extents[3] = {0, 0, 0};
  int count = 0, read = 0;
  const char* rest = text.c_str();
  for (; count < 3 && std::sscanf(rest, "%ld%n", &extents[count], &read) == 1; ++count) {
    rest += read;
    if (*rest == 'x') ++rest;
  }
  if (*rest != '\0' || text.back() == 'x' || count < 2)
    throw InputError(sentence("--tile is \"", text, "\", expected HxW or TxHxW, for example 128x128"));
  const auto share = [&](long size, long least) {
    if (size < least || size > 1 << 20)
      throw InputError(sentence("--tile is \"", text, "\", expected tiles of at least 8 x 8 pixels and 4 frames"));
    const long part = std::min(size / 8, 16L);
    return TileExtent{.size = size, .halo = std::max(part, 1L), .blend = part};
  };
  if (count == 3) tiles.t = share(extents[0], 4);
  tiles.h = share(extents[count - 2], 8);
  tiles.w = share(extents[count - 1], 8);
  return tiles;
}

/// A model with its weights, and memory that its calls borrow.
class NetworkMethod {
 public:
  /// Errors: InputError for a file that is no model.
  NetworkMethod(const std::string& path, const ModelRun& run) : path_(path), trained_(read_model<float>(path, run)) {
    const auto name = trained_.metadata.find("name");
    const bool named = name != trained_.metadata.end() && !name->second.empty();
    name_ = named ? name->second : std::filesystem::path(path).stem().string();
  }

  /// What tables call it: its file's metadata `name`, or else the file's name.
  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  const Model<float>& model() const { return trained_.model; }
  std::span<const float> parameters() const { return trained_.parameters.span(); }

  /// The same network on tiles with which restoring such a video, or such windows, takes at most `bytes`.
  /// Errors: InputError when no tiles are small enough.
  std::shared_ptr<const NetworkMethod> within(const Cpu& ex, const Shape& video, Index hop, Index bytes) const {
    ModelRun run = model().run();
    run.tiles = fit_tiles<float>(ex, model().options(), video, bytes, hop);
    return std::shared_ptr<const NetworkMethod>(new NetworkMethod(
        path_, name_, {Model<float>(model().options(), run), trained_.parameters, trained_.metadata}));
  }

  /// Refuses videos of channels it was not trained on, and those that this machine's memory cannot hold.
  void require_video(const Cpu& ex, const Shape& video, Index hop = 0) const {
    if (video.f != model().options().channels)
      throw InputError(sentence(path_, ": the network restores videos of ", model().options().channels,
                                " channels, but these have ", Index(video.f)));
    const Index bytes = model().restoration_bytes(ex, video, hop);
    const Index available = static_cast<Index>(sysconf(_SC_PHYS_PAGES)) * static_cast<Index>(sysconf(_SC_PAGESIZE));
    if (bytes > available)
      throw InputError(sentence(path_, ": the network needs ", bytes >> 20, " MiB for this video, this machine has ",
                                available >> 20, "; --memory or --tile 128x128 make it need less"));
  }

  /// Restores the video measured as y = A x; may be called from several threads.
  template <class A>
  void restore(const Cpu& ex, const A& a, std::span<const float> y, View<float> x) const {
    auto memory = borrow(ex, x.shape);
    model().restore(ex, trained_.parameters.span(), a, y, x, memory->planned.cache);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(memory));
  }
  /// The same on a device, where the weights are brought for it.
  template <DeviceExecutor Ex, class A>
  void restore(const Ex& ex, const A& a, std::span<const float> y, View<float> x) const {
    const auto weights = ex.template allocate<float>(trained_.parameters.size());
    ex.upload(trained_.parameters.span(), weights.span());
    model().restore(ex, weights.span(), a, y, x);
  }
  /// The same by windows.
  template <class A>
  void restore(const Cpu& ex, const A& a, std::span<const float> y, View<float> x, const WindowOptions& windows) const {
    restore_by_windows(ex, model(), trained_.parameters.span(), a, y, x, windows, [](const auto&) {});
  }

 private:
  NetworkMethod(std::string path, std::string name, TrainedModel<float> trained)
      : path_(std::move(path)), name_(std::move(name)), trained_(std::move(trained)) {}

  /// Memory for one call, on videos of one shape and at most so many threads.
  struct Memory {
    Shape video;
    Cpu ex;
    Planned<Model<float>::Cache, Cpu> planned;
  };

  std::unique_ptr<Memory> borrow(const Cpu& ex, const Shape& video) const {
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(free_, [&](const auto& m) { return !(m->video == video) || !(m->ex == ex); });
      if (!free_.empty()) {
        auto memory = std::move(free_.back());
        free_.pop_back();
        return memory;
      }
    }
    return std::unique_ptr<Memory>(new Memory{video, ex, model().plan_restoration(ex, video)});
  }

  std::string path_, name_;
  TrainedModel<float> trained_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Memory>> free_;
};

}  // namespace program
