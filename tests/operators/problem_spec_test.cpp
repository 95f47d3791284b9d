// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/problem_spec/problem_spec.hpp"

#include <limits>

#include "support/catch.hpp"

namespace problem_spec_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("every key is read back from its spelling, and no two share one") {
  for (const auto& [key, name] : problem_keys) {
    CHECK(to_string(key) == name);
    CHECK(parse_problem_key(name) == key);
  }
  CHECK(to_string(ProblemKey::gray_strided_blur) == "gray_strided_blur");
}

TEST_CASE("an unknown key is refused with the list of known ones") {
  CHECK_THROWS_AS(parse_problem_key("denoise"), InputError);
  CHECK_THROWS_AS(parse_problem_key(""), InputError);
  CHECK_THROWS_AS(parse_problem_key("Pixel_Inpaint"), InputError);
  CHECK_THROWS_WITH(parse_problem_key("denoise"), ContainsSubstring("no problem named \"denoise\"") &&
                                                      ContainsSubstring("pixel_inpaint, ") &&
                                                      ContainsSubstring(", dense"));
}

TEST_CASE("a problem is spelled as its key, ratio and noise") {
  CHECK(parse_problem_spec("motion_blur") == ProblemSpec{.key = ProblemKey::motion_blur});
  CHECK(parse_problem_spec("super_resolution:0.25") == ProblemSpec{.key = ProblemKey::super_resolution, .ratio = 0.25});
  CHECK(parse_problem_spec("disk_blur@0.01") == ProblemSpec{.key = ProblemKey::disk_blur, .noise_sigma = 0.01});
  CHECK(parse_problem_spec("super_resolution:0.25@0") ==
        ProblemSpec{.key = ProblemKey::super_resolution, .ratio = 0.25, .noise_sigma = 0});
  for (const char* text : {"motion_blur", "super_resolution:0.25", "frame_prediction:0.75", "disk_blur@0.01",
                           "pixel_inpaint:0.25@0", "super_resolution:0.25@0.05"})
    CHECK(to_string(parse_problem_spec(text)) == text);
  for (const char* text : {"super_resolution:", "super_resolution:x", "super_resolution:0.5x", "super_resolution:nan",
                           "super_resolution:-1", "super_resolution:0", "super_resolution:1.5", "motion_blur:0.5",
                           "super_resolution 0.5", ":0.5", "disk_blur@", "disk_blur@x", "disk_blur@-1", "disk_blur@nan",
                           "@0.1", "super_resolution@0.1:0.5", "super_resolution:@0.1"})
    CHECK_THROWS_AS(parse_problem_spec(text), InputError);
}

TEST_CASE("the defaults are the papers'") {
  const auto ratio = [](ProblemKey key) { return effective_ratio({.key = key}); };
  CHECK(ratio(ProblemKey::pixel_inpaint) == 0.5);
  CHECK(ratio(ProblemKey::center_inpaint) == 0.4);
  CHECK(ratio(ProblemKey::scattered_inpaint) == 0.2);
  CHECK(ratio(ProblemKey::compressive_sensing) == 0.1);
  CHECK(ratio(ProblemKey::video_compressive_sensing) == 0.1);
  CHECK(ratio(ProblemKey::strided_blur) == 0.25);
  CHECK(ratio(ProblemKey::gray_strided_blur) == 0.5);
  CHECK(ratio(ProblemKey::disk_blur) == std::nullopt);
  CHECK(effective_ratio({.key = ProblemKey::super_resolution, .ratio = 0.25}) == 0.25);
  for (const auto& [key, name] : problem_keys)
    CHECK(effective_noise_sigma({.key = key}) == (key == ProblemKey::pixel_inpaint ? 0.1 : 0.0));
  CHECK(effective_noise_sigma({.key = ProblemKey::pixel_inpaint, .noise_sigma = 0}) == 0);
  CHECK(effective_noise_sigma({.key = ProblemKey::disk_blur, .noise_sigma = 0.02}) == 0.02);
}

TEST_CASE("parameters that would have no effect or make no sense are refused") {
  using enum ProblemKey;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const ProblemSpec& spec : std::initializer_list<ProblemSpec>{
           {.key = disk_blur, .ratio = 0.5},
           {.key = colorization, .ratio = 0.5},
           {.key = disk_blur, .motion_kernel = MotionKernel::line},
           {.key = motion_blur, .low_pass = LowPass::flat},
           {.key = motion_blur, .kernel_size = 7},
           {.key = motion_blur, .motion_kernel = MotionKernel::published, .kernel_size = 7},
           {.key = motion_blur, .motion_kernel = MotionKernel::line, .kernel_size = 0},
           {.key = disk_blur, .kernel_size = 4},
           {.key = pixel_inpaint, .ratio = nan},
           {.key = pixel_inpaint, .noise_sigma = nan},
           {.key = pixel_inpaint, .noise_sigma = -0.1}})
    CHECK_THROWS_AS(require_valid(spec), InputError);
  for (const ProblemSpec& spec :
       std::initializer_list<ProblemSpec>{{.key = pixel_inpaint, .ratio = 1},
                                          {.key = motion_blur, .motion_kernel = MotionKernel::line, .kernel_size = 9},
                                          {.key = strided_blur, .low_pass = LowPass::flat, .kernel_size = 7},
                                          {.key = disk_blur, .noise_sigma = 0.01}})
    CHECK_NOTHROW(require_valid(spec));
}

}  // namespace problem_spec_test
