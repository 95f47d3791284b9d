// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What restore refuses: exit code 2, one sentence, and nothing written.
#include "programs/programs.hpp"
#include "videoonenet/io/image.hpp"

namespace restore_refusals_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void refuses(const Workshop& shop, const std::string& arguments, const std::string& saying) {
  const Run r = shop.restore(arguments + " --output out");
  INFO(arguments << "\n" << r.err);
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, "restore"));
  CHECK_THAT(r.err, ContainsSubstring(saying));
  CHECK(r.out.empty());
  CHECK(shop.files("out").empty());
}

}  // namespace

TEST_CASE("restore explains itself") {
  const Workshop shop;
  const Run help = shop.restore("--help");
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const char* option :
       {"--input",      "--frames",      "--start",    "--size",    "--gray",   "--problem", "--ratio",  "--noise",
        "--kernel",     "--measurement", "--operator", "--method",  "--rho",    "--lambda",  "--levels", "--wavelet",
        "--iterations", "--tolerance",   "--output",   "--threads", "--device", "--seed",    "--quiet",  "Exit codes"})
    CHECK_THAT(help.out, ContainsSubstring(option));
}

TEST_CASE("restore refuses a bad command line") {
  const Workshop shop;
  refuses(shop, "--problem disk_blur", "--input is missing");
  refuses(shop, tiny + "--bogus 1", "--bogus");
  refuses(shop, tiny + "stray", "stray");
  refuses(shop, tiny + "--problem nope", "there is no problem named \"nope\"; the known ones are pixel_inpaint");
  refuses(shop, tiny + "--method nope", "the method \"nope\" is unknown, expected one of least_squares");
  refuses(shop, tiny + "--problem disk_blur --ratio 0.5", "--ratio was given, but no problem takes it");
  refuses(shop, tiny + "--problem disk_blur:0.5", "disk_blur has no ratio");
  refuses(shop, tiny + "--problem super_resolution:0.3", "expected one over a whole number");
  refuses(shop, tiny + "--problem dense", "cannot be drawn");
  refuses(shop, tiny + "--method wiener", "wiener needs a single problem disk_blur");
  refuses(shop, tiny + "--method bicubic --problem disk_blur super_resolution", "bicubic needs a single problem");
  refuses(shop, "--input synthetic --size 12", "--size is \"12\", expected HxW");
  refuses(shop, "--input synthetic --size 0x9", "--size is \"0x9\", expected HxW");
  refuses(shop, "--input synthetic --size 99999999x99999999", "absurdly large");
  refuses(shop, "--input synthetic:nope", "the synthetic video \"nope\" is unknown");
  refuses(shop, tiny + "--wavelet nope", "'nope' is not known");
  refuses(shop, tiny + "--levels 1,2", "--levels is \"1,2\"");
  refuses(shop, tiny + "--levels 9,9,9", "9 levels were given");
  refuses(shop, tiny + "--device tpu", "--device: \"tpu\" is not available");
  refuses(shop, "--measurement m.npy", "--measurement and --operator go together");
  refuses(shop, "--operator a.safetensors", "--measurement and --operator go together");
  for (const char* option : {"--input synthetic", "--problem disk_blur", "--noise 0", "--gray"})
    refuses(shop, std::string("--measurement m.npy --operator a.safetensors ") + option, "--measurement replaces --");
}

TEST_CASE("restore refuses numbers out of range, NaN and infinity") {
  const Workshop shop;
  for (const char* option :
       {"--rho", "--lambda", "--noise", "--ratio", "--tolerance", "--relaxation", "--cg-tolerance"})
    refuses(shop, tiny + option + " nan", std::string(option) + ": \"nan\" is not");
  for (const char* option :
       {"--rho inf", "--rho 0", "--lambda -1", "--relaxation 2", "--ratio 1.5", "--noise 1x", "--threads 0",
        "--iterations 0", "--seed -1", "--frames 0", "--start -1", "--memory-budget 99999999999"})
    refuses(shop, tiny + option, " is not ");
}

