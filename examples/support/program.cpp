// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// What every program does alike.

#include "support/program.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <new>
#include <utility>

#include "videoonenet/io/bytes.hpp"

namespace program {

using videoonenet::sentence;

namespace {

const std::map<std::string, videoonenet::cpu::Products> products_by_name{
    {"direct", videoonenet::cpu::Products::direct},
    {"winograd", videoonenet::cpu::Products::winograd},
    {"bfloat16", videoonenet::cpu::Products::bfloat16}};

std::atomic<int> uninterrupted{0}, pending_signal{0};

extern "C" void on_signal(int signal) {
  if (uninterrupted > 0) {
    pending_signal = signal;
  } else {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

/// Makes the signals wait from now on, unless who started the program had them ignored.
void catch_signals() {
  for (int signal : {SIGINT, SIGTERM})
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace

std::string name_of(videoonenet::cpu::Products products) {
  for (const auto& [name, value] : products_by_name)
    if (value == products) return name;
  return "unknown";
}

void add_run_options(CommandLine& app, RunOptions& o, const std::string& seeded,
                     const std::vector<std::string>& others) {
  app.add_option("--threads", o.threads, "threads, the results do not depend on it [all processors]")
      .type_name("N")
      .check(whole(1, 1024));
  std::string devices = "cpu";
  for (const std::string& name : others) devices += (&name == &others.back() ? " or " : ", ") + name;
  app.add_option("--device", o.device, "where to compute: " + devices)
      .type_name("NAME")
      .check([devices, others](const std::string& text) {
        return text == "cpu" || std::ranges::count(others, text) > 0
                   ? std::string()
                   : sentence("\"", text, "\" is not available, this program runs on ", devices);
      })
      .capture_default_str();
  app.add_option(
         "--products", [&o](const std::string& name) { o.products = products_by_name.at(name); },
         "how nets multiply: winograd (four to five digits), direct (slower, five digits) or bfloat16 (fastest "
         "where the processor has it, two digits) [" +
             name_of(o.products) + "]")
      .type_name("NAME")
      .check([](const std::string& text) {
        return products_by_name.contains(text) ? std::string()
                                               : sentence("\"", text, "\" is none of direct, winograd and bfloat16");
      });
  app.add_option("--seed", o.seed, "seed of " + seeded)
      .type_name("N")
      .check(whole<std::uint64_t>(0))
      .capture_default_str();
  app.add_flag("--quiet", o.quiet, "no progress bar");
}

void add_pictures_option(CommandLine& app, RunOptions& o, const std::string& pictures) {
  app.add_flag("--no-pictures", o.no_pictures, "no " + pictures + ", which take longer than a small run");
}

Uninterrupted::Uninterrupted() { ++uninterrupted; }
Uninterrupted::~Uninterrupted() {
  if (--uninterrupted == 0 && pending_signal != 0) on_signal(pending_signal);
}
bool Uninterrupted::is_pending() { return pending_signal != 0; }

void require_writable(const std::filesystem::path& path) {
  const videoonenet::AtomicFile target(path);
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (access(folder.c_str(), W_OK) != 0)
    throw videoonenet::InputError(
        sentence(path.string(), ": cannot be written, because the directory ", folder.string(), " does not permit it"));
}

int run(CommandLine& app, int argc, char** argv, const std::function<void()>& body) {
  if (const std::optional<int> code = app.parse(argc, argv)) return *code;
  const auto complain = [&](const std::string& what, ExitCode code) {
    std::cerr << app.program() << ": " << what << std::endl;
    return code;
  };
  catch_signals();
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

double peak_rss_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

Progress::Progress(std::string label, long total, std::string unit, bool quiet)
    : label_(std::move(label)), unit_(std::move(unit)), total_(total), shown_(!quiet && isatty(STDERR_FILENO)) {}
Progress::~Progress() {
  if (shown_ && drawn_) std::fprintf(stderr, "\r\033[K");
}

void Progress::advance(long steps) {
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

}  // namespace program
