#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Checks the documents against the code: check_docs.sh ROOT. Prints one sentence a fault and exits 1 if there is any.
#  - a code block after `<!-- from FILE [marker] -->` equals what stands in FILE between `[marker]` and `[/marker]`;
#  - links to files of this repository lead somewhere, and so do their anchors;
#  - `docs/page.md#anchor` in a header or in another source exists.
set -uo pipefail
export LC_ALL=C
cd "$1" || exit 2

faults=0
fault() { echo "$1"; faults=$((faults + 1)); }
# Here-strings, not <(...), which needs /proc and would check nothing where there is none.
mapfile -t documents <<<"$({ ls ./*.md; find docs -name '*.md'; } 2>/dev/null | sed 's#^\./##' | sort)"
[[ -n ${documents[0]} ]] || { echo "there are no documents under $1"; exit 2; }

excerpt() {  # FILE marker: the lines between its markers
  awk -v first="[$2]" -v last="[/$2]" \
    '{ line = $0; sub(/^[ \t]*(\/\/|#)[ \t]*/, "", line) } line == last { exit } on { print } line == first { on = 1 }' "$1"
}
block_after() {  # DOCUMENT line: the first fenced block below that line
  awk -v from="$2" 'NR > from && /^```/ { if (on) exit; on = 1; next } on { print }' "$1"
}
anchors_of() {  # DOCUMENT: explicit <a id="..."> anchors, and headings as a forge names them
  grep -o '<a id="[^"]*"' "$1" | sed 's/.*"\(.*\)"/\1/'
  awk '/^```/ { code = !code } !code && /^#+ /' "$1" | sed 's/^#* //' | tr 'A-Z' 'a-z' |
    sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}
require_target() {  # where, FILE, anchor
  if [[ ! -e $2 ]]; then
    fault "$1: there is no $2"
  elif [[ -n $3 && $2 == *.md ]] && ! anchors_of "$2" | grep -xF -- "$3" >/dev/null; then
    fault "$1: $2 has no anchor #$3"
  fi
}

for document in "${documents[@]}"; do
  while IFS=: read -r line text; do
    [[ $text =~ from\ ([^ ]+)\ \[([^]]+)\] ]] || continue
    file=${BASH_REMATCH[1]} marker=${BASH_REMATCH[2]}
    if [[ ! -e $file ]]; then
      fault "$document:$line: there is no $file"
    elif [[ -z $(excerpt "$file" "$marker") ]]; then
      fault "$document:$line: $file has nothing between [$marker] and [/$marker]"
    elif [[ $(excerpt "$file" "$marker") != "$(block_after "$document" "$line")" ]]; then
      fault "$document:$line: the code differs from $file [$marker]"
    fi
  done <<<"$(grep -n '^<!-- from ' "$document")"

  while IFS=: read -r line target; do
    [[ -n $target ]] || continue
    target=${target#](}; target=${target%)}
    [[ $target == *://* || $target == mailto:* ]] && continue
    anchor=; [[ $target == *'#'* ]] && anchor=${target#*#}
    file=${target%%#*}
    if [[ -z $file ]]; then file=$document; else file=$(dirname "$document")/$file; fi
    require_target "$document:$line" "$file" "$anchor"
  done <<<"$(awk '/^```/ { code = !code; print ""; next } code { print ""; next } { print }' "$document" |
               grep -no ']([^)]*)')"
done

while IFS=: read -r file line target; do
  [[ -n $file ]] || continue
  anchor=; [[ $target == *'#'* ]] && anchor=${target#*#}
  require_target "$file:$line" "${target%%#*}" "$anchor"
done <<<"$(grep -rnoE 'docs/[a-z0-9-]+\.md(#[a-z0-9-]+)?' include tests examples benchmarks 2>/dev/null |
             grep -v '^tests/tree/check_docs')"

((faults == 0)) || { echo "$faults faults"; exit 1; }
