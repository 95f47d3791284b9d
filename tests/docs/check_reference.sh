#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
# Builds the reference: check_reference.sh DOXYGEN DOXYFILE. Any warning fails, but for members of a class without a
# docstring and for caches: `value_type`, `domain()`, `apply()`, `Cache` and the like are documented once, by the concept
# they model.
set -uo pipefail
warnings=$("$1" "$2" 2>&1 >/dev/null | grep -E ': (warning|error): ' |
  grep -vE 'Member .* of (class|struct) .* is not documented|Compound .*::Cache(::Iteration)? is not documented')
[[ -z $warnings ]] || { echo "$warnings"; exit 1; }
