# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""Times one data step as a NumPy user would run it; prints microseconds, best of many."""
import time

import numpy as np
import scipy.linalg

RHO = 0.3
SHAPES = {"ucf101": (4, 32, 32, 3), "rotated_mnist": (9, 14, 14, 1)}
DISK = np.array([[0, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1], [0, 1, 1, 0]]) / 12


def best_time(body, budget=1.0):
    """Shortest of the calls that fit into the budget, at least three."""
    best, calls, until = np.inf, 0, time.perf_counter() + budget
    while calls < 3 or time.perf_counter() < until:
        begin = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - begin)
        calls += 1
    return best


def report(name, seconds, note=""):
    print(f"{name:40s} {seconds * 1e6:12.1f} us  {note}", flush=True)


def banded_normal_matrix(kernel, rows, columns, rho):
    """Lower diagonals of AᵀA + ρI for a full convolution of one frame, pixels in row-major order."""
    kh, kw = kernel.shape
    diagonals = np.zeros(((kh - 1) * columns + kw, rows * columns))
    for dh in range(kh):
        for dw in range(-(kw - 1), kw):
            offset = dh * columns + dw
            if offset < 0:
                continue
            a = kernel[: kh - dh, max(0, -dw) : kw - max(0, dw)]
            b = kernel[dh:, max(0, dw) : kw + min(0, dw)]
            valid = np.zeros((rows, columns))
            valid[: rows - dh, max(0, -dw) : columns - max(0, dw)] = np.sum(a * b)
            diagonals[offset] += valid.ravel()
    diagonals[0] += rho
    return diagonals


def main():
    random = np.random.default_rng(1)
    for name, (t, h, w, f) in SHAPES.items():
        n = t * h * w * f
        dense = np.full((n, n), 1 / n, np.float32)
        b = random.standard_normal(n).astype(np.float32)
        report(f"{name}/dense_product", best_time(lambda: dense @ b), f"{dense.nbytes / 1e6:.0f} MB")
        del dense

        video = b.reshape(t, h, w, f)
        factor = scipy.linalg.cholesky_banded(banded_normal_matrix(DISK, h, w, RHO), lower=True)

        def disk_blur():
            planes = video.transpose(1, 2, 0, 3).reshape(h * w, t * f)
            return scipy.linalg.cho_solve_banded((factor, True), planes, check_finite=False)

        report(f"{name}/disk_blur (scipy, banded)", best_time(disk_blur), f"{factor.nbytes / 1e6:.1f} MB")

        s = 2
        x = np.minimum(np.arange(h), h - np.arange(h))[:, None] ** 2 + np.minimum(np.arange(w), w - np.arange(w)) ** 2
        response = np.fft.rfft2(np.exp(-x / 2) * (x <= 2) / np.sum(np.exp(-x / 2) * (x <= 2)))[None, :, :, None]
        column = np.fft.irfft2(np.abs(response) ** 2, (h, w), axes=(1, 2))[:, ::s, ::s]
        gram = np.fft.rfft2(column, axes=(1, 2)).real

        def strided_blur():
            y = np.fft.irfft2(response * np.fft.rfft2(video, axes=(1, 2)), (h, w), axes=(1, 2))[:, ::s, ::s]
            y = np.fft.irfft2(np.fft.rfft2(y, axes=(1, 2)) / (gram + RHO), y.shape[1:3], axes=(1, 2))
            up = np.zeros(video.shape)
            up[:, ::s, ::s] = y
            return (video - np.fft.irfft2(np.conj(response) * np.fft.rfft2(up, axes=(1, 2)), (h, w), axes=(1, 2))) / RHO

        report(f"{name}/strided_blur (numpy.fft)", best_time(strided_blur))


if __name__ == "__main__":
    main()
