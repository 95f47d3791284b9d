// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Launches matrix products with a tile that suits their size, in the executor's precision.

#include "videoonenet/core/cuda/matrix_product.cuh"

namespace videoonenet::cuda::convolution {

// From many sums a block, which need the fewest copies, to many blocks, which fill the device when there are few sums.
using TallTile = Tile<128, 64, 32, 64, 32>;
using SquareTile = Tile<64, 64, 32, 32, 32>;
using SmallTile = Tile<32, 32, 32, 16, 16, 4>;

/// Tiles of a product's result.
template <class TileType>
Index tile_count(Index rows, Index columns) {
  return ceil_div(rows, TileType::m) * ceil_div(columns, TileType::n);
}

/// In how many parts a kernel gradient's terms are summed: as many as give every multiprocessor two blocks, but none
/// shorter than eight steps.
inline Index term_parts(int multiprocessors, Index rows, Index columns, Index terms) {
  const Index wanted = ceil_div(2 * Index(multiprocessors), tile_count<SquareTile>(rows, columns));
  const Index parts = std::clamp<Index>(ceil_div(terms, 8 * SquareTile::k), 1, wanted);
  const Index tiles = ceil_div(ceil_div(terms, SquareTile::k), parts);
  return ceil_div(ceil_div(terms, SquareTile::k), tiles);  // none of them empty
}

template <class TileType, Precision P, Gpu Ex, class A, class B, class Epilogue>
void launch_tiles(const Ex& ex, const A& a, const B& b, const Epilogue& epilogue, Index rows, Index columns,
                  Index terms, Index parts) {
  const auto product = MatrixProduct<TileType, P, A, B, Epilogue>::make(
      a, b, epilogue, as_int(rows, "a convolution"), as_int(columns, "a convolution"), as_int(terms, "a convolution"),
      as_int(parts, "a convolution"));
  ex.launch(product.grid(), product);
}

/// epilogue(m, n, part, Σ_k a(m, k) b(k, n)) for all m < rows and n < columns, with a tile that suits the size; all but
/// the smallest are made for operands of width 4, the largest for precisions that are fast.
template <Gpu Ex, class A, class B, class Epilogue>
void launch_product(const Ex& ex, const A& a, const B& b, const Epilogue& epilogue, Index rows, Index columns,
                    Index terms, Index parts = 1) {
  const auto with_precision = [&]<Precision P>() {
    [[maybe_unused]] const Index enough = ex.multiprocessors();
    if constexpr (A::width > 1 && P != Precision::float32) {
      if (tile_count<TallTile>(rows, columns) * parts >= enough)
        return launch_tiles<TallTile, P>(ex, a, b, epilogue, rows, columns, terms, parts);
    }
    if constexpr (A::width > 1) {
      if (tile_count<SquareTile>(rows, columns) * parts >= enough)
        return launch_tiles<SquareTile, P>(ex, a, b, epilogue, rows, columns, terms, parts);
    }
    launch_tiles<SmallTile, P>(ex, a, b, epilogue, rows, columns, terms, parts);
  };
  if (ex.precision == Precision::tf32) return with_precision.template operator()<Precision::tf32>();
  if (ex.precision == Precision::bfloat16) return with_precision.template operator()<Precision::bfloat16>();
  with_precision.template operator()<Precision::float32>();
}

/// y = Σ + bias, or y += Σ + bias, a matrix of rows × columns for every part of the terms; a null bias is none.
struct Store {
  float* y;
  const float* bias;
  int rows, columns;
  bool add;
  VIDEOONENET_DEVICE void operator()(int m, int n, int part, float sum) const {
    float& to = y[(Index(part) * rows + m) * columns + n];
    if (bias) sum += bias[n];
    to = add ? to + sum : sum;
  }
};

}  // namespace videoonenet::cuda::convolution
