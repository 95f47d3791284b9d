#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Proves that check_docs.sh can fail: good documents pass, and each fault put into them is reported by its own sentence.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

good_tree() {
  rm -rf "$work/tree"; mkdir -p "$work/tree/docs" "$work/tree/include" "$work/tree/tests"; cd "$work/tree" || exit 2
  printf 'int before;\n// [part]\nint x = 1;\nint y = 2;\n// [/part]\nint after;\n' > tests/part.cpp
  printf '# A page\n## The part\n<!-- from tests/part.cpp [part] -->\n```cpp\nint x = 1;\nint y = 2;\n```\n' > docs/page.md
  printf '# Read me\n[the part](docs/page.md#the-part), [here](#read-me), [there](https://example.org/x)\n' > README.md
  printf '// Read docs/page.md#the-part\n' > include/part.hpp
}

failures=0
expect() {  # sentence
  local output
  if output=$(bash "$here/check_docs.sh" "$work/tree"); then
    echo "accepted, expected: $1"; failures=$((failures + 1))
  elif [[ $output != *"$1"* || $output != *$'\n1 faults' ]]; then
    echo "expected only: $1"; echo "$output"; failures=$((failures + 1))
  fi
}

good_tree
bash "$here/check_docs.sh" "$work/tree" || { echo "the good documents were refused"; failures=$((failures + 1)); }
good_tree; sed -i 's/y = 2/y = 3/' tests/part.cpp
expect 'docs/page.md:3: the code differs from tests/part.cpp [part]'
good_tree; sed -i '/\[part\]/d' tests/part.cpp
expect 'tests/part.cpp has nothing between [part] and [/part]'
good_tree; sed -i 's/part.cpp/gone.cpp/' docs/page.md
expect 'docs/page.md:3: there is no tests/gone.cpp'
good_tree; sed -i 's/page.md#/gone.md#/' README.md
expect 'README.md:2: there is no ./docs/gone.md'
good_tree; sed -i 's/#read-me/#write-me/' README.md
expect 'README.md has no anchor #write-me'
good_tree; sed -i 's/#the-part/#the-whole/' include/part.hpp
expect 'include/part.hpp:1: docs/page.md has no anchor #the-whole'

((failures == 0)) || exit 1
