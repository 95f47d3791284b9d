// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Loads the library that links OpenCV.

#include "support/pictures.hpp"

#include <dlfcn.h>

namespace program {

const Pictures& pictures() {
  static const Pictures& loaded = []() -> const Pictures& {
    void* const library = dlopen("libprogram_pictures.so", RTLD_NOW | RTLD_LOCAL);
    void* const function = library ? dlsym(library, "program_pictures") : nullptr;
    if (function == nullptr) throw InputError(sentence("pictures and clips take OpenCV, but ", dlerror()));
    return *reinterpret_cast<const Pictures* (*)()>(function)();
  }();
  return loaded;
}

}  // namespace program
