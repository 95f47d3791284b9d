#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""What the kernels of a training step took: kernel_trace.py kernels.tsv [first last].

Adds up what kernel_trace.cpp recorded between the last two updates of the weights; with two times in microseconds
after the first of them it lists the kernels that began in between."""
import collections
import gzip
import re
import subprocess
import sys


def read(path):
    with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    names = sorted({row[7] for row in rows})
    plain = subprocess.run(["c++filt", "-p"], input="\n".join(names), capture_output=True, text=True, check=True)
    of = dict(zip(names, plain.stdout.split("\n")))
    return sorted((int(r[0]), int(r[1]), int(r[2]), r[3], r[5], r[6], of[r[7]]) for r in rows)


def short(name):
    name = re.sub(r"videoonenet::|cuda::|convolution::|detail::|^void run<", "", name)
    return re.sub(r"\(Executor const&.*", "", name)[:100]


def main():
    rows = read(sys.argv[1])
    updates = [i for i, row in enumerate(rows) if "clipped_adam_update" in row[6]]
    if len(updates) < 2:
        sys.exit("kernel_trace.py: there are no two training steps in " + sys.argv[1])
    step, start = rows[updates[-2] + 1:updates[-1] + 1], rows[updates[-2]][1]
    if len(sys.argv) == 4:
        for begin, end, stream, blocks, _, _, name in step:
            if float(sys.argv[2]) <= (begin - start) / 1e3 < float(sys.argv[3]):
                print(f"{(begin - start) / 1e3:9.1f} {(end - begin) / 1e3:7.1f} us  stream {stream:<3} {short(name)}  {blocks}")
        return
    busy = last = 0
    sums = collections.defaultdict(list)
    for begin, end, _, blocks, registers, shared, name in step:
        busy += max(0, end - max(begin, last))
        last = max(last, end)
        sums[f"{short(name)}  {blocks} blocks, {registers} registers, {shared} bytes"].append(end - begin)
    print(f"{len(step)} kernels, {(step[-1][1] - start) / 1e3:.0f} us, of which some kernel runs {busy / 1e3:.0f}")
    for name, times in sorted(sums.items(), key=lambda item: -sum(item[1])):
        print(f"{len(times):6} {sum(times) / 1e3:9.1f} us {sum(times) / len(times) / 1e3:8.2f} each  {name}")


if __name__ == "__main__":
    main()
