// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Our ways and others' ways to do the same, timed in turn, as a Markdown table and as CSV.

#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>

#include "paired_times.hpp"

namespace videoonenet::benchmarks {

/// Something to be timed.
struct Contender {
  std::string name;
  cpu::Products products;
  std::function<void()> body;
};

/// What is compared.
struct Work {
  std::string layer, direction;
  int threads = 1;
  double flops = 0;
};

struct PeerReportOptions {
  std::string only;  ///< layers whose name has this in it
  int rounds = 9;
  double turn = 0.01;  ///< seconds of one contender
  std::optional<std::ofstream> csv;
};

/// Prints a line for each of our ways, against the fastest of the peers that multiply alike: direct against direct,
/// Winograd against Winograd or direct, bfloat16 against bfloat16, or against all where no peer has it. The machine's
/// multiply-adds are timed in turn with them, so that a share of its peak means the peak it had then.
class PeerReport {
 public:
  explicit PeerReport(PeerReportOptions& options) : options_(options) {
    if (options_.csv)
      *options_.csv << "layer,direction,threads,products,ms,gflops,peak,peer,peer_ms,peer_gflops,ratio\n";
  }
  void heading(const char* what) const {
    std::cout << "\n| " << what
              << " | threads | products | GFLOP/s | peak | oneDNN GFLOP/s | peak | ratio | oneDNN's way |\n"
                 "|---|---|---|---|---|---|---|---|---|\n";
  }
  void compare(const Work& work, const std::vector<Contender>& ours, const std::vector<Contender>& peers) {
    if (ours.empty() || peers.empty() || !wanted(work.layer)) return;
    std::vector<std::function<void()>> bodies;
    for (const auto* side : {&ours, &peers})
      for (const Contender& c : *side) bodies.push_back(c.body);
    double peak_flops = 0;
    bodies.push_back([&] { peak_flops = multiply_adds<float>(work.threads); });
    const PairedTimes times(bodies, options_.rounds, options_.turn);
    const auto figures = [&](const std::string& name, std::size_t i) {
      return Figures{name, times.time(i), work.flops / times.time(i),
                     times.ratio(bodies.size() - 1, i) * work.flops / peak_flops};
    };
    for (std::size_t i = 0; i < ours.size(); ++i) {
      std::optional<std::size_t> best, best_alike;
      for (std::size_t j = 0; j < peers.size(); ++j) {
        const std::size_t k = ours.size() + j;
        if (!best || times.time(k) < times.time(*best)) best = k;
        if (alike(ours[i].products, peers[j].products) && (!best_alike || times.time(k) < times.time(*best_alike)))
          best_alike = k;
      }
      const std::size_t peer = best_alike.value_or(*best);
      line(work, figures(ours[i].name, i), figures(peers[peer - ours.size()].name, peer), times.ratio(peer, i));
    }
  }

  bool wanted(const std::string& layer) const { return layer.find(options_.only) != std::string::npos; }

 private:
  /// Seconds, operations a second, and these as a share of what the machine did at most in the same rounds.
  struct Figures {
    std::string name;
    double time, speed, peak;
  };

  static bool alike(cpu::Products ours, cpu::Products peers) {
    return ours == peers || (ours == cpu::Products::winograd && peers == cpu::Products::direct);
  }
  void line(const Work& work, const Figures& own, const Figures& other, double ratio) {
    std::cout << std::fixed << "| " << work.layer << ", " << work.direction << " | " << work.threads << " | "
              << own.name << " | " << std::setprecision(0) << own.speed * 1e-9 << " | " << own.peak * 100 << "% | "
              << other.speed * 1e-9 << " | " << other.peak * 100 << "% | " << std::setprecision(2) << ratio << " | "
              << other.name << " |" << std::endl;
    if (options_.csv)
      *options_.csv << work.layer << ',' << work.direction << ',' << work.threads << ',' << own.name << ','
                    << own.time * 1e3 << ',' << own.speed * 1e-9 << ',' << own.peak << ',' << other.name << ','
                    << other.time * 1e3 << ',' << other.speed * 1e-9 << ',' << ratio << std::endl;
  }

  PeerReportOptions& options_;
};

}  // namespace videoonenet::benchmarks
