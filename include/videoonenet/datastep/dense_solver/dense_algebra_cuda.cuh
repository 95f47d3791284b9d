// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Dense matrices of doubles on a CUDA device by cuBLAS and cuSOLVER, which are loaded when they are first needed.
///
/// A device executor that solves the data step of explicit matrices brings three functions in its namespace:
///  - `gram(ex, rows, columns, m, g)`: G = MMᵀ (rows ≤ columns) or MᵀM of a row-major M;
///  - `factor_cholesky(ex, n, g)`: G ← L with LLᵀ = G; NumericalError when G is not positive definite;
///  - `solve_cholesky(ex, n, l, count, x)`: X ← G⁻¹X for `count` right-hand sides, each n numbers one behind the other.
/// Of G and L, n × n and column-major, only the lower triangle is read and written.

#include <cublas_v2.h>
#include <cusolverDn.h>

#include "videoonenet/core/cuda/executor.cuh"
#include "videoonenet/core/cuda/shared_library.hpp"

namespace videoonenet::cuda {

namespace detail {

/// The handles and functions of both libraries for one stream.
class DenseLibraries {
 public:
  explicit DenseLibraries(cudaStream_t stream) {
    try {
      checked(create_blas_(&blas_), "making a handle of cuBLAS");
      checked(create_solver_(&solver_), "making a handle of cuSOLVER");
      checked(set_blas_stream_(blas_, stream), "giving cuBLAS its stream");
      checked(set_solver_stream_(solver_, stream), "giving cuSOLVER its stream");
    } catch (...) {
      destroy();
      throw;
    }
  }
  DenseLibraries(const DenseLibraries&) = delete;
  DenseLibraries& operator=(const DenseLibraries&) = delete;
  ~DenseLibraries() { destroy(); }

  template <class... Args>
  void syrk(Args... args) const {
    checked(syrk_(blas_, args...), "cublasDsyrk");
  }
  template <class... Args>
  void potrf_buffer_size(Args... args) const {
    checked(potrf_buffer_size_(solver_, args...), "cusolverDnDpotrf_bufferSize");
  }
  template <class... Args>
  void potrf(Args... args) const {
    checked(potrf_(solver_, args...), "cusolverDnDpotrf");
  }
  template <class... Args>
  void potrs(Args... args) const {
    checked(potrs_(solver_, args...), "cusolverDnDpotrs");
  }

 private:
  template <class Status>
  static void checked(Status status, const char* what) {
    if (static_cast<int>(status) != 0)  // success in both libraries
      throw Error(sentence("CUDA: ", what, " failed with status ", static_cast<int>(status)));
  }
  void destroy() {
    if (solver_ != nullptr) destroy_solver_(solver_);
    if (blas_ != nullptr) destroy_blas_(blas_);
  }

  // The versions whose headers were compiled. The names are those behind the macros of cublas_v2.h.
  SharedLibrary blas_library_{"libcublas.so." + std::to_string(CUBLAS_VER_MAJOR)};
  SharedLibrary solver_library_{"libcusolver.so." + std::to_string(CUSOLVER_VER_MAJOR)};
  decltype(&cublasCreate) create_blas_ = blas_library_.function<decltype(&cublasCreate)>("cublasCreate_v2");
  decltype(&cublasDestroy) destroy_blas_ = blas_library_.function<decltype(&cublasDestroy)>("cublasDestroy_v2");
  decltype(&cublasSetStream) set_blas_stream_ =
      blas_library_.function<decltype(&cublasSetStream)>("cublasSetStream_v2");
  decltype(&cublasDsyrk) syrk_ = blas_library_.function<decltype(&cublasDsyrk)>("cublasDsyrk_v2");
  decltype(&cusolverDnCreate) create_solver_ =
      solver_library_.function<decltype(&cusolverDnCreate)>("cusolverDnCreate");
  decltype(&cusolverDnDestroy) destroy_solver_ =
      solver_library_.function<decltype(&cusolverDnDestroy)>("cusolverDnDestroy");
  decltype(&cusolverDnSetStream) set_solver_stream_ =
      solver_library_.function<decltype(&cusolverDnSetStream)>("cusolverDnSetStream");
  decltype(&cusolverDnDpotrf_bufferSize) potrf_buffer_size_ =
      solver_library_.function<decltype(&cusolverDnDpotrf_bufferSize)>("cusolverDnDpotrf_bufferSize");
  decltype(&cusolverDnDpotrf) potrf_ = solver_library_.function<decltype(&cusolverDnDpotrf)>("cusolverDnDpotrf");
  decltype(&cusolverDnDpotrs) potrs_ = solver_library_.function<decltype(&cusolverDnDpotrs)>("cusolverDnDpotrs");

