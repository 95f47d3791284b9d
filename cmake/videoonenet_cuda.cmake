# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# The target videoonenet::cuda: the library for programs in CUDA, where the machine has a CUDA compiler.

# On by default for this project's own programs; others say VIDEOONENET_CUDA=ON before add_subdirectory, or
# find_package(videoonenet COMPONENTS cuda).
if(NOT DEFINED VIDEOONENET_CUDA AND PROJECT_IS_TOP_LEVEL AND NOT videoonenet_FIND_COMPONENTS)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    set(cuda_found ON)
    file(GLOB gpus /dev/nvidia[0-9]* /dev/dxg)  # the second in WSL
    if(NOT gpus)
      set(only_check ON)
    endif()
  endif()
endif()
option(VIDEOONENET_CUDA "Build what needs a CUDA compiler" ${cuda_found})
option(VIDEOONENET_CUDA_STATIC "Link the CUDA runtime statically: programs start without a CUDA toolkit" ON)
# This project's own: on by default where there is a CUDA compiler and no GPU, unless VIDEOONENET_CUDA=ON asks for all
# (preset cuda).
if(PROJECT_NAME STREQUAL "videoonenet")
  include(CMakeDependentOption)
  cmake_dependent_option(VIDEOONENET_CUDA_CHECK "Compile most kernels to check them, without host code"
                         "${only_check}" VIDEOONENET_CUDA OFF)
endif()
if(NOT VIDEOONENET_CUDA)
  return()
endif()

# Hopper with its products of warpgroups; for Ampere, too: -DCMAKE_CUDA_ARCHITECTURES="80;90a".
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 90a)
endif()
enable_language(CUDA)
find_package(CUDAToolkit 12 REQUIRED)

# cuBLAS and cuSOLVER are loaded when they are first needed (core/cuda/shared_library.hpp): programs start without them.
add_library(videoonenet_cuda INTERFACE)
add_library(videoonenet::cuda ALIAS videoonenet_cuda)
target_link_libraries(videoonenet_cuda INTERFACE videoonenet::videoonenet
                      $<IF:$<BOOL:${VIDEOONENET_CUDA_STATIC}>,CUDA::cudart_static,CUDA::cudart> ${CMAKE_DL_LIBS})
if(TARGET OpenMP::OpenMP_CXX)
  target_compile_options(videoonenet_cuda INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${OpenMP_CXX_FLAGS}>)
endif()
# Kernels are made of lambdas and call constexpr functions of the standard library. 554: a conversion that a class
# template declares and some of its instances do not need; 1675: a pragma of the host compiler.
target_compile_options(videoonenet_cuda INTERFACE
                       "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;--extended-lambda;--expt-relaxed-constexpr;-diag-suppress=554,1675>")

# Compiles the kernels of .cu files to machine code, and no host code: a third of the time where nothing runs them.
if(VIDEOONENET_CUDA_CHECK)
  set(_CMAKE_CUDA_PTX_FLAG -cubin)  # CUDA_CUBIN_COMPILATION of CMake 3.27
  function(videoonenet_check_device_code target)
    add_library(${target} OBJECT ${ARGN})
    set_target_properties(${target} PROPERTIES CUDA_PTX_COMPILATION ON CUDA_ARCHITECTURES 90a-real)
    target_compile_definitions(${target} PRIVATE VIDEOONENET_EXTERN_TEMPLATES)
    target_link_libraries(${target} PRIVATE videoonenet_cuda_development)
  endfunction()
endif()
