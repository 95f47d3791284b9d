// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Structure tags: what an operator knows about itself, so that its data step is exact and fast at compile time.
///
/// An operator states its structure as `using structure_tag = structure::Diagonal;` together with the accessor the tag
/// asks for. Without a tag the operator is `Unknown` and its data step runs conjugate gradients. See
/// `docs/concepts.md#structure-tags`.

#include <type_traits>

#include "videoonenet/core/config.hpp"

namespace videoonenet::structure {

/// Nothing is known: conjugate gradients.
struct Unknown {};

/// AᵀA is diagonal. Accessor: `std::span<const T> normal_diagonal() const`, its n entries.
struct Diagonal {};

/// AAᵀ = c I. Accessor: `T frame_bound() const`, c.
struct TightFrame {};

/// A = C ⊗ I over H, W and F: it mixes frames only. Accessor: `TimeMatrix<T> time_matrix() const`, C.
struct TimeOnly {};

/// Every frame and channel is convolved in full with the same kernel, zero outside: AᵀA is a Toeplitz-block-Toeplitz
/// matrix per frame and channel. Accessor: `View<const T> kernel() const` of shape 1×1×kh×kw×1.
struct BlockToeplitz {};

/// AAᵀ is, per frame, a circulant over the rows and columns of the range, equal for all frames, and does not mix the
/// channels of the range. No accessor: the data step applies A to unit vectors.
struct CirculantGram {};

/// The first frame is kept and every frame difference is multiplied, per channel, by one matrix Φ (m × HW).
/// Accessors: `std::span<const T> sensing_matrix() const`, row-major, and `Index measurements() const`, m.
struct CompressedDifferences {};

/// An explicit matrix. Accessor: `std::span<const T> matrix() const`, d × n row-major.
struct Dense {};

/// s·B for an operator B with a structure of its own. Accessors: `const B& inner() const`, `T factor() const`.
struct Scaled {};

/// One operator per video of the batch. Accessors: `Index size() const`, `const B& block(Index n) const`.
struct BlockDiagonal {};

/// One of several operator types, chosen at run time. Accessor: `variant() const`, a std::variant.
struct Variant {};

namespace detail {
template <class A>
struct Of {
  using type = Unknown;
};
template <class A>
  requires requires { typename A::structure_tag; }
struct Of<A> {
  using type = typename A::structure_tag;
};
}  // namespace detail

}  // namespace videoonenet::structure

namespace videoonenet {

/// The structure tag of an operator, `structure::Unknown` when it states none.
template <class A>
using structure_of = typename structure::detail::Of<std::remove_cvref_t<A>>::type;

}  // namespace videoonenet
