// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/cuda/matrix_product.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"

namespace matrix_product_test {

using namespace videoonenet;
using namespace videoonenet::cuda;
using namespace videoonenet::support;

namespace {

/// A matrix in memory whose lines lie `stride` entries apart, either along the terms or along the lines.
template <bool along, int width_>
struct Matrix {
  static constexpr bool along_terms = along;
  static constexpr int width = width_;
  const float* data;
  int lines, stride;
  bool aligned;
  using Line = int;
  using Term = int;
  VIDEOONENET_DEVICE Line line(int i) const { return i; }
  VIDEOONENET_DEVICE Term term(int k) const { return k; }
  VIDEOONENET_DEVICE const float* entry(Line i, Term k) const {
    return i < lines ? data + (along ? i * stride + k : k * stride + i) : nullptr;
  }
};

struct Keep {
  float* c;
  int rows, columns;
  VIDEOONENET_DEVICE void operator()(int m, int n, int part, float sum) const {
    c[(part * rows + m) * columns + n] = sum;
  }
};

/// The relative error of a product of random matrices, whose parts are added here.
template <class TileType, Precision P, bool a_along, bool b_along, int width>
double error_of_product(int rows, int columns, int terms, int parts, bool aligned) {
  const TestGpu gpu = test_gpu(P);
  Random random(4);
  const auto size = [](int a, int b) { return Index(a) * b; };
  const auto a = random_values(random, size(rows, terms)), b = random_values(random, size(terms, columns));
  const auto gpu_a = to_executor(gpu, a), gpu_b = to_executor(gpu, b);
  auto c = gpu.allocate<float>(size(parts, rows) * columns);
  using A = Matrix<a_along, width>;
  using B = Matrix<b_along, width>;
  const auto product =
      MatrixProduct<TileType, P, A, B, Keep>::make(A{gpu_a.data(), rows, a_along ? terms : rows, aligned},
                                                   B{gpu_b.data(), columns, b_along ? terms : columns, aligned},
                                                   Keep{c.data(), rows, columns}, rows, columns, terms, parts);
  CHECK(product.grid().blocks[2] == parts);
  gpu.launch(product.grid(), product);
  const auto got = from_executor(gpu, c);
  std::vector<float> sums(static_cast<std::size_t>(size(rows, columns))), expected(sums.size());
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      double sum = 0;
      for (int k = 0; k < terms; ++k)
        sum += double(a[static_cast<std::size_t>(a_along ? i * terms + k : k * rows + i)]) *
               double(b[static_cast<std::size_t>(b_along ? j * terms + k : k * columns + j)]);
      const auto at = static_cast<std::size_t>(i * columns + j);
      expected[at] = static_cast<float>(sum);
      for (int p = 0; p < parts; ++p) sums[at] += got[at + static_cast<std::size_t>(p) * sums.size()];
    }
  return relative_error(sums, expected);
}

using Square = Tile<64, 64, 32, 32, 32>;
using Small = Tile<32, 32, 32, 16, 16, 4>;
using Wide = Tile<128, 128, 32, 64, 32>;

}  // namespace

TEST_CASE("products of matrices in every layout and precision") {
  constexpr auto tf32 = Precision::tf32, float32 = Precision::float32, bfloat16 = Precision::bfloat16;
  CHECK(error_of_product<Small, float32, true, false, 4>(36, 40, 68, 1, true) < 1e-6);
  CHECK(error_of_product<Small, float32, false, true, 4>(36, 40, 68, 1, true) < 1e-6);
  CHECK(error_of_product<Small, tf32, true, true, 4>(36, 40, 68, 1, true) < 5e-4);
  CHECK(error_of_product<Small, bfloat16, true, false, 4>(36, 40, 68, 1, true) < 4e-3);
  CHECK(error_of_product<Small, bfloat16, false, false, 1>(33, 35, 37, 1, true) < 4e-3);
  CHECK(error_of_product<Square, tf32, false, false, 1>(65, 3, 37, 1, true) < 5e-4);
  CHECK(error_of_product<Wide, tf32, true, false, 4>(132, 4, 36, 1, true) < 5e-4);
}

TEST_CASE("products in parts, of fewer terms than a tile, and copied entry by entry") {
  CHECK(error_of_product<Small, Precision::float32, false, false, 4>(4, 4, 4, 1, true) < 1e-6);
  CHECK(error_of_product<Small, Precision::float32, true, true, 4>(32, 36, 100, 2, true) < 1e-6);
  CHECK(error_of_product<Small, Precision::float32, true, false, 4>(32, 36, 100, 4, false) < 1e-6);
}

}  // namespace matrix_product_test
