// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// pretrain, and what restore and evaluate make of its projectors, InverseNets and networks of Inf-ADMM.
#include <set>

#include "programs/training_files.hpp"

namespace pretrain_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string small =
    "--dataset synthetic:strokes --shape 2,16,16,1 --filters 1 --discriminator-filters 4 --batch 2 "
    "--validation-videos 2 --learning-rate 0.01 ";
const std::string short_run = small + "--epochs 2 --steps-per-epoch 2 ";
const std::string short_inverse = short_run + "--model inverse_net --denoiser-filters 1 --problems super_resolution ";
const std::string short_inf = short_run + "--model inf_admm --denoiser-filters 2 --problems super_resolution ";

void pretrain(const Workshop& shop, const std::string& arguments, const std::string& output) {
  const Run r = shop.pretrain(arguments + " --quiet --no-pictures --output " + output);
  INFO(arguments << "\n" << r.err);
  REQUIRE(r.code == 0);
  REQUIRE(r.err.empty());
  REQUIRE(r.out.empty());
}
void refuses(const Run& r, const std::string& program, const std::string& saying) {
  INFO(r.err);
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, program));
  CHECK_THAT(r.err, ContainsSubstring(saying));
}

}  // namespace

TEST_CASE("pretrain writes a projector, the state, the history and its picture") {
  const Workshop shop;
  const Run r = shop.pretrain(short_run + "--name mine --output out");
  INFO(r.err);
  REQUIRE(r.code == 0);
  CHECK(r.err.empty());
  CHECK_THAT(r.out, ContainsSubstring("mine: "));
  CHECK_THAT(r.out, ContainsSubstring("epoch 2, step 4: training loss "));
  CHECK_THAT(r.out, ContainsSubstring("all epochs are done after step 4"));
  CHECK(shop.files("out") ==
        std::vector<std::string>{"best.safetensors", "history.csv", "history.png", "last.safetensors"});
  const Safetensors best(shop / "out/best.safetensors");
  CHECK(best.metadata("model") == "projector");
  CHECK(best.metadata("height") == "16");
  CHECK(best.metadata("name") == "mine");
  CHECK(best.contains("code.dense.kernel"));
  CHECK_FALSE(best.contains("training.image.conv.kernel"));
  CHECK(Safetensors(shop / "out/last.safetensors").contains("training.latent.logit.kernel"));
}

TEST_CASE("a pretraining that is resumed ends with the bits of one that was not, on any number of threads") {
  const Workshop shop;
  pretrain(shop, short_run + "--threads 1", "one");
  pretrain(shop, short_run + "--threads 2", "two");
  require_same(shop, "one", "two");
  pretrain(shop, small + "--steps-per-epoch 2 --epochs 1", "half");
  pretrain(shop, short_run + "--resume", "half");
  require_same(shop, "one", "half");
}

/// Requires other weights from `plain` with each of the options instead of its own.
void require_effects(const std::string& plain, const std::vector<std::string>& options) {
  const Workshop shop;
  pretrain(shop, plain, "plain");
  std::set<Bytes> weights{shop.file("plain/best.safetensors")};
  for (const std::string& other : options) {
    INFO(other);
    std::string run = plain;
    const std::string option = other.substr(0, other.find(' ')) + " ";
    if (const auto at = run.find(option); at != std::string::npos)  // an option may be given once
      run.erase(at, run.find(" --", at) + 1 - at);
    pretrain(shop, run + other, "other");
    CHECK(weights.insert(shop.file("other/best.safetensors")).second);
  }
}

TEST_CASE("every option of a pretraining has an effect") {
  require_effects(short_run,
                  {"--seed 1", "--learning-rate 0.02", "--discriminator-learning-rate 0.01",
                   "--learning-rate-schedule step:1:0.5", "--denoising 2", "--identity 0.1", "--image 0.1",
                   "--latent 0.1", "--most-deviation 0.2", "--batch 3", "--filters 2", "--discriminator-filters 8",
                   "--shape 1,16,16,1", "--dataset synthetic:texture", "--products bfloat16", "--model inverse_net"});
}

