// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Work that the host does on entries of any executor.

#include <utility>

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

/// Calls body(x, y) with x and y as the host sees them; what is done once a problem, and not in every iteration, needs
/// no kernel of a device.
/// Shapes: any. `y` is written whole.  Cost: for a device a download of x, an upload of y and memory for both.
template <Executor Ex, class T, class U, class Body>
void on_host(const Ex& ex, std::span<const T> x, std::span<U> y, Body&& body) {
  if constexpr (DeviceExecutor<Ex>) {
    Buffer<T> host_x(std::ssize(x));
    Buffer<U> host_y(std::ssize(y));
    ex.download(x, host_x.span());
    body(std::as_const(host_x).span(), host_y.span());
    ex.upload(std::as_const(host_y).span(), y);
  } else {
    body(x, y);
  }
}

}  // namespace videoonenet
