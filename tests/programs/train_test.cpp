// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// train by its contract, on models of a few hundred weights.
#include <set>
#include <sstream>

#include "programs/training_files.hpp"

namespace train_test {

using namespace videoonenet;
using namespace videoonenet::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Data, problems and model; a step takes milliseconds.
const std::string small =
    "--dataset synthetic:strokes --shape 4,8,8,1 --filters 2 --kernel-decoder 3 --iterations 2 --batch 2 "
    "--validation-videos 4 --learning-rate 0.01 --problems frame_prediction:0.5,pixel_inpaint,disk_blur ";
const std::string short_run = small + "--epochs 2 --steps-per-epoch 3 ";

void train(const Workshop& shop, const std::string& arguments, const std::string& output) {
  const Run r = shop.train(arguments + " --quiet --no-pictures --output " + output);
  INFO(arguments << "\n" << r.err);
  REQUIRE(r.code == 0);
  REQUIRE(r.err.empty());
  REQUIRE(r.out.empty());
}

double steps_of(const Workshop& shop, const std::string& output) {
  return Safetensors(shop / (output + "/last.safetensors")).values<double>("training.progress", NonFinite::allow)[0];
}

void refuses(const Workshop& shop, const std::string& arguments, const std::string& saying) {
  const Run r = shop.train(arguments);
  INFO(arguments << "\n" << r.err);
  CHECK(r.code == 2);
  CHECK(is_one_sentence(r.err, "train"));
  CHECK_THAT(r.err, ContainsSubstring(saying));
}

}  // namespace

TEST_CASE("train writes the best weights, the state, the history and its picture") {
  const Workshop shop;
  const Run r = shop.train(short_run + "--model onenet-cnn --name small --output out");
  INFO(r.err);
  REQUIRE(r.code == 0);
  CHECK(r.err.empty());
  CHECK_THAT(r.out, ContainsSubstring("small: "));
  CHECK_THAT(r.out, ContainsSubstring("epoch 2, step 6: training loss "));
  CHECK_THAT(r.out, ContainsSubstring("all epochs are done after step 6"));
  CHECK(shop.files("out") ==
        std::vector<std::string>{"best.safetensors", "history.csv", "history.png", "last.safetensors"});

  const Safetensors best(shop / "out/best.safetensors");
  CHECK(best.metadata("format") == "videoonenet");
  CHECK(best.metadata("model") == "onenet");
  CHECK(best.metadata("filters") == "2");
  CHECK(best.metadata("name") == "small");
  CHECK(best.metadata("training.problems") == "frame_prediction:0.5,pixel_inpaint,disk_blur");
  CHECK(best.contains("prior.encoder.0.conv.kernel"));
  CHECK_FALSE(best.contains("training.progress"));
  CHECK(best.extents("prior.decoder.kernel") == std::vector<Index>{3, 3, 1, 2});

  std::istringstream csv(shop.text("out/history.csv"));
  std::string line;
  std::getline(csv, line);
  CHECK(line == "epoch,step,training_loss,validation_loss,validation_psnr,gradient_norm,videos_per_second");
  for (const char* begin : {"1,3,", "2,6,"}) {
    std::getline(csv, line);
    CHECK(line.starts_with(begin));
    CHECK(std::ranges::count(line, ',') == 6);
  }
  CHECK_FALSE(std::getline(csv, line));
  const Bytes png = shop.file("out/history.png");
  CHECK(std::string(png.begin() + 1, png.begin() + 4) == "PNG");
}

TEST_CASE("200 steps give the same weights, bit for bit, with one thread and with two") {
  const Workshop shop;
  const std::string run = small + "--epochs 2 --steps-per-epoch 100 ";
  train(shop, run + "--threads 1", "one");
  train(shop, run + "--threads 2", "two");
  CHECK(steps_of(shop, "one") == 200);
  require_same(shop, "one", "two");
  std::istringstream csv(shop.text("one/history.csv"));
  double losses[2] = {0, 0};
  std::string line;
  std::getline(csv, line);
  for (double& loss : losses) {
    std::getline(csv, line);
    loss = std::stod(line.substr(line.find(',', line.find(',') + 1) + 1));
  }
  CHECK(losses[1] < losses[0]);
}

TEST_CASE("a training that is killed again and again and resumed ends with the bits of an uninterrupted one") {
  const Workshop shop;
  const std::string run = small + "--threads 1 --epochs 4 --steps-per-epoch 25 --checkpoint-minutes 0.0002 --quiet ";
  const auto begin = std::chrono::steady_clock::now();
  train(shop, run, "whole");
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  Random random(3);
  int kills = 0;
  std::set<double> saved;
  for (; kills < 12 && saved.size() < 4; ++kills) {
    const int status = shop.interrupted(VIDEOONENET_TRAIN, run + "--resume --no-pictures --output killed", SIGKILL,
                                        whole * (0.2 + 0.6 * random.uniform()));
    if (WIFEXITED(status)) {
      REQUIRE(WEXITSTATUS(status) == 0);
      break;
    }
    if (std::filesystem::exists(shop / "killed/last.safetensors")) saved.insert(steps_of(shop, "killed"));
  }
  INFO(kills << " kills, resumed from " << saved.size() << " different steps");
  train(shop, run + "--resume", "killed");
  CHECK(!saved.empty());
  require_same(shop, "whole", "killed");
}