TEST_CASE("restore and evaluate take a projector as the prior of ADMM") {
  const Workshop shop;
  pretrain(shop, short_run, "out");
  const std::string input = "--input synthetic:strokes --frames 2 --gray --quiet ";
  const std::string method = "--problem pixel_inpaint --method network --weights out/last.safetensors ";
  const auto restored = shop.restored(input + "--size 16x16 " + method, "a");
  CHECK(shop.json("a/metrics.json")["method"] == "network");
  CHECK(shop.json("a/metrics.json")["weights"] == "out/last.safetensors");
  CHECK(shop.json("a/metrics.json")["rho"] == 0.3);
  CHECK_FALSE(same(shop.restored(input + "--size 16x16 --rho 1 " + method, "b"), restored));
  CHECK_FALSE(same(shop.restored(input + "--size 16x16 --iterations 2 " + method, "c"), restored));
  CHECK(shop.json("c/metrics.json")["iterations"] == 2);

  const auto restore = [&](const std::string& more) {
    return shop.restore(input + method + "--no-pictures --output no " + more);
  };
  refuses(restore("--size 24x16"), "restore", "restores frames of 16x16x1, but these are 24x16x1");
  refuses(restore("--size 16x16 --lambda 1"), "restore", "--lambda is not for a projector");
  refuses(restore("--size 16x16 --tile 8x8"), "restore", "--tile and --memory are not for a projector");

  const Run table = shop.evaluate(
      "--dataset synthetic:strokes --shape 1,16,16,1 --videos 2 --problems pixel_inpaint,super_resolution --quiet "
      "--method out/best.safetensors least_squares --csv table.csv");
  INFO(table.err);
  CHECK(table.code == 0);
  CHECK_THAT(shop.text("table.csv"), ContainsSubstring(",projector,super_resolution,"));
  refuses(shop.evaluate("--dataset synthetic:strokes --shape 1,16,24,1 --videos 2 --problems pixel_inpaint --quiet "
                        "--method out/best.safetensors --csv no.csv"),
          "evaluate", "but these are 16x24x1");
}

TEST_CASE("every option of an InverseNet has an effect") {
  require_effects(short_inverse, {"--seed 1", "--learning-rate 0.02", "--discriminator-learning-rate 0.01",
                                  "--levels 2", "--denoiser-filters 2", "--reconstruction 1", "--adversarial 0.1",
                                  "--batch 3", "--filters 2", "--discriminator-filters 8", "--problems all "});
}

TEST_CASE("an InverseNet that is resumed ends with the bits of one that was not, on any number of threads") {
  const Workshop shop;
  pretrain(shop, short_inverse + "--threads 1", "one");
  std::string half = short_inverse;
  half.replace(half.find("--epochs 2"), 10, "--epochs 1");
  pretrain(shop, half, "half");
  pretrain(shop, short_inverse + "--threads 2 --resume", "half");
  require_same(shop, "one", "half");
  const Safetensors best(shop / "one/best.safetensors");
  CHECK(best.metadata("model") == "inverse_net");
  CHECK(best.metadata("name") == "inverse_net");
  CHECK(best.metadata("levels") == "4");
  CHECK_FALSE(best.contains("training.discriminator.logit.kernel"));
  CHECK(Safetensors(shop / "one/last.safetensors").contains("training.discriminator.logit.kernel"));
}

TEST_CASE("restore and evaluate take an InverseNet as a method") {
  const Workshop shop;
  pretrain(shop, short_inverse + "--levels 3", "out");
  const std::string input = "--input synthetic:strokes --frames 2 --gray --quiet ";
  const std::string method = "--problem super_resolution --method network --weights out/best.safetensors ";
  const auto restored = shop.restored(input + "--size 16x24 " + method, "a");
  CHECK(shop.json("a/metrics.json")["weights"] == "out/best.safetensors");
  CHECK(shop.json("a/metrics.json")["rho"].is_null());
  CHECK(shop.json("a/metrics.json")["iterations"] == 1);
  const auto restore = [&](const std::string& more) {
    return shop.restore(input + method + "--no-pictures --output no " + more);
  };
  refuses(restore("--size 20x16"), "restore", "multiples of 8, but these are 20x16");
  refuses(restore("--size 16x16 --rho 1"), "restore", "--rho and --lambda are not for networks");
  refuses(restore("--size 16x16 --memory 100"), "restore", "--tile and --memory are not for an InverseNet");
  refuses(restore("--size 16x16 --window 2"), "restore", "--window is not for an InverseNet");
  const Run table = shop.evaluate(
      "--dataset synthetic:strokes --shape 1,16,16,1 --videos 2 --problems pixel_inpaint,super_resolution --quiet "
      "--method out/best.safetensors least_squares --csv table.csv");
  INFO(table.err);
  CHECK(table.code == 0);
  CHECK_THAT(shop.text("table.csv"), ContainsSubstring(",inverse_net,super_resolution,"));
  refuses(shop.evaluate("--dataset synthetic:strokes --shape 1,16,16,3 --videos 2 --problems pixel_inpaint --quiet "
                        "--method out/best.safetensors --csv no.csv"),
          "evaluate", "restores videos of 1 channels, but these have 3");
}

TEST_CASE("every option of Inf-ADMM has an effect") {
  require_effects(short_inf, {"--seed 1", "--learning-rate 0.02", "--discriminator-learning-rate 0.01",
                              "--inverse-learning-rate 0.01", "--denoiser-filters 3", "--reconstruction 1",
                              "--adversarial 0.1", "--most-deviation 0.3", "--rho 1", "--batch 3", "--filters 2",
                              "--discriminator-filters 8", "--problems strided_blur:0.5 "});
}

