#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Proves that check_tree.sh can fail: a good tree passes, and each fault put into it is reported by its own sentence.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

spdx=$'// SPDX-FileCopyrightText: 2026 somebody\n// SPDX-License-Identifier: MIT'
header() { mkdir -p "$(dirname "$1")"; printf '%s\n#pragma once\n/// @file\n/// A part.\n%s\n' "$spdx" "${2:-}" > "$1"; }
source_file() {  # the test of that name, with a line in it
  mkdir -p "$(dirname "$1")"
  printf '%s\n%s\nnamespace %s {\n}\n' "$spdx" "${2:-}" "$(basename "$1" .cpp)" > "$1"
}
good_tree() {
  rm -rf "$work/tree"; mkdir "$work/tree"; cd "$work/tree" || exit 2
  mkdir -p include/videoonenet tests
  header include/videoonenet/core/shape.hpp
  header include/videoonenet/operators/mask/mask.hpp '#include "videoonenet/core/shape.hpp"'
  header include/videoonenet/operators/mask/mask_cpu.hpp
  source_file tests/core/shape_test.cpp
  source_file tests/operators/mask_test.cpp '#include "videoonenet/operators/mask/mask.hpp"'
  source_file tests/operators/mask_cpu_test.cpp
}

failures=0
expect() {  # sentence
  local output
  if output=$(bash "$here/check_tree.sh" "$work/tree"); then
    echo "accepted, expected: $1"; failures=$((failures + 1))
  elif [[ $output != *"$1"* || $output != *$'\n1 faults' ]]; then
    echo "expected only: $1"; echo "$output"; failures=$((failures + 1))
  fi
}

good_tree
bash "$here/check_tree.sh" "$work/tree" || { echo "the good tree was refused"; failures=$((failures + 1)); }

good_tree; header include/videoonenet/core/shape.hpp '#include "videoonenet/operators/mask/mask.hpp"'
expect 'include/videoonenet/core/shape.hpp:6: core/ may not include operators/'
good_tree; header include/videoonenet/metrics/psnr.hpp '#include "videoonenet/operators/mask/mask.hpp"'
source_file tests/metrics/psnr_test.cpp
expect 'include/videoonenet/metrics/psnr.hpp:6: metrics/ may not include operators/'
good_tree; header include/videoonenet/operators/mask/mask.hpp '#include "mask_cpu.hpp"'
expect 'include the library'
good_tree; header include/videoonenet/attic/old.hpp '#include "videoonenet/core/shape.hpp"'; source_file tests/attic/old_test.cpp
expect "the room 'attic' is not on the map"
good_tree; header include/videoonenet/core/tensor.hpp
expect 'include/videoonenet/core/tensor.hpp: there is no tests/core/tensor_test.cpp'
good_tree; source_file tests/core/tensor_test.cpp
expect 'tests/core/tensor_test.cpp: there is no header include/videoonenet/core/tensor.hpp'
good_tree; header include/videoonenet/operators/mask/mask_cpu.hpp '#include "videoonenet/operators/mask/mask_cuda.cuh"'
expect 'a .hpp may not include a .cuh'
good_tree; header include/videoonenet/operators/mask/mask_cuda.cuh '#include <Eigen/Dense>'
expect 'a .cuh may not include Eigen'
good_tree; sed -i 1d tests/core/shape_test.cpp
expect 'tests/core/shape_test.cpp: it does not begin with the two SPDX lines'
good_tree; sed -i 's/#pragma once/#ifndef GUARD/' include/videoonenet/core/shape.hpp
expect "include/videoonenet/core/shape.hpp: line 3 is not '#pragma once'"
good_tree; sed -i '/@file/d' include/videoonenet/core/shape.hpp
expect "there is no '/// @file'"
good_tree; yes '//' | head -n 400 >> tests/core/shape_test.cpp
expect 'tests/core/shape_test.cpp: 405 lines, more than 400'
good_tree; source_file tests/core/shape_test.cpp '// see /mnt/notes'
expect 'a path or host of one machine'
good_tree; source_file tests/core/shape_test.cpp '// TODO: write it'
expect 'work left for another day'
good_tree; source_file tests/operators/mask_test.cpp 'TEST_CASE("masks") {}'
source_file tests/operators/mask_cpu_test.cpp 'TEST_CASE("masks") {}'
expect 'tests/operators/: two test cases are called "masks"'
good_tree; sed -i 's/^namespace .*/namespace {/' tests/core/shape_test.cpp
expect 'tests/core/shape_test.cpp: it is not in a namespace shape_test'

((failures == 0)) || exit 1
