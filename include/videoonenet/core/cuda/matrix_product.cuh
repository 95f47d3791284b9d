// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// c = a b on the matrix unit, where a and b are functions of their indices: convolutions are such products.
///
/// A block computes a tile of c. Tiles of a and b go through shared memory, several of them on their way while one is
/// multiplied; every warp keeps its part of c in registers.
///
/// An operand `o` says where its entries are:
///  - `O::along_terms`: whether neighbours in memory are neighbours along the terms of the sums, or along the rows of a
///    (columns of b). Tiles lie in shared memory the same way.
///  - `O::width`: entries that are copied at once in that direction, which start at multiples of it;
///  - `o.line(i)` is what is to be known of row i of a (column of b), `o.term(k)` of term k; beyond the last ones, too;
///  - `o.entry(line, term)` points at the entry, or is null for a zero;
///  - `o.aligned` says whether all entries begin at multiples of 4·width bytes, so that one copy takes them.

#include "videoonenet/core/cuda/matrix_unit.cuh"

namespace videoonenet::cuda {

/// The tile of a block: M × N sums, taken K terms at a time; a warp's part of it is WarpM × WarpN.
template <int M, int N, int K, int WarpM, int WarpN, int Stages = 3>
struct Tile {
  static constexpr int m = M, n = N, k = K, warp_m = WarpM, warp_n = WarpN, stages = Stages;
  static constexpr int threads = M / WarpM * (N / WarpN) * 32;
  static_assert(M % WarpM == 0 && N % WarpN == 0 && WarpM % 16 == 0 && WarpN % 8 == 0 && K % 16 == 0);
};

namespace detail {

/// A tile of an operand in shared memory: `Lines` rows of a (columns of b) by `Terms` terms, padded so that the lanes
/// of a warp find their parts in different banks.
template <class Operand, int Lines, int Terms, int Threads>
struct TileMemory {
  static constexpr bool along_terms = Operand::along_terms;
  static constexpr int width = Operand::width;
  static constexpr int row = along_terms ? Terms + 4 : Lines + 8;
  static constexpr int size = row * (along_terms ? Lines : Terms);

  // Copies: a thread always serves the same place along a row of this memory, in every `step`-th row.
  static constexpr int pieces = (along_terms ? Terms : Lines) / width;
  static constexpr int across = along_terms ? Lines : Terms;
  static constexpr int columns = pieces < Threads ? 1 : pieces / Threads;  ///< places a thread serves
  static constexpr int step = pieces < Threads ? Threads / pieces : 1;
  static constexpr int rows = (across + step - 1) / step;
  static constexpr int lines = along_terms ? rows : columns;
  static_assert(pieces < Threads ? Threads % pieces == 0 : pieces % Threads == 0);

  VIDEOONENET_HOST_DEVICE static constexpr int place(int line, int term) {
    return along_terms ? line * row + term : term * row + line;
  }
};

}  // namespace detail

/// Sums over terms [first_term, last_term) of a(m, k) b(k, n) for m < rows and n < columns, handed to an epilogue:
/// block (x, y, z) computes the tile x of rows and y of columns for part z of the terms.
///
/// An epilogue is inlined for every sum that a thread keeps, dozens of times. One that does more than to store it says
/// `static constexpr bool staged = true`: the sums go through shared memory, and a loop hands them over.
template <class TileType, Precision P, class A, class B, class Epilogue>
struct MatrixProduct {
  static constexpr int threads = TileType::threads;
  using Unit = MatrixUnit<P>;
  using MemoryA = detail::TileMemory<A, TileType::m, TileType::k, threads>;
  using MemoryB = detail::TileMemory<B, TileType::n, TileType::k, threads>;
  static constexpr int stage_size = MemoryA::size + MemoryB::size;
  static constexpr int shared_bytes = TileType::stages * stage_size * static_cast<int>(sizeof(float));

  A a;
  B b;
  Epilogue epilogue;  ///< epilogue(m, n, part of the terms, sum)
  int rows, columns, terms;
  int terms_per_part;  ///< a multiple of TileType::k

