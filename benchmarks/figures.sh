#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Takes every figure of docs/performance.md, and that of docs/results.md on learned inverses, on a machine that does nothing else; PyTorch alone takes half an hour:
#   benchmarks/figures.sh BUILD OUTPUT [PYTHON]
# BUILD is a release build with its target `benchmarks`; PYTHON has torch, and without it PyTorch is left out.
set -euo pipefail

(($# == 2 || $# == 3)) || { sed -n '4,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
build=$1/benchmarks output=$2 python=${3:-}
mkdir -p "$output"

if [[ -n $python ]]; then
  # PyTorch takes ten times as long in bfloat16 where the processor has none, and nothing else would be measured.
  grep -qw avx512_bf16 /proc/cpuinfo && without='^$' || without=bfloat16
  "$here/peers/compare.py" --build "$1" --python "$python" --output "$output" --without "$without" --minutes 30
fi
if [[ -x $build/onednn_benchmark ]]; then
  "$build/onednn_benchmark" --csv "$output/onednn.csv" | tee "$output/onednn.md"
fi
"$build/layer_benchmark" --benchmark_filter=^part/ --benchmark_format=json >"$output/layers.json"
"$build/roofline" "$output/layers.json" "$output/roofline.png"
"$build/scaling_benchmark" --csv "$output/scaling.csv" | tee "$output/scaling.md"
"$build/datastep_benchmark" | tee "$output/datastep.txt"
"$build/learned_inverse_benchmark" | tee "$output/learned_inverse.md"
"$here/compile_time.py" | tee "$output/compile_time.md"
