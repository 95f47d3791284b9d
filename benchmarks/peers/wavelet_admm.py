# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""Wavelet ADMM with NumPy and PyWavelets, the work of `proximal_benchmark --benchmark_filter=admm_wavelet`.

Recovers a video from half its pixels: the prior thresholds periodised db4 coefficients, the data step divides by
mask + rho, and both residuals are recorded, as `videoonenet::admm` does. Prints one line a case: shape, levels,
milliseconds an iteration (the best of the repetitions), by the clock and by processor time, which a busy machine
changes less.

    python benchmarks/peers/wavelet_admm.py [--iterations 300] [--repetitions 3]
"""
import argparse
import time
import warnings

import numpy as np
import pywt

CASES = [  # (T, H, W, F), levels
    ((4, 32, 32, 3), 0),
    ((4, 32, 32, 3), 1),
    ((9, 14, 14, 1), 0),
    ((9, 14, 14, 1), 1),
    ((16, 240, 320, 3), 1),
    ((16, 240, 320, 3), 2),
]


def soft(values, threshold):
    return np.sign(values) * np.maximum(np.abs(values) - threshold, 0)


def prox(v, threshold, levels):
    if levels == 0:
        return soft(v, threshold)
    coefficients = pywt.wavedecn(v, "db4", mode="periodization", level=levels, axes=(0, 1, 2))
    array, slices = pywt.coeffs_to_array(coefficients, axes=(0, 1, 2))
    array = soft(array, threshold)
    coefficients = pywt.array_to_coeffs(array, slices, output_format="wavedecn")
    x = pywt.waverecn(coefficients, "db4", mode="periodization", axes=(0, 1, 2))
    return x[tuple(slice(n) for n in v.shape)]


def admm(y, mask, lam, rho, iterations, levels):
    z, u = y.copy(), np.zeros_like(y)
    denominator = mask + np.float32(rho)
    history = []
    for _ in range(iterations):
        previous = z
        x = prox(z - u, np.float32(lam / rho), levels)
        z = (y + np.float32(rho) * (x + u)) / denominator
        difference, change = x - z, z - previous
        u += difference
        history.append((np.sqrt(np.mean(difference**2)), rho * np.sqrt(np.mean(change**2))))
    return z, history


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=int, default=300, help="ADMM iterations for the small shapes")
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", message="Level value")
    random = np.random.default_rng(1)
    for shape, levels in CASES:
        truth = random.random(shape, dtype=np.float32)
        mask = (random.random(shape) < 0.5).astype(np.float32)
        iterations = arguments.iterations if truth.size < 1 << 20 else max(1, arguments.iterations // 10)
        wall, processor = [], []
        for _ in range(arguments.repetitions):
            begin, begin_processor = time.perf_counter(), time.process_time()
            admm(mask * truth, mask, 0.05, 0.3, iterations, levels)
            wall.append(time.perf_counter() - begin)
            processor.append(time.process_time() - begin_processor)
        name = "x".join(map(str, shape))
        scale = 1e3 / iterations
        print(f"admm_wavelet/{name}/levels:{levels} {scale * min(wall):.4f} ms per iteration, "
              f"{scale * min(processor):.4f} ms of processor time", flush=True)


if __name__ == "__main__":
    main()
