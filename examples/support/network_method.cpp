// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// A network that is read from its file, and the tiles that fit.

#include "support/network_method.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <numeric>

#include "videoonenet/models/fit_tiles.hpp"
#include "videoonenet/models/inverse_net_file.hpp"
#include "videoonenet/models/model_file.hpp"
#include "videoonenet/models/projector_file.hpp"

namespace program {

namespace {

/// What tables call a network.
std::string name_of(const Metadata& metadata, const std::string& path) {
  const auto name = metadata.find("name");
  const bool named = name != metadata.end() && !name->second.empty();
  return named ? name->second : std::filesystem::path(path).stem().string();
}

}  // namespace

TileOptions parse_tiles(const std::string& text) {
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

template <class Sizes>
LayerMethod<Sizes>::LayerMethod(const std::string& path, TrainedLayer<float, Sizes> trained)
    : path_(path),
      name_(name_of(trained.metadata, path)),
      sizes_(trained.sizes),
      parameters_(std::move(trained.parameters)) {}

ProjectorMethod::ProjectorMethod(const std::string& path, const Safetensors& file)
    : LayerMethod(path, read_projector<float>(file, path)) {}

void ProjectorMethod::require_video(const Shape& video) const {
  const auto& s = sizes();
  if (video.f != s.in || video.h != s.h || video.w != s.w)
    throw InputError(sentence(path(), ": the projector restores frames of ", s.h, "x", s.w, "x", s.in,
                              ", but these are ", Index(video.h), "x", Index(video.w), "x", Index(video.f)));
}

InverseNetMethod::InverseNetMethod(const std::string& path, const Safetensors& file)
    : LayerMethod(path, read_inverse_net<float>(file, path)) {}

void InverseNetMethod::require_video(const Shape& video) const {
  const InverseNetOptions& s = sizes();
  if (video.f != s.inversion.in)
    throw InputError(sentence(path(), ": the InverseNet restores videos of ", s.inversion.in,
                              " channels, but these have ", Index(video.f)));
  const Index multiple = std::lcm(Index(1) << s.inversion.levels, s.denoiser.factor);
  if (video.h % multiple != 0 || video.w % multiple != 0)
    throw InputError(sentence(path(), ": the InverseNet restores frames whose sides are multiples of ", multiple,
                              ", but these are ", Index(video.h), "x", Index(video.w)));
}

InfAdmmMethod::InfAdmmMethod(const std::string& path, const Safetensors& file)
    : LayerMethod(path, read_inf_admm<float>(file, path)) {}

void InfAdmmMethod::require_video(const Shape& video) const {
  if (video.f != sizes().denoiser.channels)
    throw InputError(sentence(path(), ": the networks restore videos of ", sizes().denoiser.channels,
                              " channels, but these have ", Index(video.f)));
}

Index InfAdmmMethod::parameters_of_denoiser() const {
  return pixel_shuffle_denoiser_core<float>(sizes().denoiser).parameter_count();
}

void InfAdmmMethod::refuse(double loss) const {
  throw InputError(sentence(path(), ": the learned inverse is not this problem's, its loss on noise is ", loss,
                            ", expected below 1; was it trained for another problem?"));
}

NetworkMethod::NetworkMethod(const std::string& path, const Safetensors& file, const ModelRun& run)
    : NetworkMethod(path, read_model<float>(file, path, run)) {}
NetworkMethod::NetworkMethod(const std::string& path, TrainedModel<float> trained)
    : NetworkMethod(path, name_of(trained.metadata, path), std::move(trained.model), std::move(trained.parameters)) {}

std::shared_ptr<const NetworkMethod> NetworkMethod::within(const Cpu& ex, const Shape& video, Index hop,
                                                           Index bytes) const {
  ModelRun run = model().run();
  run.tiles = fit_tiles<float>(ex, model().options(), video, bytes, hop);
  return std::shared_ptr<const NetworkMethod>(
      new NetworkMethod(path_, name_, Model<float>(model().options(), run), parameters_));
}

void NetworkMethod::require_video(const Cpu& ex, const Shape& video, Index hop) const {
  if (video.f != model().options().channels)
    throw InputError(sentence(path_, ": the network restores videos of ", model().options().channels,
                              " channels, but these have ", Index(video.f)));
  const Index bytes = model().restoration_bytes(ex, video, hop);
  const Index available = static_cast<Index>(sysconf(_SC_PHYS_PAGES)) * static_cast<Index>(sysconf(_SC_PAGESIZE));
  if (bytes > available)
    throw InputError(sentence(path_, ": the network needs ", bytes >> 20, " MiB for this video, this machine has ",
                              available >> 20, "; --memory or --tile 128x128 make it need less"));
}

auto NetworkMethod::borrow(const Cpu& ex, const Shape& video) const -> std::unique_ptr<Memory> {
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

}  // namespace program
