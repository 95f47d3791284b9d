// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/fit_tiles.hpp"

#include "support/catch.hpp"

namespace fit_tiles_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Index mib = Index(1) << 20;

Index bytes_of(const ModelOptions& o, const TileOptions& tiles, const Shape& video, Index hop = 0) {
  return Model<float>(o, {.tiles = tiles}).restoration_bytes(Cpu{}, video, hop);
}
/// Pixels that are computed over pixels there are.
double overhead(const TileOptions& tiles, const Shape& video) {
  const auto axes = tiles.axes(video);
  return double(tiles.count(video) * axes[1].size * axes[2].size) / double(video.h * video.w);
}

/// The network of VON for UCF-101.
const ModelOptions ucf{
    .channels = 3, .filters = 256, .kernel_encoder = 5, .kernel_decoder = 7, .iterations = 13, .rho = 0.3};
const ModelOptions small{.channels = 3, .filters = 16, .kernel_encoder = 3, .kernel_decoder = 11, .iterations = 5};

}  // namespace

TEST_CASE("an autoencoder takes whole frames or none") {
  ModelOptions dua = named_model("dua");
  dua.filters = 1;
  const Shape image{.h = 64, .w = 64, .f = 3};
  REQUIRE(fit_tiles<float>(Cpu{}, dua, image, bytes_of(dua, {}, image)) == TileOptions{});
  REQUIRE_THROWS_WITH(fit_tiles<float>(Cpu{}, dua, image, 1000), ContainsSubstring("MiB"));
}

TEST_CASE("the network of UCF-101 restores 16 frames of 480x640x3 by tiles in bounded memory") {
  const Shape video{.t = 16, .h = 480, .w = 640, .f = 3};
  REQUIRE(bytes_of(ucf, {}, video) > 30000 * mib);
  double before = 100;
  for (const Index limit : {1600 * mib, 2000 * mib, 4000 * mib, 8000 * mib}) {
    const TileOptions tiles = fit_tiles<float>(Cpu{}, ucf, video, limit);
    INFO("tiles of " << tiles.h.size << "x" << tiles.w.size << " in " << limit / mib << " MiB");
    CHECK(bytes_of(ucf, tiles, video) <= limit);
    CHECK(overhead(tiles, video) < before);  // memory buys time
    before = overhead(tiles, video);
  }
  CHECK(before < 1.6);
}

TEST_CASE("the small network restores 1080p by tiles in bounded memory") {
  const Shape video{.t = 4, .h = 1080, .w = 1920, .f = 3}, frame{.t = 1, .h = 1080, .w = 1920, .f = 3};
  REQUIRE(bytes_of(small, {}, video) > 5000 * mib);
  const TileOptions tiles = fit_tiles<float>(Cpu{.threads = 2}, small, video, 2000 * mib);
  CHECK(bytes_of(small, tiles, video) <= 2000 * mib);
  CHECK(overhead(tiles, video) < 1.2);
  // a stream that carries recurrent states holds them for every tile, net and iteration
  const TileOptions carrying = fit_tiles<float>(Cpu{}, small, video, 4000 * mib, 2);
  const Index carried = bytes_of(small, carrying, video, 2) - bytes_of(small, carrying, video);
  CHECK(bytes_of(small, carrying, video, 2) <= 4000 * mib);
  CHECK(carried >= 2 * 5 * frame.size() / 3 * 16 * 4);
}

TEST_CASE("what fits is not cut, and what cannot fit is refused") {
  const Shape video{.t = 2, .h = 96, .w = 128, .f = 3};
  const Index whole = bytes_of(small, {}, video);
  const auto fit = [&](Index bytes) { return fit_tiles<float>(Cpu{}, small, video, bytes); };
  CHECK(fit(whole).count(video) == 1);
  CHECK(fit(whole - 1).count(video) > 1);
  CHECK_THROWS_WITH(fit(mib), ContainsSubstring("even by tiles, but 1 are allowed"));
  // frames too small to be cut
  CHECK(fit_tiles<float>(Cpu{}, small, {.t = 2, .h = 10, .w = 1, .f = 3}, 100 * mib).count(video) == 1);
}

TEST_CASE("halos reach as far as the convolutions look") {
  CHECK(detail::tile_overlaps(ucf).halo == 3 * 2 + 3 + 2 * 2);
  ModelOptions cnn = ucf;
  cnn.prior_recurrent = false, cnn.data_net = DataNet::none;
  CHECK(detail::tile_overlaps(cnn).halo == 9);
}

}  // namespace fit_tiles_test