  /// Runs the product with the terms in `parts` parts.
  static MatrixProduct make(const A& a, const B& b, const Epilogue& epilogue, int rows, int columns, int terms,
                            int parts = 1) {
    const Index tiles = ceil_div(terms, TileType::k);
    return {a, b, epilogue, rows, columns, terms, static_cast<int>(ceil_div(tiles, parts)) * TileType::k};
  }
  Grid grid() const {
    return {.blocks = {static_cast<int>(ceil_div(rows, TileType::m)), static_cast<int>(ceil_div(columns, TileType::n)),
                       static_cast<int>(ceil_div(terms, terms_per_part))},
            .threads = threads,
            .shared_bytes = shared_bytes};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const auto shared = t.template shared<float>(0, TileType::stages * stage_size);
    const int first_row = t.block(0) * TileType::m, first_column = t.block(1) * TileType::n;
    const int begin = t.block(2) * terms_per_part;
    const int end = begin + terms_per_part < terms ? begin + terms_per_part : terms;
    const int steps = (end - begin + TileType::k - 1) / TileType::k;

    const Copier<A, MemoryA> copy_a(t, a, first_row);
    const Copier<B, MemoryB> copy_b(t, b, first_column);
    const auto begin_copy = [&](int step) {
      if (step < steps) {
        const int stage = step % TileType::stages * stage_size, term = begin + step * TileType::k;
        copy_a.run(t, a, shared, stage, term, end);
        copy_b.run(t, b, shared, stage + MemoryA::size, term, end);
      }
      t.commit_copies();  // groups are counted, empty ones, too
    };

    WarpTile warp(t);
    // One loop, whose first steps only copy: what copies is long, and inlined once.
    VIDEOONENET_ROLLED
    for (int step = 1 - TileType::stages; step < steps; ++step) {
      if (step >= 0) {
        t.template wait_copies<TileType::stages - 2>();
        t.sync();  // also: nobody reads the stage that is overwritten next
      }
      begin_copy(step + TileType::stages - 1);
      if (step >= 0) warp.multiply(t, shared, step % TileType::stages * stage_size);
    }
    if constexpr (requires { requires bool(Epilogue::staged); })
      hand_over_staged(t, shared, warp, first_row, first_column);
    else
      warp.for_sums([&](int m, int n, float sum) { hand_over(first_row + m, first_column + n, t.block(2), sum); });
  }

 private:
  VIDEOONENET_DEVICE void hand_over(int m, int n, int part, float sum) const {
    if (m < rows && n < columns) epilogue(m, n, part, sum);
  }

  template <class Thread, class Shared, class Warp>
  VIDEOONENET_DEVICE void hand_over_staged(const Thread& t, const Shared& shared, const Warp& warp, int first_row,
                                           int first_column) const {
    constexpr int row = TileType::n + 8;  // lanes of a warp write to different banks
    static_assert(TileType::m * row <= TileType::stages * stage_size);
    t.sync();  // nobody reads operands any more
    warp.for_sums([&](int m, int n, float sum) { shared[m * row + n] = sum; });
    t.sync();
    for (int i = t.thread(); i < TileType::m * TileType::n; i += threads) {
      const int m = i / TileType::n, n = i % TileType::n;
      hand_over(first_row + m, first_column + n, t.block(2), shared[m * row + n]);
    }
  }

  /// What a thread copies: knows its lines, which do not change from step to step.
  template <class Operand, class Memory>
  struct Copier {
    typename Operand::Line line[Memory::lines];
    int column, first_row;

    template <class Thread>
    VIDEOONENET_DEVICE Copier(const Thread& t, const Operand& o, int first_line) {
      column = t.thread() % Memory::pieces * Memory::width;
      first_row = Memory::pieces < threads ? t.thread() / Memory::pieces : 0;
      VIDEOONENET_UNROLL
      for (int i = 0; i < Memory::lines; ++i)
        line[i] = o.line(first_line +
                         (Memory::along_terms ? first_row + i * Memory::step : column + i * threads * Memory::width));
    }

