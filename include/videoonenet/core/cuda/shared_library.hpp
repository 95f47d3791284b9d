// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Shared libraries that are loaded when they are first needed, so that a program starts without them.

#include <dlfcn.h>

#include <string>

#include "videoonenet/core/errors.hpp"

namespace videoonenet::cuda {

/// A shared library, from where the dynamic linker finds libraries of that name; it stays loaded.
class SharedLibrary {
 public:
  /// Errors: Error when it cannot be loaded, with the linker's reason.
  explicit SharedLibrary(const std::string& file) : file_(file), handle_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw Error(sentence("CUDA: the library ", file, " could not be loaded: ", dlerror()));
  }

  /// The function of that name, of which F is the type of a pointer to it.
  /// Errors: Error when there is none.
  template <class F>
  F function(const char* name) const {
    void* const address = dlsym(handle_, name);
    if (address == nullptr) throw Error(sentence("CUDA: the library ", file_, " has no function ", name));
    return reinterpret_cast<F>(address);
  }

 private:
  std::string file_;
  void* handle_;
};

}  // namespace videoonenet::cuda
