#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""Whole networks and fused layers, ours and PyTorch's in turn (A B A B ...) on the same machine, as one Markdown table
and one CSV file. Plain Python: PyTorch runs as a program of its own, by the Python that --python names.

    benchmarks/peers/compare.py --build build/cpu --python peers/bin/python [--output FOLDER] [--only REGEX] [--long]

Every program runs once for each round, one after the other; a time is the median over the rounds, and a ratio the
median over the rounds of PyTorch's time over the program's in that round. Peak memory is that of a process that does
nothing else. What does not fit into --minutes is left out, rounds first. torch.compile keeps what it compiles: a first
run gets less far. --long takes everything, with more rounds, for hours.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PRODUCTS = ["direct", "winograd", "bfloat16"]
NETWORKS = {"small": "small", "rotated_mnist": "mnist", "scanned_cifar10": "cifar", "ucf101": "ucf"}  # and in PyTorch's
VIDEOS = {"small": 8, "rotated_mnist": 8, "scanned_cifar10": 4, "ucf101": 2}  # of a batch, as in the papers
EAGER, COMPILED, COMPILED_STRUCTURED = "PyTorch eager", "PyTorch compiled", "PyTorch compiled, structured data step"
EAGER_BFLOAT16, COMPILED_BFLOAT16 = "PyTorch eager, bfloat16", "PyTorch compiled, bfloat16"
TORCH = {
    EAGER: [],
    COMPILED: ["--compile"],
    COMPILED_STRUCTURED: ["--compile", "--structured"],
    EAGER_BFLOAT16: ["--bfloat16"],
    COMPILED_BFLOAT16: ["--compile", "--bfloat16"],
}
# Network (or the fused layers), threads, rounds, how PyTorch is run; the most wanted first.
PLAN = [
    ("small", 2, 5, [EAGER, COMPILED, EAGER_BFLOAT16, COMPILED_STRUCTURED]),
    ("rotated_mnist", 2, 3, list(TORCH)),
    ("layers", 2, 5, [EAGER, COMPILED, EAGER_BFLOAT16]),
    ("small", 1, 3, [EAGER, COMPILED]),
    ("rotated_mnist", 1, 2, [EAGER, COMPILED]),
    ("layers", 1, 3, [EAGER, COMPILED]),
    ("scanned_cifar10", 2, 1, [EAGER]),
    ("ucf101", 2, 1, [EAGER]),
]
LONG_PLAN = [(what, threads, 3 if what in ("scanned_cifar10", "ucf101") else 7, list(TORCH))
             for what in ("layers", *NETWORKS) for threads in (1, 2)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/cpu", type=pathlib.Path, help="where our benchmarks were built")
    parser.add_argument("--python", required=True, help="a Python with torch")
    parser.add_argument("--output", default=None, type=pathlib.Path, help="folder for compare.md and compare.csv")
    parser.add_argument("--only", default="", help="regular expression of NETWORK/threads:N, layers/threads:N")
    parser.add_argument("--without", default="^$", help="regular expression of ways to run PyTorch that are left out, "
                        "such as bfloat16 where the processor does not multiply it")
    parser.add_argument("--products", default=",".join(PRODUCTS))
    parser.add_argument("--minutes", type=float, default=9.5)
    parser.add_argument("--long", action="store_true")
    return parser.parse_args()


class Ours:
    """Benchmarks of ours that run together, in a process of their own for every turn."""

    def __init__(self, program, names, warm_up):
        self.names, self.operations, self.peak_mib = names, {}, 0
        selected = "|".join(map(re.escape, names))
        self.command = [program, f"--benchmark_filter=^({selected})$", "--benchmark_format=json",
                        f"--benchmark_min_warmup_time={warm_up}"]

    def __call__(self, seconds):
        """Seconds of one repetition by name."""
        process = subprocess.Popen([*self.command, f"--benchmark_min_time={seconds}"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, self.command))} failed")
        self.peak_mib = max(self.peak_mib, usage.ru_maxrss / 1024)
        times = {}
        for result in json.loads(text)["benchmarks"]:
            took = result["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[result["time_unit"]]
            times[result["name"]] = took
            self.operations[result["name"]] = result["GFLOP/s"] * took * 1e9
        return times


class Torch:
    """A PyTorch process that waits to be told what to time."""

    def __init__(self, python, script, options, threads):
        command = [python, str(HERE / script), "--serve", "--threads", str(threads), *options]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL, env=environment)
        if not self.process.stdout.readline():
            sys.exit(f"{' '.join(command)} failed; run it without --serve to see why")
        self.peaks = {}

    def ask(self, task, repeats):
        self.process.stdin.write(f"{task} {repeats}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the PyTorch process ended while it was to do {task}")
        answer = json.loads(line)
        self.peaks[task] = answer["peak_mib"]
        return answer["seconds"]

    def task(self, name):
        """Times `name` for about as many seconds as it is given."""
        def turn(seconds):
            first = self.ask(name, 1)
            more = int(seconds / first[0])
            return statistics.fmean(first + self.ask(name, more) if more > 1 else first)
        return turn

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def benchmarks_of(program):
    """Names of a program's benchmarks as (parts without products and threads, products, threads): name."""
    listed = subprocess.run([program, "--benchmark_list_tests"], capture_output=True, text=True, check=True).stdout
    found = {}
    for name in listed.split():
        parts = [p for p in name.split("/") if p != "real_time"]
        threads = next((int(p[8:]) for p in parts if p.startswith("threads:")), 1)
        products = "direct"
        for part in parts:
            value = part.removeprefix("products:")
            if value in PRODUCTS:
                products = value
            elif value != part and value.isdigit():
                products = PRODUCTS[int(value)]
        rest = tuple(p for p in parts if not p.startswith(("threads:", "products:")) and p not in PRODUCTS)
        found[rest, products, threads] = name
    return found