TEST_CASE("restore refuses inputs that are missing, damaged or out of range") {
  const Workshop shop;
  refuses(shop, "--input nope.avi", "nope.avi: the file does not exist");
  refuses(shop, "--input nope.npy", "nope.npy: the file does not exist");
  std::filesystem::create_directory(shop / "empty");
  refuses(shop, "--input empty", "the directory holds no pictures");
  std::filesystem::create_directory(shop / "frames");
  write_png(shop / "frames/a.png", uniform_video({.h = 64, .w = 64, .f = 3}).view());
  truncate_file(shop / "frames/a.png", 3000);
  refuses(shop, "--input frames", "a.png: not a picture that can be decoded");
  write_text(shop / "clip.mp4", "this is no video");
  refuses(shop, "--input clip.mp4", "clip.mp4: not a video that can be decoded");

  Tensor<float> video = uniform_video({.t = 3, .h = 6, .w = 7, .f = 1});
  write_npy(shop / "good.npy", video.view());
  refuses(shop, "--input good.npy --frames 4", "has 3 frames, but 4 from frame 0 on");
  refuses(shop, "--input good.npy --start 3", "has 3 frames");
  refuses(shop, "--input good.npy --start 2 --frames 2", "has 3 frames, but 2 from frame 2 on");
  refuses(shop, "--input good.npy --size 6x6", "do not apply to a .npy input");
  truncate_file(shop / "good.npy", 200);
  refuses(shop, "--input good.npy", "good.npy: truncated");
  video[5] = 200;
  write_npy(shop / "bytes.npy", video.view());
  refuses(shop, "--input bytes.npy", "expected values in [0, 1]");
  video[5] = NAN;
  write_npy(shop / "nan.npy", video.view());
  refuses(shop, "--input nan.npy", "nan.npy: entry 5 is nan");
  write_npy(shop / "batch.npy", uniform_video({.n = 2, .t = 1, .h = 3, .w = 3}).view());
  refuses(shop, "--input batch.npy", "holds a batch");
}

TEST_CASE("restore refuses kernels that are none or that nothing takes") {
  const Workshop shop;
  write_npy(shop / "k.npy", uniform_video({.h = 3, .w = 3}).view());
  refuses(shop, tiny + "--kernel k.npy", "--kernel was given, but no problem takes it");
  refuses(shop, tiny + "--problem disk_blur --kernel nope.npy", "nope.npy: the file does not exist");
  write_npy(shop / "video.npy", uniform_video({.t = 2, .h = 3, .w = 3}).view());
  refuses(shop, tiny + "--problem disk_blur --kernel video.npy", "a blur kernel is an array of rows x columns");
}

