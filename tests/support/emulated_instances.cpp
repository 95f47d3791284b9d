// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#define VIDEOONENET_EMULATED_INSTANCE template
#include "support/emulated_instances.cuh"
