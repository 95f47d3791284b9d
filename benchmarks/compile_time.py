#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""What the headers cost the compiler: seconds and peak memory, by every compiler that is here, of a program that trains
(examples/08), one that only runs ADMM (examples/04), and of including headers in an empty program: the umbrella, and
every header there is. As a user compiles, -O2 for the processor at hand, and as fast as it gets, -O0. Prints Markdown.

    benchmarks/compile_time.py [--compiler g++ --compiler clang++] [--repeats 3] [--only REGEX]
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", action="append", help="g++ and clang++ unless told otherwise")
    parser.add_argument("--repeats", type=int, default=1, help="the shortest time counts")
    parser.add_argument("--only", default="", help="regular expression of a program's name")
    return parser.parse_args()


def include_flags():
    flags = ["-I", str(ROOT / "include")]
    for package in ("eigen3", "opencv4", "nlohmann_json"):
        found = subprocess.run(["pkg-config", "--cflags-only-I", package], capture_output=True, text=True)
        for path in found.stdout.split():
            flags += ["-isystem", path.removeprefix("-I")]
    return flags


def programs():
    """Source text by name."""
    headers = sorted((ROOT / "include").rglob("*.hpp"))
    including = "".join(f'#include "{h.relative_to(ROOT / "include")}"\n' for h in headers)
    train, = (ROOT / "examples").glob("08_*.cpp")
    admm, = (ROOT / "examples").glob("04_*.cpp")
    return {
        "nothing but Eigen/Dense": "#include <Eigen/Dense>\nint main() {}\n",
        "the umbrella, videoonenet.hpp": '#include "videoonenet/videoonenet.hpp"\nint main() {}\n',
        f"every header ({len(headers)})": including + "int main() {}\n",
        f"examples/{admm.name}": admm.read_text(),
        f"examples/{train.name}": train.read_text(),
    }


def compile_once(command):
    """Seconds, seconds of processor time, peak MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{messages[:2000]}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    a = arguments()
    compilers = [c for c in a.compiler or ["g++", "clang++"] if shutil.which(c)]
    print("| program | compiler | options | seconds | of processor time | peak MiB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in programs().items():
            if not re.search(a.only, name):
                continue
            source = pathlib.Path(folder) / "program.cpp"
            source.write_text(text)
            for compiler in compilers:
                version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout.strip()
                for options in (["-O0"], ["-O2", "-march=native"]):
                    command = [compiler, "-std=c++20", *options, "-fopenmp", *include_flags(), "-c", str(source),
                               "-o", str(source.with_suffix(".o"))]
                    runs = [compile_once(command) for _ in range(a.repeats)]
                    wall, processor, peak = map(min, zip(*runs))
                    print(f"| {name} | {compiler} {version} | {' '.join(options)} | {wall:.1f} | {processor:.1f} "
                          f"| {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
