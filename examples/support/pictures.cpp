// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Loads the library that links OpenCV.

#include "support/pictures.hpp"

#include <dlfcn.h>

#include <filesystem>

namespace program {

const Pictures& pictures() {
  static const Pictures& loaded = []() -> const Pictures& {
    // Beside the program, by its whole path: a program's own search path is not that of a sanitizer, who loads for it.
    const std::filesystem::path name = "libprogram_pictures.so";
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    const auto path = unknown ? name : program.parent_path() / name;
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* const function = library ? dlsym(library, "program_pictures") : nullptr;
    if (function == nullptr) throw InputError(sentence("pictures and clips take OpenCV, but ", dlerror()));
    return *reinterpret_cast<const Pictures* (*)()>(function)();
  }();
  return loaded;
}

}  // namespace program
