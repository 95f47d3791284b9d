#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""The peaks of a GPU, by PyTorch's largest products and copies, and cuDNN's convolutions at the sizes that
device_benchmark times: CSV of what, precision, microseconds and TFLOP/s (copies: GB/s)."""
import torch


def microseconds(body):
    for _ in range(5):
        body()
    graph = torch.cuda.CUDAGraph()
    torch.cuda.synchronize()
    with torch.cuda.graph(graph):
        body()
    times = []
    for _ in range(9):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(20):
            graph.replay()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end) * 1e3 / 20)
    return sorted(times)[4]


def main():
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    print("what,precision,microseconds,TFLOP/s or GB/s")
    source = torch.randn(1 << 28, device="cuda")
    target = torch.empty_like(source)
    time = microseconds(lambda: target.copy_(source))
    print(f"copy of 1 GiB,float32,{time:.2f},{2 * source.nbytes / time / 1e3:.0f}")
    del source, target
    for name, kind in ("tf32", torch.float32), ("bfloat16", torch.bfloat16):
        a, b = (torch.randn(8192, 8192, device="cuda", dtype=kind) for _ in range(2))
        time = microseconds(lambda: torch.mm(a, b))
        print(f"product of 8192,{name},{time:.2f},{2 * 8192 ** 3 / time / 1e6:.1f}")
        for frames, extent, inputs, outputs, kernel in (72, 14, 64, 64, 3), (2304, 14, 64, 64, 3), (72, 14, 1, 128, 11), \
                (16, 16, 256, 256, 5), (8, 32, 256, 256, 5):
            options = {"device": "cuda", "dtype": kind}
            x = torch.randn(frames, inputs, extent, extent, **options).to(memory_format=torch.channels_last)
            w = torch.randn(outputs, inputs, kernel, kernel, **options).to(memory_format=torch.channels_last)
            y = torch.nn.functional.conv2d(x, w, padding=kernel // 2)
            flops = 2 * y.numel() * kernel * kernel * inputs

            def gradient(mask):
                return torch.ops.aten.convolution_backward(y, x, w, None, [1, 1], [kernel // 2] * 2, [1, 1], False,
                                                           [0, 0], 1, mask)

            for label, body in (("forward", lambda: torch.nn.functional.conv2d(x, w, padding=kernel // 2)),
                                ("input gradient", lambda: gradient([True, False, False])),
                                ("kernel gradient", lambda: gradient([False, True, False]))):
                time = microseconds(body)
                print(f"cuDNN {kernel}x{kernel} {inputs} to {outputs} on {frames} of {extent}x{extent} {label},{name},"
                      f"{time:.2f},{flops / time / 1e6:.1f}", flush=True)


if __name__ == "__main__":
    main()