  cublasHandle_t blas_ = nullptr;
  cusolverDnHandle_t solver_ = nullptr;
};

/// What a routine of cuSOLVER found: 0, −i for a bad argument i, or i for the first minor that is not positive.
inline int solver_info(const Executor& ex, const DeviceBuffer<int>& device_info) {
  int info = 0;
  ex.download(std::span<const int>(device_info.span()), std::span<int>(&info, 1));
  if (info < 0) throw Error(sentence("CUDA: cuSOLVER refused its argument ", -info));
  return info;
}

}  // namespace detail

/// G = MMᵀ (rows ≤ columns) or MᵀM.
inline void gram(const Executor& ex, Index rows, Index columns, std::span<const double> matrix, std::span<double> g) {
  require_size(std::ssize(matrix), rows * columns, "gram", "the matrix");
  require_size(std::ssize(g), std::min(rows, columns) * std::min(rows, columns), "gram", "G");
  const int d = as_int(rows, "gram"), n = as_int(columns, "gram");
  const double one = 1, zero = 0;
  // To cuBLAS, which counts along columns, the matrix is its transpose.
  const bool wide = d <= n;
  ex.resource<detail::DenseLibraries>().syrk(CUBLAS_FILL_MODE_LOWER, wide ? CUBLAS_OP_T : CUBLAS_OP_N, wide ? d : n,
                                             wide ? n : d, &one, matrix.data(), n, &zero, g.data(), wide ? d : n);
}

/// G ← L with LLᵀ = G.
/// Errors: NumericalError when G is not positive definite.
inline void factor_cholesky(const Executor& ex, Index n, std::span<double> g) {
  require_size(std::ssize(g), n * n, "factor_cholesky", "G");
  const int size = as_int(n, "factor_cholesky");
  const detail::DenseLibraries& libraries = ex.resource<detail::DenseLibraries>();
  int work_size = 0;
  libraries.potrf_buffer_size(CUBLAS_FILL_MODE_LOWER, size, g.data(), size, &work_size);
  const auto work = ex.allocate<double>(work_size);
  const auto info = ex.allocate<int>(1);
  libraries.potrf(CUBLAS_FILL_MODE_LOWER, size, g.data(), size, work.data(), work_size, info.data());
  if (const int minor = detail::solver_info(ex, info); minor > 0)
    throw NumericalError(sentence("factor_cholesky: the matrix of ", n,
                                  " rows is not positive definite to working accuracy, its minor of ", minor,
                                  " rows is not"));
}

/// X ← G⁻¹X, L being the factor of G.
inline void solve_cholesky(const Executor& ex, Index n, std::span<const double> l, Index count, std::span<double> x) {
  require_size(std::ssize(l), n * n, "solve_cholesky", "L");
  require_size(std::ssize(x), n * count, "solve_cholesky", "X");
  const int size = as_int(n, "solve_cholesky");
  const auto info = ex.allocate<int>(1);
  ex.resource<detail::DenseLibraries>().potrs(CUBLAS_FILL_MODE_LOWER, size, as_int(count, "solve_cholesky"), l.data(),
                                              size, x.data(), size, info.data());
  detail::solver_info(ex, info);
}

}  // namespace videoonenet::cuda
