// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every program does alike: exit codes, one-sentence errors, checks of numbers, signals, progress, peak memory.

#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/io/bytes.hpp"

namespace program {

/// Exit codes of the programs: done, failed while running, bad usage or bad input.
enum ExitCode { done = 0, failed = 1, bad_input = 2 };

/// Accepts finite numbers that are `good`; CLI11's own checks let NaN pass and print limits of 300 digits.
inline CLI::Validator number(const char* expected, std::function<bool(double)> good) {
  const auto check = [=](std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole_text = error == std::errc() && end == text.data() + text.size();
    return whole_text && std::isfinite(value) && good(value)
               ? std::string()
               : videoonenet::sentence("\"", text, "\" is not ", expected);
  };
  return CLI::Validator(check, "");
}
inline CLI::Validator positive() {
  return number("a positive number", [](double v) { return v > 0; });
}
inline CLI::Validator non_negative() {
  return number("zero or a positive number", [](double v) { return v >= 0; });
}

/// Accepts whole numbers from `least` to `most`; CLI11 would turn -1 into the largest unsigned number.
template <class Integer>
CLI::Validator whole(Integer least, Integer most = std::numeric_limits<Integer>::max()) {
  const auto check = [=](std::string& text) {
    Integer value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
      return std::string();
    return videoonenet::sentence("\"", text, "\" is not a whole number from ", least,
                                 most < Integer(1) << 30 ? videoonenet::sentence(" to ", most) : " on");
  };
  return CLI::Validator(check, "");
}

/// Help whose descriptions are broken into lines.
class WrappedHelp : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t width = 86;
    std::istringstream words(CLI::Formatter::make_option_desc(option));
    std::string text, line;
    for (std::string word; words >> word; line += word) {
      if (line.size() + 1 + word.size() > width) text += std::exchange(line, "") + "\n";
      if (!line.empty()) line += ' ';
    }
    return text + line;
  }
};

/// What every program asks about the machine and chance.
struct RunOptions {
  int threads = static_cast<int>(std::max(1u, std::min(1024u, std::thread::hardware_concurrency())));
  std::string device = "cpu";
  videoonenet::cpu::Products products = videoonenet::cpu::Products::direct;
  std::uint64_t seed = 0;
  bool quiet = false;

  videoonenet::Cpu executor() const { return {.threads = threads, .products = products}; }
};

/// How nets multiply, by its name on the command line.
inline const std::map<std::string, videoonenet::cpu::Products> products_by_name{
    {"direct", videoonenet::cpu::Products::direct},
    {"winograd", videoonenet::cpu::Products::winograd},
    {"bfloat16", videoonenet::cpu::Products::bfloat16}};

inline std::string name_of(videoonenet::cpu::Products products) {
  for (const auto& [name, value] : products_by_name)
    if (value == products) return name;
  return "unknown";
}

/// Adds --threads, --device, --products, --seed and --quiet to a program that computes on the CPU or on one of
/// `others`.
inline void add_run_options(CLI::App& app, RunOptions& o, const std::string& seeded,
                            const std::vector<std::string>& others = {}) {
  app.add_option("--threads", o.threads, "threads, the results do not depend on it [all processors]")
      ->type_name("N")
      ->check(whole(1, 1024));
  std::string devices = "cpu";
  for (const std::string& name : others) devices += (&name == &others.back() ? " or " : ", ") + name;
  app.add_option("--device", o.device, "where to compute: " + devices)
      ->type_name("NAME")
      ->check(CLI::Validator(
          [devices, others](std::string& text) {
            return text == "cpu" || std::ranges::count(others, text) > 0
                       ? std::string()
                       : videoonenet::sentence("\"", text, "\" is not available, this program runs on ", devices);
          },
          ""))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--products", [&o](const std::string& name) { o.products = products_by_name.at(name); },
         "how nets multiply: direct, winograd (faster, rounds otherwise) or bfloat16 (fastest, two digits) [direct]")
      ->type_name("NAME")
      ->check(CLI::Validator(
          [](std::string& text) {
            return products_by_name.contains(text)
                       ? std::string()
                       : videoonenet::sentence("\"", text, "\" is none of direct, winograd and bfloat16");
          },
          ""));
  app.add_option("--seed", o.seed, "seed of " + seeded)
      ->type_name("N")
      ->check(whole<std::uint64_t>(0))
      ->capture_default_str();
  app.add_flag("--quiet", o.quiet, "no progress bar");
}

namespace detail {

inline std::atomic<int> uninterrupted{0}, pending_signal{0};

extern "C" inline void on_signal(int signal) {
  if (uninterrupted > 0) {
    pending_signal = signal;
  } else {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace detail

/// While one lives, Ctrl-C and SIGTERM wait: results are written together or not at all.
class Uninterrupted {
 public:
  Uninterrupted() { ++detail::uninterrupted; }
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
  ~Uninterrupted() {
    if (--detail::uninterrupted == 0 && detail::pending_signal != 0) detail::on_signal(detail::pending_signal);
  }

  /// Whether a signal is waiting: long work should save what it has and end.
  static bool is_pending() { return detail::pending_signal != 0; }

  /// Makes the signals wait from now on, unless who started the program had them ignored.
  static void install() {
    for (int signal : {SIGINT, SIGTERM})
      if (std::signal(signal, detail::on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
};

/// Errors: InputError when a file could not be written to this path later on; asked before long work.
inline void require_writable(const std::filesystem::path& path) {
  const videoonenet::AtomicFile target(path);
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (access(folder.c_str(), W_OK) != 0)
    throw videoonenet::InputError(videoonenet::sentence(path.string(), ": cannot be written, because the directory ",
                                                        folder.string(), " does not permit it"));
}

/// Parses the command line, runs `body`, and turns every exception into one sentence and an exit code.
template <class Body>
int run(CLI::App& app, int argc, char** argv, Body&& body) {
  const auto complain = [&](const std::string& what, ExitCode code) {
    std::cerr << app.get_name() << ": " << what << std::endl;
    return code;
  };
  app.formatter(std::make_shared<WrappedHelp>());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help
    std::string what = e.what();
    return complain(what + "; see " + app.get_name() + " --help", bad_input);
  }
  Uninterrupted::install();
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
