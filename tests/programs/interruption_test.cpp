// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// What a run leaves behind when it is interrupted.
#include "programs/programs.hpp"

namespace interruption_test {

using namespace videoonenet;
using namespace videoonenet::test;

namespace {

/// Starts restore, sends it a signal after a while and returns how it ended.
int interrupted(const Workshop& shop, const std::string& arguments, int signal, std::chrono::duration<double> after) {
  return shop.interrupted(VIDEOONENET_RESTORE, arguments, signal, after);
}

bool is_partial(const std::string& name) { return name.starts_with(".partial-"); }

}  // namespace

TEST_CASE("a signal during the computation ends the run at once and nothing is written") {
  const Workshop shop;
  for (int signal : {SIGINT, SIGTERM, SIGKILL}) {
    const int status = interrupted(
        shop, "--input synthetic --size 48x64 --frames 4 --iterations 1000000 --tolerance 0 --threads 1 --output out",
        signal, std::chrono::milliseconds(150));
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(shop.files("out").empty());
  }
}

TEST_CASE("a signal at any moment leaves all results or none, and never a half-written one") {
  const Workshop shop;
  const std::string run = "--input synthetic --size 96x128 --frames 8 --iterations 1 --threads 1 --output ";
  const auto begin = std::chrono::steady_clock::now();
  shop.pictured(run.substr(0, run.rfind("--output")), "whole");
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  for (int moment = 1; moment <= 5; ++moment) {
    const std::string output = "out" + std::to_string(moment);
    const int status = interrupted(shop, run + output, SIGTERM, whole * (0.3 + 0.14 * moment));
    CHECK((WIFSIGNALED(status) ? WTERMSIG(status) == SIGTERM : WEXITSTATUS(status) == 0));
    const auto files = shop.files(output);
    INFO("after " << 0.3 + 0.14 * moment << " of the run, " << files.size() << " files");
    CHECK((files.empty() || files == result_files));
    for (const std::string& name : files)  // of the same seed, so of the same bits
      if (name != "metrics.json") CHECK(shop.file(output + "/" + name) == shop.file("whole/" + name));
  }
}

TEST_CASE("what is killed leaves whole files and at most a temporary one, and the next run succeeds") {
  const Workshop shop;
  const std::string run = "--input synthetic --size 96x128 --frames 8 --iterations 1 --threads 1";
  const auto begin = std::chrono::steady_clock::now();
  shop.pictured(run, "whole");
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  for (int moment = 1; moment <= 3; ++moment) {
    interrupted(shop, run + " --output out", SIGKILL, whole * (0.4 + 0.2 * moment));
    const auto files = shop.files("out");
    CHECK(std::ranges::count_if(files, is_partial) <= moment);
    for (const std::string& name : files)
      if (!is_partial(name) && name != "metrics.json") CHECK(shop.file("out/" + name) == shop.file("whole/" + name));
  }
  CHECK(same(shop.pictured(run, "out"), shop.array("whole/restored.npy")));
}

}  // namespace interruption_test
