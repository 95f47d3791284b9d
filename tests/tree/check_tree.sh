#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Checks the shape of the tree: check_tree.sh ROOT. Prints one sentence a fault and exits 1 if there is any.
set -uo pipefail
export LC_ALL=C
cd "$1" || exit 2

# Which rooms a room may include besides itself; docs/architecture.md draws and explains this map.
declare -A may_include=(
  [core]=""
  [concepts]="core"
  [io]="core"
  [metrics]="core"
  [autodiff]="core concepts"
  [operators]="core concepts"
  [nn]="core concepts autodiff"
  [data]="core io"
  [proximal]="core concepts operators nn autodiff"
  [datastep]="core concepts operators nn autodiff"
  [baselines]="core concepts operators"
  [unroll]="core concepts autodiff operators nn proximal datastep"
  [testing]="core concepts autodiff operators nn proximal datastep"
  [train]="core concepts autodiff operators nn proximal datastep unroll data io metrics"
  [models]="core concepts autodiff operators nn proximal datastep unroll train io metrics"
  [videoonenet.hpp]="core concepts autodiff operators nn proximal datastep baselines unroll"
  [videoonenet.cuh]="core concepts autodiff operators nn proximal datastep baselines unroll train"
)
longest=400  # lines

faults=0
fault() { echo "$1"; faults=$((faults + 1)); }
faults_at() {  # sentence, lines: one fault for each line
  local line
  while IFS= read -r line; do [[ -z $line ]] || fault "$line: $1"; done <<<"$2"
}

# Here-strings, not <(...), which needs /proc and would check nothing where there is none.
mapfile -t headers <<<"$(find include/videoonenet -name '*.hpp' -o -name '*.cuh' | sort)"
mapfile -t sources <<<"$(find tests examples benchmarks -name '*.hpp' -o -name '*.cuh' -o -name '*.cpp' -o -name '*.cu' \
  2>/dev/null | sort)"
mapfile -t scripts <<<"$(find CMakeLists.txt cmake scripts tests examples benchmarks .ci -type f \( -name CMakeLists.txt \
  -o -name '*.cmake' -o -name '*.cmake.in' -o -name '*.sh' -o -name '*.py' -o -path 'scripts/*' -o -path '.ci/*' \) \
  2>/dev/null | sort)"
