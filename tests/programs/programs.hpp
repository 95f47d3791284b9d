// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Running the built programs as a user does, in a folder that goes away.

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "support/files.hpp"
#include "videoonenet/io/npy.hpp"
#include "videoonenet/io/safetensors.hpp"

namespace videoonenet::test {

/// How a program ended and what it said.
struct Run {
  int code = -1;  ///< exit code; -1 when a signal ended it
  std::string out, err;
};

/// A current directory of its own for the programs; paths on their command lines are relative to it.
class Workshop {
 public:
  Run restore(const std::string& arguments) const { return run(VIDEOONENET_RESTORE, arguments); }
  Run evaluate(const std::string& arguments) const { return run(VIDEOONENET_EVALUATE, arguments); }
  Run train(const std::string& arguments) const { return run(VIDEOONENET_TRAIN, arguments); }
  Run pretrain(const std::string& arguments) const { return run(VIDEOONENET_PRETRAIN, arguments); }

  /// Starts a program, sends it a signal after a while and returns how it ended, as waitpid says it.
  int interrupted(const std::string& program, const std::string& arguments, int signal,
                  std::chrono::duration<double> after) const {
    std::vector<std::string> words{program};
    std::istringstream split(arguments);
    for (std::string word; split >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string folder = folder_.path().string();
    const pid_t child = fork();
    if (child == 0) {
      const int nowhere = open("/dev/null", O_RDWR);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      if (chdir(folder.c_str()) == 0) execv(argv[0], argv.data());
      _exit(127);
    }
    std::this_thread::sleep_for(after);
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  /// Runs restore without pictures, requires success, and returns restored.npy of its --output.
  Tensor<float> restored(const std::string& arguments, const std::string& output) const {
    return pictured(arguments + " --no-pictures", output);
  }
  /// The same with pictures, for which OpenCV is loaded: that takes longer than all else in a small run.
  Tensor<float> pictured(const std::string& arguments, const std::string& output) const {
    const Run r = restore(arguments + " --output " + output);
    INFO(arguments << "\n" << r.err);
    REQUIRE(r.code == 0);
    REQUIRE(r.err.empty());
    return array(output + "/restored.npy");
  }

  Tensor<float> array(const std::string& name) const { return read_npy<float>(folder_ / name); }
  Bytes file(const std::string& name) const { return read_bytes(folder_ / name); }
  std::string text(const std::string& name) const {
    const Bytes b = file(name);
    return std::string(b.begin(), b.end());
  }
  nlohmann::json json(const std::string& name) const { return nlohmann::json::parse(text(name)); }
  /// Sorted names of the files in a subfolder; none when it does not exist.
  std::vector<std::string> files(const std::string& name) const {
    std::vector<std::string> names;
    if (std::filesystem::is_directory(folder_ / name))
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / name))
        if (entry.is_regular_file()) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  Run run(const std::string& program, const std::string& arguments) const {
    const std::string command = "cd '" + folder_.path().string() + "' && exec '" + program + "' " + arguments +
                                " > .stdout 2> .stderr < /dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text(".stdout"), text(".stderr")};
  }

  TemporaryDirectory folder_;
};

/// What every small run of restore has in common.
inline const std::string tiny = "--input synthetic --size 12x16 --frames 3 --iterations 5 --threads 1 --quiet ";

/// Every file that restore writes for a video, and those with --no-pictures.
inline const std::vector<std::string> result_files{
    "comparison.png", "measurement.npy", "metrics.json", "operator.safetensors",
    "restored.mp4",   "restored.npy",    "truth.npy"};
inline const std::vector<std::string> files_without_pictures{"measurement.npy", "metrics.json", "operator.safetensors",
                                                             "restored.npy", "truth.npy"};

/// Whether a program refused in one sentence on standard error that begins with its name.
inline bool is_one_sentence(const std::string& err, const std::string& program) {
  return err.starts_with(program + ": ") && err.size() > program.size() + 10 && err.find('\n') == err.size() - 1;
}

inline bool same(const Tensor<float>& a, const Tensor<float>& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.flat(), b.flat());
}

/// The largest difference of two videos of one shape.
inline double distance(const Tensor<float>& a, const Tensor<float>& b) {
  double largest = 0;
  for (Index i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double(a[i]) - double(b[i])));
  return largest;
}

/// A reproducible array of numbers in [0, 1).
inline Tensor<float> uniform_video(const Shape& shape, std::uint64_t seed = 1) {
  Tensor<float> video(shape);
  Random random(seed);
  for (float& v : video.flat()) v = static_cast<float>(random.uniform());
  return video;
}

/// Keeps the first `size` bytes of a file.
inline void truncate_file(const std::filesystem::path& path, std::size_t size) {
  Bytes b = read_bytes(path);
  b.resize(std::min(size, b.size()));
  write_bytes(path, {b});
}

}  // namespace videoonenet::test
