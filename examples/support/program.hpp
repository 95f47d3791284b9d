// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every program does alike: exit codes, one-sentence errors, progress, peak memory.

#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>

#include "videoonenet/core/errors.hpp"

namespace program {

/// Exit codes of the programs: done, failed while running, bad usage or bad input.
enum ExitCode { done = 0, failed = 1, bad_input = 2 };

/// Parses the command line, runs `body`, and turns every exception into one sentence and an exit code.
template <class Body>
int run(CLI::App& app, int argc, char** argv, Body&& body) {
  const auto complain = [&](const std::string& what, ExitCode code) {
    std::cerr << app.get_name() << ": " << what << std::endl;
    return code;
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help
    std::string what = e.what();
    return complain(what + "; see " + app.get_name() + " --help", bad_input);
  }
  try {
    body();
    return done;
  } catch (const videoonenet::NumericalError& e) {
    return complain(e.what(), failed);
  } catch (const videoonenet::Error& e) {
    return complain(e.what(), bad_input);
  } catch (const std::bad_alloc&) {
    return complain("the memory of this machine is not enough for this input", failed);
  } catch (const std::exception& e) {
    return complain(e.what(), failed);
  }
}

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// The most memory this process has held so far, in MiB.
inline double peak_rss_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

/// A progress bar with rate and time left on standard error; silent when asked to be or when nobody watches.
class Progress {
 public:
  Progress(std::string label, long total, std::string unit, bool quiet)
      : label_(std::move(label)), unit_(std::move(unit)), total_(total), shown_(!quiet && isatty(STDERR_FILENO)) {}
  ~Progress() {
    if (shown_ && drawn_) std::fprintf(stderr, "\r\033[K");
  }

  /// Moves on by `steps`; may be called from several threads.
  void advance(long steps = 1) {
    if (!shown_) return;
    const std::lock_guard lock(mutex_);
    count_ += steps;
    const double elapsed = watch_.seconds();
    if (count_ < total_ && elapsed - drawn_at_ < 0.1) return;
    drawn_at_ = elapsed;
    drawn_ = true;
    constexpr int width = 30;
    const auto filled = static_cast<int>(width * double(count_) / double(total_));
    const double rate = double(count_) / elapsed;
    std::fprintf(stderr, "\r\033[K%s [%s%s] %ld/%ld, %.1f %s/s, %.0f s left", label_.c_str(),
                 std::string(std::size_t(filled), '#').c_str(), std::string(std::size_t(width - filled), '.').c_str(),
                 count_, total_, rate, unit_.c_str(), double(total_ - count_) / rate);
    std::fflush(stderr);
  }

 private:
  std::string label_, unit_;
  long total_, count_ = 0;
  bool shown_, drawn_ = false;
  double drawn_at_ = 0;
  Stopwatch watch_;
  std::mutex mutex_;
};

}  // namespace program