class Clock:
    """Says when to stop."""

    def __init__(self, minutes):
        self.begin, self.end = time.monotonic(), time.monotonic() + 60 * minutes

    def is_late(self):
        return time.monotonic() > self.end


def in_turn(bodies, rounds, seconds, clock):
    """Times of every body, one for each round that was finished; of the first one, of the bodies it came to."""
    times = {}
    for completed in range(rounds):
        this = {}
        for name, body in bodies.items():
            if clock.is_late():
                return times if completed else this
            this[name] = [body(seconds)]
        times = {name: times.get(name, []) + this[name] for name in bodies}
    return times


def rows_of(where, task, threads, times, units, operations, peaks):
    """One row a program; `units` are videos a repetition, 0 for layers."""
    for program, measured in times.items():
        def ratio(to):
            if to not in times or to == program:
                return None
            return statistics.median(b / a for a, b in zip(measured, times[to]))
        took = statistics.median(measured)
        yield {"network": where, "task": task, "threads": threads, "program": program, "ms": took * 1e3,
               "videos_per_s": units / took if units else None, "gflops": operations / took * 1e-9,
               "times_eager": ratio(EAGER), "times_compiled": ratio(COMPILED), "peak_mib": peaks.get(program),
               "rounds": len(measured)}


def compare_network(a, network, threads, rounds, kinds, clock, report):
    program = a.build / "benchmarks" / "network_benchmark"
    names = benchmarks_of(program)
    many = rounds > 1
    peers = {kind: Torch(a.python, "torch_videoonenet.py", ["--config", NETWORKS[network], *TORCH[kind]], threads)
             for kind in kinds}
    for task, variant in (("restoration", ()), ("training_step", ("store",))):
        wanted = {f"videoonenet {products}": (products, variant) for products in a.products.split(",")}
        if many and variant:
            default = "winograd" if "winograd" in a.products.split(",") else a.products.split(",")[0]
            wanted[f"videoonenet {default}, checkpoints"] = default, ("checkpoint:4",)
        keys = {label: ((task, network, *form), products, threads) for label, (products, form) in wanted.items()}
        ours = {label: Ours(program, [names[key]], 0.1 if many else 0) for label, key in keys.items() if key in names}
        if not ours:
            sys.exit(f"{program} has no {task} of {network} with {threads} threads and {a.products}")
        for peer in peers.values():
            peer.ask("warm_up_" + task, 1)
            if many:  # the first whole step gets its memory from the system
                peer.ask(task, 1)
        bodies = [(label, lambda seconds, o=o: next(iter(o(seconds).values()))) for label, o in ours.items()]
        bodies[1:1] = [(kind, peer.task(task)) for kind, peer in peers.items()]
        times = in_turn(dict(bodies), rounds, 0.3, clock)
        if not times:
            break
        peaks = {**{label: o.peak_mib for label, o in ours.items()},
                 **{kind: peer.peaks.get(task) for kind, peer in peers.items()}}
        operations = next(iter(next(iter(ours.values())).operations.values()))
        report(rows_of(network, task.replace("_", " "), threads, times, VIDEOS[network], operations, peaks))
    for peer in peers.values():
        peer.close()


