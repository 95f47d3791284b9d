// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every refused program starts from: archetypes that model the concepts, and the entry points they are given to.
///
/// With FAULT defined a program takes one requirement away (a declaration of the same name hides the archetype's), and
/// must be refused with the sentence in its `Expect:` line as the first error. Without it, it must compile.

#include "concepts/archetypes.hpp"
#include "videoonenet/unroll/unroll.hpp"

using namespace archetypes;
using namespace videoonenet;

/// Solves one problem by both entry points.
template <class A, class Prior, class Data>
void solve(const A& a, const Prior& prior, const Data& data_step) {
  Buffer<float> y(4), z(4);
  const View<float> result{z.data(), {.h = 2, .w = 2}};
  admm(Cpu{}, prior, data_step, a, y.span(), result);
  unroll<2>(prior, data_step)(Cpu{}, a, y.span(), result);
}