mapfile -t documents <<<"$({ find . -maxdepth 1 -name '*.md' -printf '%P\n'; find docs -name '*.md' 2>/dev/null; } | sort)"
((${#headers[@]} > 1 && ${#sources[@]} > 1)) || { echo "there are no headers and tests under $1"; exit 2; }

# 1. Includes point downwards.
while IFS=: read -r file line include; do
  [[ -n $file ]] || continue
  room=${file#include/videoonenet/}; room=${room%%/*}
  target=${include#*\"videoonenet/}; target=${target%%/*}
  if [[ -z ${may_include[$room]+known} ]]; then
    fault "$file: the room '$room' is not on the map in tests/tree/check_tree.sh"
  elif [[ $room != "$target" && " ${may_include[$room]} " != *" $target "* ]]; then
    fault "$file:$line: $room/ may not include $target/ (the map is in docs/architecture.md)"
  fi
done <<<"$(grep -n '^ *# *include *"videoonenet/' "${headers[@]}" /dev/null)"
faults_at 'include the library'"'"'s headers as "videoonenet/..."' \
  "$(grep -nE '^ *# *include *"' "${headers[@]}" /dev/null | grep -v '"videoonenet/')"

# 2. Headers and tests mirror each other, component by component.
component_of() {  # include/videoonenet/<room>/<name>/... or <room>/<name>[_cpu].hpp -> <room>/<name>
  local path=${1#include/videoonenet/}
  if [[ $path == */*/* ]]; then
    echo "${path%/*}"
  else
    path=${path%.*}
    local plain=${path%_cpu}; plain=${plain%_cuda}; plain=${plain%_reference}
    if [[ -e include/videoonenet/$plain.hpp ]]; then echo "$plain"; else echo "$path"; fi
  fi
}
declare -A testable=()  # what a test may be named after: components, and the parts inside their folders
for header in "${headers[@]}"; do
  component=$(component_of "$header")
  part=${header##*/}
  testable[$component]=1
  testable[${component%%/*}/${part%.*}]=1
  [[ -e tests/${component}_test.cpp ]] || fault "$header: there is no tests/${component}_test.cpp"
done
for room in include/videoonenet/*/; do
  room=$(basename "$room")
  for test in tests/"$room"/*_test.cpp; do
    [[ -e $test ]] || continue
    part=${test#tests/}; part=${part%_test.cpp}
    # <component>_cuda_test.cpp runs on a device what has no kernels of its own
    [[ -n ${testable[$part]+known} || -n ${testable[${part%_cuda}]+known} ]] || fault "$test: there is no header include/videoonenet/$part.hpp"
  done
done

# The umbrellas name every component of their rooms, and every component's device kernels.
umbrella=include/videoonenet/videoonenet.hpp
for header in "${headers[@]}"; do
  part=${header#include/videoonenet/}
  if [[ $part == */*_cuda.cuh && -e ${umbrella%.hpp}.cuh && " ${may_include[videoonenet.cuh]} " == *" ${part%%/*} "* ]]; then
    # parts of a component's kernels, <component>_<part>_cuda.cuh, come with them
    [[ $part =~ ^[a-z]+/([a-z0-9_]+)/([a-z0-9_]+)_cuda\.cuh$ && ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ]] && continue
    grep -qxF "#include \"videoonenet/$part\"" "${umbrella%.hpp}.cuh" || fault "${umbrella%.hpp}.cuh: it lacks $part"
  fi
  [[ $part == *.hpp && -e $umbrella && $part == */* && " ${may_include[videoonenet.hpp]} " == *" ${part%%/*} "* ]] || continue
  [[ $part =~ ^[a-z]+/([a-z0-9_]+)/([a-z0-9_]+)\.hpp$ && ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ]] && continue
  [[ $part == *_cpu.hpp ]] || grep -qxF "#include \"videoonenet/$part\"" "$umbrella" || fault "$umbrella: it lacks $part"
done

# 3. Host headers never see device code, and nvcc never sees Eigen.
faults_at 'a .hpp may not include a .cuh' \
  "$(grep -nE '^ *# *include.*\.cuh[">]' "${headers[@]}" "${sources[@]}" /dev/null | grep -E '\.hpp:[0-9]+:')"
faults_at 'a .cuh may not include Eigen' \
  "$(grep -nE '^ *# *include.*Eigen/' "${headers[@]}" "${sources[@]}" /dev/null | grep -E '\.cuh:[0-9]+:')"

# 4. Preambles and lengths.
for file in "${headers[@]}" "${sources[@]}" "${scripts[@]}"; do
  [[ -n $file ]] || continue
  mapfile -t -n 5 first < "$file"
  [[ ${first[0]:-} == '#!'* ]] && first=("${first[@]:1}")
  [[ ${first[0]:-} =~ ^(//|#)\ SPDX-FileCopyrightText:\ .+ && ${first[1]:-} =~ ^(//|#)\ SPDX-License-Identifier:\ MIT$ ]] ||
    fault "$file: it does not begin with the two SPDX lines"
  if [[ $file == *.hpp || $file == *.cuh ]]; then
    [[ ${first[2]:-} == '#pragma once' ]] || fault "$file: line 3 is not '#pragma once'"
    grep -q '^/// @file$' "$file" || fault "$file: there is no '/// @file' with a sentence below it"
  fi
  lines=$(wc -l < "$file")
  ((lines <= longest)) || fault "$file: $lines lines, more than $longest; split it"
done

# 5. Nothing that belongs to one machine or to another day.
all=("${headers[@]}" "${sources[@]}" "${scripts[@]}" "${documents[@]}")
faults_at 'a path or host of one machine' "$(grep -nE \
  '(^|[^A-Za-z0-9_.}])/(work|tmp|root|home|mnt)/|(deb|security|archive)\.(debian|ubuntu)\.|pypi\.org|pythonhosted' \
  "${all[@]}" /dev/null 2>/dev/null | grep -v '^tests/tree/check_tree')"
faults_at 'work left for another day' \
  "$(grep -nE '\b(TODO|FIXME|XXX)\b' "${all[@]}" /dev/null 2>/dev/null | grep -v '^tests/tree/check_tree')"

# 6. One program holds the tests of a room, and refuses to run when two have the same name.
for room in tests/*/; do
  names=$(grep -hoE '^(TEMPLATE_)?TEST_CASE\("[^"]*"' "$room"*_test.cpp 2>/dev/null | sort | uniq -d)
  [[ -z $names ]] || fault "$room: two test cases are called ${names#*(}"
done

# 7. And is compiled a few files at a time, so that each needs a namespace; what the documents show opens its own.
for file in tests/*/*_test.cpp; do
  [[ -e $file && $file != tests/docs/* ]] || continue
  name=${file##*/}; name=${name%.cpp}
  grep -qxF "namespace $name {" "$file" || fault "$file: it is not in a namespace $name"
done

((faults == 0)) || { echo "$faults faults"; exit 1; }