TEST_CASE("restore refuses measurements and operator files that do not fit or are damaged") {
  const Workshop shop;
  REQUIRE(shop.restore(tiny + "--problem frame_prediction --output made").code == 0);
  const std::string given = "--measurement m.npy --operator a.safetensors";
  const Bytes m = shop.file("made/measurement.npy"), a = shop.file("made/operator.safetensors");
  const auto reset = [&] {
    write_bytes(shop / "m.npy", {m});
    write_bytes(shop / "a.safetensors", {a});
  };
  reset();
  write_npy(shop / "m.npy", uniform_video({.h = 5, .w = 5}).view());
  refuses(shop, given, "the measurement");
  reset();
  truncate_file(shop / "m.npy", m.size() - 2);
  refuses(shop, given, "m.npy: truncated");
  reset();
  truncate_file(shop / "a.safetensors", a.size() - 2);
  refuses(shop, given, "a.safetensors");
  write_bytes(shop / "a.safetensors", {Bytes{}});
  refuses(shop, given, "a.safetensors: truncated");

  const auto with = [&](auto&& fill) {
    reset();
    SafetensorsWriter file;
    file.set_metadata("shape", "3,12,16,3");
    fill(file);
    file.write(shop / "a.safetensors");
  };
  const auto add = [](SafetensorsWriter& file, const char* name, std::vector<Index> extents, float value) {
    const std::vector<float> values(static_cast<std::size_t>(entry_count(extents, name)), value);
    file.add<float>(name, values, std::move(extents));
  };
  with([](auto&) {});
  refuses(shop, given, "the metadata lacks the key \"key\"");
  with([](auto& f) { f.set_metadata("key", "nope"); });
  refuses(shop, given, "there is no problem named \"nope\"");
  with([](auto& f) { f.set_metadata("key", ""); });
  refuses(shop, given, "the metadata key is empty");
  with([](auto& f) { f.set_metadata("key", "pixel_inpaint"), f.set_metadata("shape", "3,12"); });
  refuses(shop, given, "expected T,H,W,F");
  with([](auto& f) { f.set_metadata("key", "pixel_inpaint"), f.set_metadata("shape", "-3,12,16,3"); });
  refuses(shop, given, "not positive");
  with([](auto& f) { f.set_metadata("key", "pixel_inpaint"); });
  refuses(shop, given, "there is no array called \"mask\"");
  with([&](auto& f) { f.set_metadata("key", "pixel_inpaint"), add(f, "mask", {4}, 1); });
  refuses(shop, given, "Mask");
  with([&](auto& f) { f.set_metadata("key", "pixel_inpaint"), add(f, "mask", {3, 12, 16, 3}, NAN); });
  refuses(shop, given, "is nan");
  for (float frame : {-1.f, 3.f, 0.5f, 1e30f}) {
    with([&](auto& f) { f.set_metadata("key", "frame_prediction"), add(f, "frames", {1}, frame); });
    refuses(shop, given, "keeps the frame");
  }
  with([&](auto& f) { f.set_metadata("key", "disk_blur"), add(f, "kernel", {4}, 1); });
  refuses(shop, given, "kernel has 1 extents, expected 2");
  with([](auto& f) { f.set_metadata("key", "super_resolution"), f.set_metadata("factor", "2x"); });
  refuses(shop, given, "factor is \"2x\", expected a positive number");
  with([&](auto& f) { f.set_metadata("key", "dense"), add(f, "matrix", {16}, 1); });
  refuses(shop, given, "rows and columns");
  with([&](auto& f) { f.set_metadata("key", "dense"), add(f, "matrix", {2, 5}, 1); });
  refuses(shop, given, "Dense");
  with([](auto& f) { f.set_metadata("key", "super_resolution,disk_blur"), f.set_metadata("factor", "2"); });
  refuses(shop, given, "the metadata lacks the key \"0.factor\"");
  with([](auto& f) {
    f.set_metadata("key", "super_resolution"), f.set_metadata("factor", "2"), f.set_metadata("noise", "loud");
  });
  refuses(shop, given, "noise is \"loud\", expected a number");
}

TEST_CASE("restore refuses an output that cannot be a folder or whose files cannot be replaced") {
  const Workshop shop;
  write_text(shop / "taken", "mine");
  for (const char* output : {"taken", "taken/sub", "''"}) {
    const Run r = shop.restore(tiny + "--output " + output);
    INFO(r.err);
    CHECK(r.code == 2);
    CHECK(is_one_sentence(r.err, "restore"));
    CHECK_THAT(r.err, ContainsSubstring("cannot be made a folder"));
  }
  CHECK(shop.text("taken") == "mine");
  CHECK(shop.restore(tiny).code == 2);

  std::filesystem::create_directories(shop / "out/restored.npy/inside");
  const Run r = shop.restore(tiny + "--output out");
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, "restore"));
  CHECK_THAT(r.err, ContainsSubstring("it is a directory"));
  CHECK(shop.files("out").empty());
}

}  // namespace restore_refusals_test
