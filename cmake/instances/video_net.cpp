// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the papers' nets once for all programs, tests and benchmarks (core/config.hpp says how).

// What other files beside this one compile is only declared here.
#undef VIDEOONENET_INSTANTIATE
#define VIDEOONENET_EXTERN_TEMPLATES
#include "videoonenet/nn/conv2d/conv2d.hpp"

#undef VIDEOONENET_INSTANCE
#define VIDEOONENET_INSTANCE template
#include "videoonenet/models/video_net.hpp"
