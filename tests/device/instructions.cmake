# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Compiles instructions.cu to PTX and looks for the matrix unit's instructions, asynchronous copies of 16 bytes, the
# barriers of teams and clusters, the addresses of their shared memory, the products of warpgroups and the waits of
# early launches:
# cmake -DNVCC=... -DSOURCE_DIR=... -DWORK_DIR=... -P instructions.cmake

file(MAKE_DIRECTORY ${WORK_DIR})
execute_process(
  COMMAND ${NVCC} -std=c++20 --extended-lambda --expt-relaxed-constexpr -diag-suppress=554,1675 -O3
          -gencode=arch=compute_90a,code=compute_90a
          -I${SOURCE_DIR}/include -ptx ${SOURCE_DIR}/tests/device/instructions.cu -o ${WORK_DIR}/instructions.ptx
  RESULT_VARIABLE result ERROR_VARIABLE errors)
if(result)
  message(FATAL_ERROR "nvcc failed: ${errors}")
endif()
file(READ ${WORK_DIR}/instructions.ptx ptx)
foreach(wanted "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 32" "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 16"
        "cp.async.cg.shared.global 8" "barrier.sync.aligned 1"
        "barrier.cluster.arrive.release.aligned 1" "barrier.cluster.wait.acquire.aligned 1"
        "wgmma.mma_async.sync.aligned.m64n64k8.f32.tf32.tf32 18" "wgmma.mma_async.sync.aligned.m64n192k16.f32.bf16.bf16 4"
        "mapa 1" "griddepcontrol.wait 3")
  string(REPLACE " " ";" wanted ${wanted})
  list(GET wanted 0 instruction)
  list(GET wanted 1 least)
  string(REPLACE "." "\\." pattern ${instruction})
  string(REGEX MATCHALL "${pattern}" found "${ptx}")
  list(LENGTH found count)
  message(STATUS "${instruction}: ${count}")
  if(count LESS least)
    message(FATAL_ERROR "${instruction} occurs ${count} times, expected at least ${least}")
  endif()
endforeach()