def compare_layers(a, threads, rounds, kinds, clock, report):
    program = a.build / "benchmarks" / "layer_benchmark"
    names = {key: name for key, name in benchmarks_of(program).items()
             if key[0][0] == "encoder" and key[1] in a.products.split(",") and key[2] == threads}
    ours = Ours(program, list(names.values()), 0.01)
    peers = {kind: Torch(a.python, "torch_layers.py", TORCH[kind], threads)
             for kind in kinds if "structured" not in kind}
    layers = dict.fromkeys(key[0] for key in names)
    times = {layer: {} for layer in layers}
    for _ in range(rounds):
        if clock.is_late():
            break
        own = ours(0.03)
        for (layer, products, _), name in names.items():
            times[layer].setdefault(f"videoonenet {products}", []).append(own[name])
        for kind, peer in peers.items():
            for layer in layers:
                times[layer].setdefault(kind, []).append(peer.task("/".join(layer[1:]))(0.03))
    for layer in layers if ours.operations else ():
        operations = next(ours.operations[name] for key, name in names.items() if key[0] == layer)
        report(rows_of("layer " + layer[1], layer[2].replace("_", " "), threads, times[layer], 0, operations, {}))
    for peer in peers.values():
        peer.close()


class Report:
    """Prints Markdown while it grows, and writes both files."""
    HEADINGS = ["network", "task", "threads", "program", "ms", "videos/s", "GFLOP/s", "times eager", "times compiled",
                "peak MiB"]

    def __init__(self, folder):
        self.rows, self.lines, self.folder = [], [], folder
        self.print("| " + " | ".join(self.HEADINGS) + " |\n" + "|---" * len(self.HEADINGS) + "|")

    def print(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def __call__(self, rows):
        for r in rows:
            self.rows.append(r)
            def number(key, digits):
                return "" if r[key] is None else f"{r[key]:.{digits}f}"
            slow = r["videos_per_s"] is not None and r["videos_per_s"] < 1
            self.print("| " + " | ".join([
                r["network"], r["task"], str(r["threads"]), r["program"],
                f"{r['ms']:.3g}" if r["ms"] < 10 else number("ms", 0), number("videos_per_s", 3 if slow else 1),
                number("gflops", 0), number("times_eager", 2), number("times_compiled", 2),
                number("peak_mib", 0)]) + " |")
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "compare.md").write_text("\n".join(self.lines) + "\n")
            with open(self.folder / "compare.csv", "w", newline="") as file:
                writer = csv.DictWriter(file, self.rows[0].keys())
                writer.writeheader()
                writer.writerows(self.rows)


def main():
    a = arguments()
    if os.getloadavg()[0] > 0.5:
        print(f"other programs run here (load {os.getloadavg()[0]:.1f}): on a busy core, waiting for another thread "
              "takes milliseconds, and figures of two threads mean nothing", file=sys.stderr)
    clock, report = Clock(1e9 if a.long else a.minutes), Report(a.output)
    for what, threads, rounds, kinds in LONG_PLAN if a.long else PLAN:
        if not re.search(a.only, f"{what}/threads:{threads}"):
            continue
        kinds = [kind for kind in kinds if not re.search(a.without, kind)]
        if clock.is_late():
            print(f"no time left for {what} with {threads} threads", file=sys.stderr)
        elif what == "layers":
            compare_layers(a, threads, rounds, kinds, clock, report)
        else:
            compare_network(a, what, threads, rounds, kinds, clock, report)
    print(f"took {(time.monotonic() - clock.begin) / 60:.1f} minutes", file=sys.stderr)


if __name__ == "__main__":
    main()
