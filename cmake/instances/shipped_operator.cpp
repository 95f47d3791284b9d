// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles what is done with any of the library's operators, drawing, solving and restoring by a Model, once for all
/// programs, tests and benchmarks (core/config.hpp says how).

// What other files beside this one compile is only declared here.
#undef VIDEOONENET_INSTANTIATE
#define VIDEOONENET_EXTERN_TEMPLATES
#include "videoonenet/datastep/compressed_differences_solver/sensing_basis.hpp"
#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/models/video_net.hpp"

#undef VIDEOONENET_INSTANCE
#define VIDEOONENET_INSTANCE template
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/model.hpp"
#include "videoonenet/train/batch_step/put_triplet.hpp"
