// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Work of any executor on entries of the host.

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

/// Calls body(x, y) with x and y in memory of the executor, and brings y back.
/// Shapes: any. `y` is written whole.  Cost: for a device memory for both, an upload of x and a download of y.
template <Executor Ex, class T, class U, class Body>
void on_executor(const Ex& ex, std::span<const T> x, std::span<U> y, Body&& body) {
  if constexpr (DeviceExecutor<Ex>) {
    const auto device_x = ex.template allocate<T>(std::ssize(x));
    const auto device_y = ex.template allocate<U>(std::ssize(y));
    ex.upload(x, device_x.span());
    body(std::span<const T>(device_x.span()), std::span<U>(device_y.span()));
    ex.download(std::span<const U>(device_y.span()), y);
  } else {
    body(x, y);
  }
}

}  // namespace videoonenet
