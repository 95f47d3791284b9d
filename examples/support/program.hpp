// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every program does alike: exit codes, one-sentence errors, signals, progress, peak memory.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/command_line.hpp"
#include "videoonenet/core/executor.hpp"

namespace program {

/// Exit codes of the programs: done, failed while running, bad usage or bad input.
enum ExitCode { done = 0, failed = 1, bad_input = 2 };

/// What every program asks about the machine and chance.
struct RunOptions {
  int threads = static_cast<int>(std::max(1u, std::min(1024u, std::thread::hardware_concurrency())));
  std::string device = "cpu";
  videoonenet::cpu::Products products = videoonenet::Cpu{}.products;
  std::uint64_t seed = 0;
  bool quiet = false;
  bool no_pictures = false;

  videoonenet::Cpu executor() const { return {.threads = threads, .products = products}; }
};

/// How nets multiply, as the command line names it.
std::string name_of(videoonenet::cpu::Products products);

/// Adds --threads, --device, --products, --seed and --quiet to a program that computes on the CPU or on one of
/// `others`.
void add_run_options(CommandLine& app, RunOptions& o, const std::string& seeded,
                     const std::vector<std::string>& others = {});
/// Adds --no-pictures to a program that draws some.
void add_pictures_option(CommandLine& app, RunOptions& o, const std::string& pictures);

/// While one lives, Ctrl-C and SIGTERM wait: results are written together or not at all.
class Uninterrupted {
 public:
  Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
  ~Uninterrupted();

  /// Whether a signal is waiting: long work should save what it has and end.
  static bool is_pending();
};

/// Errors: InputError when a file could not be written to this path later on; asked before long work.
void require_writable(const std::filesystem::path& path);

/// Parses the command line, runs `body`, and turns every exception into one sentence and an exit code.
int run(CommandLine& app, int argc, char** argv, const std::function<void()>& body);

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// The most memory this process has held so far, in MiB.
double peak_rss_mib();

/// A progress bar with rate and time left on standard error; silent when asked to be or when nobody watches.
class Progress {
 public:
  Progress(std::string label, long total, std::string unit, bool quiet);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// Moves on by `steps`; may be called from several threads.
  void advance(long steps = 1);

 private:
  std::string label_, unit_;
  long total_, count_ = 0;
  bool shown_, drawn_ = false;
  double drawn_at_ = 0;
  Stopwatch watch_;
  std::mutex mutex_;
};

}  // namespace program