TEST_CASE("a signal saves and ends the run, and --resume goes on to the same bits") {
  const Workshop shop;
  const std::string run = small + "--threads 1 --epochs 3 --steps-per-epoch 60 ";
  const auto begin = std::chrono::steady_clock::now();
  train(shop, run, "whole");
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  for (int signal : {SIGINT, SIGTERM}) {
    const std::string output = signal == SIGINT ? "interrupted" : "terminated";
    const int status = shop.interrupted(
        VIDEOONENET_TRAIN, run + "--checkpoint-minutes 1000 --no-pictures --output " + output, signal, whole * 0.6);
    if (WIFSIGNALED(status)) {
      CHECK(WTERMSIG(status) == signal);
      if (shop.files(output).empty()) continue;  // it came before there was anything to save
      CHECK(steps_of(shop, output) <= 180);
      train(shop, run + "--resume", output);
    }
    require_same(shop, "whole", output);
  }
}

TEST_CASE("time that is up saves and ends the run; more epochs can be added afterwards") {
  const Workshop shop;
  const std::string one_epoch = small + "--epochs 1 --steps-per-epoch 3 ";
  train(shop, short_run, "whole");
  const Run r = shop.train(short_run + "--max-minutes 0.00001 --no-pictures --output part");
  CHECK(r.code == 0);
  CHECK_THAT(r.out, ContainsSubstring("the time is up"));
  CHECK(steps_of(shop, "part") < 6);
  train(shop, one_epoch + "--resume", "part");
  CHECK(steps_of(shop, "part") == 3);
  train(shop, short_run + "--resume", "part");
  require_same(shop, "whole", "part");
  const Run again = shop.train(short_run + "--resume --no-pictures --output part");  // nothing is left to do
  CHECK(again.code == 0);
  CHECK_THAT(again.out, ContainsSubstring("resumed after step 6"));
  require_same(shop, "whole", "part");
}

TEST_CASE("every option of the model and the training has an effect, and backward strategies have none") {
  const Workshop shop;
  train(shop, short_run, "plain");
  for (const char* same : {"--backward checkpoint:1", "--backward recompute", "--checkpoint-minutes 0"}) {
    INFO(same);
    train(shop, short_run + same, "same");
    require_same(shop, "plain", "same");
  }
  std::set<Bytes> weights{shop.file("plain/best.safetensors")};
  for (const char* other : {"--seed 1",
                            "--learning-rate 0.02",
                            "--learning-rate-schedule step:1:0.5",
                            "--loss l1",
                            "--loss psnr",
                            "--loss psnr:20",
                            "--beta1 0.9",
                            "--beta2 0.5",
                            "--clip-norm 0.001",
                            "--clip-value 0.0001",
                            "--products bfloat16",
                            "--batch 3",
                            "--backward truncated:1",
                            "--iterations 3",
                            "--rho 0.5",
                            "--norm channel",
                            "--residual both",
                            "--untied",
                            "--learn-rho",
                            "--learn-start",
                            "--filters 3",
                            "--kernel-encoder 5",
                            "--kernel-decoder 5",
                            "--model onenet-bcrnn",
                            "--model videoonenet-cnn",
                            "--model onenet-cnn",
                            "--model dua",
                            "--model odp",
                            "--problems pixel_inpaint",
                            "--steps-per-epoch 2",
                            "--validation-videos 5",
                            "--shape 4,8,9,1",
                            "--dataset synthetic:texture"}) {
    INFO(other);
    std::string run = short_run;
    const std::string option = std::string(other).substr(0, std::string(other).find(' '));
    if (const auto at = run.find(option + " "); at != std::string::npos)  // an option may be given once
      run.erase(at, run.find(" --", at) == std::string::npos ? std::string::npos : run.find(" --", at) + 1 - at);
    train(shop, run + " " + other, "other");
    CHECK(weights.insert(shop.file("other/best.safetensors")).second);
  }
}

