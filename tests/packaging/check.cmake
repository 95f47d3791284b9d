# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Builds and runs the consumer project against this checkout. Arguments: WAY, SOURCE_DIR, BINARY_DIR (of videoonenet),
# WORK_DIR (emptied first), GENERATOR, COMPILER.
set(prefix ${WORK_DIR}/installed)
file(REMOVE_RECURSE ${WORK_DIR})

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " line)
    message(FATAL_ERROR "failed (${status}): ${line}\n${output}")
  endif()
endfunction()

set(arguments -DWAY=${WAY})
if(WAY STREQUAL "find_package")
  run(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${prefix})
  file(GLOB_RECURSE stray ${prefix}/*.cpp ${prefix}/*_test* ${prefix}/*.png)
  if(stray)
    message(FATAL_ERROR "files that are not the library's were installed: ${stray}")
  endif()
  list(APPEND arguments -DCMAKE_PREFIX_PATH=${prefix})
else()
  list(APPEND arguments -DVIDEOONENET_SOURCE_DIR=${SOURCE_DIR})
endif()
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/packaging/consumer -B ${WORK_DIR}/build -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release ${arguments})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${WORK_DIR}/build/consumer)

# A version that this one cannot stand in for must be refused.
if(WAY STREQUAL "find_package")
  file(WRITE ${WORK_DIR}/newer/CMakeLists.txt "cmake_minimum_required(VERSION 3.22)\nproject(newer LANGUAGES CXX)\n"
       "find_package(videoonenet 0.999 CONFIG REQUIRED)\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${WORK_DIR}/newer -B ${WORK_DIR}/newer/build -G ${GENERATOR}
                          -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${prefix}
                  RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(status EQUAL 0)
    message(FATAL_ERROR "find_package accepted a version newer than the installed one")
  endif()
endif()
