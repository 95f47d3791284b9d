// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// restore of long videos by windows and of large frames in bounded memory.
#include "programs/programs.hpp"
#include "videoonenet/models/model_file.hpp"

namespace restore_windows_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string clip = "--input synthetic --size 12x16 --frames 11 --iterations 5 --tolerance 0 --quiet ";

void write_small_model(const std::filesystem::path& path, bool recurrent = true) {
  ModelOptions options{.channels = 3, .filters = 2, .kernel_decoder = 3, .iterations = 2};
  if (!recurrent) options.prior_recurrent = false, options.data_net = DataNet::cnn;
  const Model<float> model(options);
  Buffer<float> weights(model.parameter_count());
  Random(1).fill_normal(weights.span(), 0.2);
  write_model<float>(path, model, weights.span());
}

double distance_of(const Tensor<float>& a, const Tensor<float>& b) { return same(a, b) ? 0 : distance(a, b); }

}  // namespace

TEST_CASE("restore takes a long video window by window") {
  const Workshop shop;
  write_small_model(shop / "w.safetensors");
  for (const std::string what : {"--problem scattered_inpaint --method w.safetensors ",
                                 "--problem disk_blur,super_resolution:0.5 --method w.safetensors ",
                                 "--problem super_resolution --method tv ", "--problem disk_blur --method wavelet "}) {
    const auto whole = shop.restored(clip + what, "whole");
    CHECK(same(shop.restored(clip + what + "--window 99", "one"), whole));
    const auto parts = shop.restored(clip + what + "--window 5 --threads 1", "parts");
    CHECK(parts.shape() == whole.shape());
    CHECK(shop.files("parts") == files_without_pictures);
    CHECK((distance_of(parts, whole) > 0 && distance_of(parts, whole) < 1));
    CHECK(same(shop.restored(clip + what + "--window 5 --hop 2 --threads 2", "threads"), parts));
    CHECK_FALSE(same(shop.restored(clip + what + "--window 5 --hop 4", "hop"), parts));
  }
}

TEST_CASE("restore begins windows as it is told to") {
  const Workshop shop;
  write_small_model(shop / "w.safetensors");
  const auto restored = [&](const std::string& method, const std::string& warm) {
    const std::string option = warm.empty() ? "" : " --warm-start " + warm;
    return shop.restored(clip + "--window 5 --method " + method + option, "out");
  };
  const auto anew = restored("w.safetensors", "");
  CHECK(same(restored("w.safetensors", "none"), anew));
  for (const char* warm : {"z", "u", "states", "z,u,states"}) CHECK_FALSE(same(restored("w.safetensors", warm), anew));
  const auto going_on = restored("tv", "");
  CHECK(same(restored("tv", "z,u"), going_on));
  for (const char* warm : {"none", "z", "u"}) CHECK_FALSE(same(restored("tv", warm), going_on));
}

TEST_CASE("windows are refused where they cannot work, before anything is written") {
  const Workshop shop;
  write_small_model(shop / "cnn.safetensors", false);
  const auto refused = [&](const std::string& arguments, const std::string& saying) {
    const Run r = shop.restore(clip + arguments + " --output no");
    INFO(arguments << "\n" << r.err);
    CHECK(r.code == 2);
    CHECK(is_one_sentence(r.err, "restore"));
    CHECK_THAT(r.err, ContainsSubstring(saying));
    CHECK(shop.files("no").empty());
  };
  refused("--method tv --hop 2", "--hop is for restoring by windows, but --window is missing");
  refused("--method tv --warm-start z", "--warm-start is for restoring by windows");
  refused("--method tv --window 4 --hop 5", "--hop is 5, expected at most the --window of 4 frames");
  refused("--method tv --window 4 --warm-start x", "--warm-start is \"x\", expected none or a list of z, u and states");
  refused("--method tv --window 4 --warm-start states", "the network has none that goes forward");
  refused("--method cnn.safetensors --window 4 --warm-start states", "the network has none that goes forward");
  refused("--method least_squares --window 4", "--window is for the methods network, wavelet and tv");
  refused("--method tv --window 4 --problem temporal_disk_blur", "a temporal blur mixes frames");
  refused("--method tv --window 2 --problem frame_prediction", "is kept; take a longer window");
  refused("--method tv --memory 100", "--weights, --tile and --memory are for the method network");
  refused("--method cnn.safetensors --memory 100 --tile 8x8",
          "--memory chooses the tiles, but --tile is given as well");
}

TEST_CASE("restore keeps a network's memory below what it is told") {
  const Workshop shop;
  write_small_model(shop / "w.safetensors");
  const std::string all = "--input synthetic --size 120x160 --frames 6 --quiet --method w.safetensors ";
  const auto whole = shop.restored(all, "whole");
  CHECK(same(shop.restored(all + "--memory 1000", "enough"), whole));
  const auto tiles = shop.restored(all + "--memory 24", "tiles");
  CHECK((distance_of(tiles, whole) > 0 && distance_of(tiles, whole) < 1));
  CHECK(same(shop.restored(all + "--memory 24 --threads 2", "threads"), tiles));
  // a window needs less than the whole video
  const std::string window = all + "--memory 12 ";
  const Run r = shop.restore(window + "--output no");
  CHECK(r.code == 2);
  CHECK_THAT(r.err, ContainsSubstring("even by tiles, but 12 are allowed"));
  CHECK(shop.restored(window + "--window 2", "windows").shape() == whole.shape());
}

}  // namespace restore_windows_test