TEST_CASE("the networks of Inf-ADMM that are resumed end with the bits of those that were not") {
  const Workshop shop;
  pretrain(shop, short_inf + "--threads 1", "one");
  std::string half = short_inf;
  half.replace(half.find("--epochs 2"), 10, "--epochs 1");
  pretrain(shop, half, "half");
  pretrain(shop, short_inf + "--threads 2 --resume", "half");
  require_same(shop, "one", "half");
  const Safetensors best(shop / "one/best.safetensors");
  CHECK(best.metadata("model") == "inf_admm");
  CHECK(best.metadata("factor") == "2");
  CHECK(best.contains("inverse.0.kernel"));
  CHECK_FALSE(best.contains("training.discriminator.logit.kernel"));
}

TEST_CASE("restore and evaluate run ADMM by the networks of Inf-ADMM, for their problem alone") {
  const Workshop shop;
  std::string longer = short_inf + "--inverse-learning-rate 0.01 ";
  longer.replace(longer.find("--steps-per-epoch 2"), 19, "--steps-per-epoch 30");
  pretrain(shop, longer + "--rho 0.5", "out");
  const std::string input = "--input synthetic:strokes --frames 2 --gray --quiet --size 16x24 ";
  const std::string weights = "--method network --weights out/last.safetensors ";
  const auto restored = shop.restored(input + weights + "--problem super_resolution --iterations 3", "a");
  CHECK(shop.json("a/metrics.json")["rho"] == 0.5);
  CHECK(shop.json("a/metrics.json")["iterations"] == 3);
  CHECK_FALSE(same(shop.restored(input + weights + "--problem super_resolution --iterations 4", "b"), restored));
  const auto restore = [&](const std::string& more) {
    return shop.restore(input + weights + "--no-pictures --output no " + more);
  };
  refuses(restore("--problem pixel_inpaint"), "restore", "at the resolution of the one it was trained for");
  refuses(restore("--problem super_resolution --rho 1"), "restore", "--rho and --lambda are not for networks");
  refuses(restore("--problem super_resolution --window 2"), "restore", "--window is not for the networks of Inf-ADMM");
  const Run table = shop.evaluate(
      "--dataset synthetic:strokes --shape 1,16,16,1 --videos 2 --problems pixel_inpaint,super_resolution --quiet "
      "--method out/last.safetensors least_squares --csv table.csv");
  INFO(table.err);
  CHECK(table.code == 0);
  CHECK_THAT(shop.text("table.csv"), ContainsSubstring(",inf_admm,super_resolution,"));
  CHECK_THAT(shop.text("table.csv"), !ContainsSubstring(",inf_admm,pixel_inpaint,"));
  pretrain(shop, short_inf, "untrained");  // its inverse is none yet
  refuses(shop.restore(input + "--method untrained/best.safetensors --problem super_resolution --output no"), "restore",
          "the learned inverse is not this problem's");
}

TEST_CASE("pretrain refuses what it cannot do before any work, in one sentence") {
  const Workshop shop;
  const auto says = [&](const std::string& arguments, const std::string& saying) {
    INFO(arguments);
    refuses(shop.pretrain(arguments), "pretrain", saying);
  };
  says(small, "--output is required");
  says("--dataset nope --output no", "the data set \"nope\" is unknown");
  says("--dataset synthetic --shape 1,24,16,1 --output no", "images of 24x16, expected multiples of 16");
  says("--dataset synthetic --discriminator-filters 6 --output no", "filters = 6");
  says("--dataset synthetic --shape 1,16,16,1 --learning-rate-schedule nope --output no", "schedule \"nope\"");
  says("--dataset synthetic --name 'a|b' --output no", "\"a|b\" has a character that a table cannot hold");
  says("--dataset synthetic --latent -1 --output no", "\"-1\"");
  says(small + "--most-deviation 0.01 --output no", "standard deviations from 0.05 to 0.01");
  says(small + "--device cuda --output no", "cuda");
  says(small + "--model nope --output no", "--model is \"nope\", expected projector, inverse_net or inf_admm");
  says(small + "--levels 2 --output no", "--levels is for the model inverse_net, but the model is projector");
  says(short_inverse + "--latent 1 --output no", "--latent is for the model projector");
  says(short_inf + "--levels 2 --output no", "--levels is for the model inverse_net, but the model is inf_admm");
  says(short_inverse + "--most-deviation 1 --output no", "--most-deviation is for the model projector or inf_admm");
  says(short_run + "--model inf_admm --problems pixel_inpaint --output no",
       "1 problem, pixel_inpaint, expected one of");
  says(short_inverse + "--levels 5 --output no", "expected multiples of 2^levels = 32");
  pretrain(shop, short_run, "out");
  says(short_run + "--resume --output out --seed 7", "--seed is \"7\" now and was \"0\"");
  says(short_run + "--resume --output out --latent 7", "--latent is \"7\" now");
  const Bytes good = shop.file("out/last.safetensors");
  truncate_file(shop / "out/last.safetensors", good.size() / 2);
  says(short_run + "--resume --output out", "last.safetensors");
}

}  // namespace pretrain_test