TEST_CASE("the other papers' models are trained, resumed and restore from their files") {
  const Workshop shop;
  for (const std::string model : {"dua", "odp"}) {
    INFO(model);
    const std::string run = small + "--steps-per-epoch 3 --model " + model + " ";
    train(shop, run + "--epochs 2", model);
    train(shop, run + "--epochs 1", "half");
    train(shop, run + "--epochs 2 --resume", "half");
    require_same(shop, model, "half");
    const Run r = shop.restore(
        "--input synthetic:strokes --frames 4 --size 8x8 --gray --problem pixel_inpaint --method "
        "network --quiet --no-pictures --output restored --weights " +
        model + "/best.safetensors");
    INFO(r.err);
    REQUIRE(r.code == 0);
    const Run other = shop.restore(
        "--input synthetic:strokes --frames 4 --size 8x12 --gray --problem pixel_inpaint "
        "--method network --quiet --output other --weights " +
        model + "/best.safetensors");
    CHECK(other.code == (model == "dua" ? 2 : 0));  // its autoencoder is for frames of one size
  }
}

TEST_CASE("a training starts from the weights it is given") {
  const Workshop shop;
  train(shop, short_run, "first");
  const std::string from = "--weights first/best.safetensors ";
  std::string standing = small;
  standing.replace(standing.find("0.01"), 4, "1e-30");
  train(shop, standing + from + "--epochs 1 --steps-per-epoch 1", "second");
  const Safetensors first(shop / "first/best.safetensors"), second(shop / "second/best.safetensors");
  for (const std::string& name : first.names())
    CHECK(std::ranges::equal(first.values<float>(name), second.values<float>(name)));
  refuses(shop, small + from + "--output no --model onenet-cnn", "weights of other nets");
  refuses(shop, small + "--output no --weights nowhere.safetensors", "nowhere.safetensors");
  CHECK(shop.files("no").empty());
}

TEST_CASE("train refuses what it cannot do before any work, in one sentence") {
  const Workshop shop;
  refuses(shop, small, "--output is required");
  refuses(shop, small + "--output no --device tpu", "\"tpu\" is not available, this program runs on cpu, cuda, ");
  const std::string base = "--dataset synthetic --output no ";
  refuses(shop, "--dataset nope --output no", "the data set \"nope\" is unknown");
  refuses(shop, "--dataset rotated_mnist --output no", "needs a directory");
  refuses(shop, base + "--model nope", "the model \"nope\" is unknown");
  refuses(shop, base + "--problems nope", "there is no problem named \"nope\"");
  refuses(shop, base + "--backward checkpoint:0", "--backward is \"checkpoint:0\"");
  refuses(shop, base + "--backward nope", "--backward is \"nope\"");
  refuses(shop, base + "--learning-rate-schedule nope", "schedule \"nope\"");
  refuses(shop, base + "--learning-rate 0", "is not a positive number");
  refuses(shop, base + "--loss nope", "--loss is \"nope\"");
  refuses(shop, base + "--loss psnr:-3", "--loss is \"psnr:-3\"");
  refuses(shop, base + "--beta1 1", "is not at least 0 and below 1");
  refuses(shop, base + "--products nope", "\"nope\" is none of direct, winograd and bfloat16");
  refuses(shop, base + "--norm nope", "norm");
  refuses(shop, base + "--name a,b", "\"a,b\" has a character that a table cannot hold");
  refuses(shop, base + "--residual nope", "residual");
  refuses(shop, base + "--batch 0", "is not a whole number from 1");
  refuses(shop, base + "--filters 0", "is not a whole number from 1");
  refuses(shop, base + "--shape 4,16", "--shape is \"4,16\"");
  refuses(shop, base + "--shape 4,12,16,1 --model dua", "12x16 pixels was asked for, expected multiples of 8");
  refuses(shop, base + "--shape 1,16,16,3 --problems frame_interpolation", "would keep no frame");
  CHECK(shop.files("no").empty());
  write_text(shop / "file", "");
  refuses(shop, small + "--output file", "the folder cannot be made");
}

TEST_CASE("a state of another training, or a damaged one, is not resumed") {
  const Workshop shop;
  train(shop, short_run, "out");
  const Bytes good = shop.file("out/last.safetensors");
  const std::string resume = "--resume --output out ";
  refuses(shop, short_run + resume + "--seed 7", "--seed is \"7\" now and was \"0\"");
  refuses(shop, short_run + resume + "--clip-norm 2", "--clip-norm is \"2\" now and was \"1\"");
  refuses(shop, short_run + resume + "--backward truncated:1", "--backward");
  refuses(shop, short_run + resume + "--untied", "iteration.0.prior");
  refuses(shop, short_run + resume + "--rho 0.7", "the model's rho is \"0.7\" now");
  truncate_file(shop / "out/last.safetensors", good.size() / 2);
  refuses(shop, short_run + resume, "last.safetensors");
  Bytes changed = good;
  changed[good.size() - 100] ^= 4;
  write_bytes(shop / "out/last.safetensors", {changed});
  refuses(shop, short_run + resume, "is damaged");
  write_bytes(shop / "out/last.safetensors", {shop.file("out/best.safetensors")});
  refuses(shop, short_run + resume, "holds no state of a training");
}

}  // namespace train_test