    template <class Thread, class Shared>
    VIDEOONENET_DEVICE void run(const Thread& t, const Operand& o, const Shared& shared, int stage, int first_term,
                                int end) const {
      if constexpr (Memory::along_terms) {
        VIDEOONENET_UNROLL
        for (int c = 0; c < Memory::columns; ++c) {
          const int at = column + c * threads * Memory::width, k = first_term + at;
          const typename Operand::Term term = o.term(k);
          VIDEOONENET_UNROLL
          for (int r = 0; r < Memory::rows; ++r) {
            const int row = first_row + r * Memory::step;
            if (Memory::across % Memory::step != 0 && row >= Memory::across) break;
            copy_piece(t, o, shared, stage + row * Memory::row + at, k < end ? o.entry(line[r], term) : nullptr);
          }
        }
      } else {
        VIDEOONENET_UNROLL
        for (int r = 0; r < Memory::rows; ++r) {
          const int row = first_row + r * Memory::step, k = first_term + row;
          if (Memory::across % Memory::step != 0 && row >= Memory::across) break;
          const typename Operand::Term term = o.term(k);
          VIDEOONENET_UNROLL
          for (int c = 0; c < Memory::columns; ++c)
            copy_piece(t, o, shared, stage + row * Memory::row + column + c * threads * Memory::width,
                       k < end ? o.entry(line[c], term) : nullptr);
        }
      }
    }

    template <class Thread, class Shared>
    VIDEOONENET_DEVICE static void copy_piece(const Thread& t, const Operand& o, const Shared& shared, int to,
                                              const float* from) {
      if (Memory::width == 1 || o.aligned) {
        t.template copy_async<Memory::width>(shared, to, from);
      } else {
        VIDEOONENET_UNROLL
        for (int i = 0; i < Memory::width; ++i) t.template copy_async<1>(shared, to + i, from ? from + i : nullptr);
      }
    }
  };

  /// The sums of one warp.
  struct WarpTile {
    static constexpr int tiles_m = TileType::warp_m / Unit::rows, tiles_n = TileType::warp_n / Unit::columns;
    typename Unit::Parts sums[tiles_m][tiles_n];
    int lane, row, column;

    template <class Thread>
    VIDEOONENET_DEVICE explicit WarpTile(const Thread& t) : sums{} {
      constexpr int warps_m = TileType::m / TileType::warp_m;
      lane = t.lane();
      row = t.warp() % warps_m * TileType::warp_m;
      column = t.warp() / warps_m * TileType::warp_n;
    }

    template <class Thread, class Shared>
    VIDEOONENET_DEVICE void multiply(const Thread& t, const Shared& shared, int stage) {
      VIDEOONENET_UNROLL
      for (int k = 0; k < TileType::k; k += Unit::depth) {
        decltype(Unit::prepare(t, typename Unit::A{})) part_a[tiles_m];
        decltype(Unit::prepare(t, typename Unit::B{})) part_b[tiles_n];
        VIDEOONENET_UNROLL
        for (int i = 0; i < tiles_m; ++i) {
          typename Unit::A read;
          VIDEOONENET_UNROLL
          for (int p = 0; p < static_cast<int>(read.size()); ++p)
            read[static_cast<std::size_t>(p)] =
                shared[stage + MemoryA::place(row + i * Unit::rows + Unit::a_row(lane, p), k + Unit::a_term(lane, p))];
          part_a[i] = Unit::prepare(t, read);
        }
        VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j) {
          typename Unit::B read;
          VIDEOONENET_UNROLL
          for (int p = 0; p < static_cast<int>(read.size()); ++p)
            read[static_cast<std::size_t>(p)] =
                shared[stage + MemoryA::size +
                       MemoryB::place(column + j * Unit::columns + Unit::b_column(lane, p), k + Unit::b_term(lane, p))];
          part_b[j] = Unit::prepare(t, read);
        }
        VIDEOONENET_UNROLL
        for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j) Unit::multiply_add(t, sums[i][j], part_a[i], part_b[j]);
      }
    }

    /// body(row of the block's tile, column, sum) for every sum.
    template <class Body>
    VIDEOONENET_DEVICE void for_sums(const Body& body) const {
      VIDEOONENET_UNROLL
      for (int i = 0; i < tiles_m; ++i) VIDEOONENET_UNROLL
      for (int p = 0; p < Unit::parts; ++p) {
        VIDEOONENET_UNROLL
        for (int j = 0; j < tiles_n; ++j)
          body(row + i * Unit::rows + Unit::row(lane, p), column + j * Unit::columns + Unit::column(lane, p),
               sums[i][j][static_cast<std::size_t>(p)]);
      }
    }
  };
};

}  // namespace videoonenet::cuda
