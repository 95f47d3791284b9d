#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""The training step of a VideoOneNet in PyTorch, compiled and replayed as a CUDA graph: torch_compiled.py PEER BATCH
tf32|bf16 GO. PEER is a file like torch_videoonenet.py. It compiles at once, which takes minutes of processor time, and
begins to time when the file GO is there, so that others can use the device and be timed before."""
import importlib.util
import os
import sys
import time

import torch


def module(path):
    spec = importlib.util.spec_from_file_location("peer", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def main():
    peer, batch, precision, go = module(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    torch.manual_seed(0)
    torch.set_num_threads(2)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    t, h, w, c, filters, kernel_encoder, kernel_decoder, iterations = peer.CONFIGS["mnist"]
    size = t * h * w * c
    net = peer.VideoOneNet(t, h, w, c, filters, kernel_encoder, kernel_decoder, iterations).cuda()
    net.hw = (h, w)
    weights = list(net.parameters())
    adam = torch.optim.Adam(weights, lr=1e-4, betas=(0.0, 0.9), capturable=True)
    measured, start, truth = (torch.rand(batch, size, device="cuda") for _ in range(3))
    inverse = torch.eye(size, device="cuda").repeat(batch, 1, 1) / 1.3
    compiled = torch.compile(net)

    def step():
        adam.zero_grad(set_to_none=False)
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=precision == "bf16"):
            loss = ((compiled(measured, start, inverse, .3) - truth) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()

    begin = time.time()
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    torch.cuda.synchronize()
    print(f"compiled N={batch} {precision} after {time.time() - begin:.0f} s", flush=True)
    while not os.path.exists(go):
        time.sleep(0.05)
    for label, body in ("compiled_graph", graph.replay), ("compiled", step):
        times = []
        for i in range(10):
            begin = time.perf_counter()
            body()
            torch.cuda.synchronize()
            times.append(time.perf_counter() - begin)
        times = sorted(times[3:])
        print(f"train_step_{label} N={batch} {precision} median_ms {1e3 * times[3]:.3f} min_ms {1e3 * times[0]:.3f}",
              flush=True)
    print("peak_memory_MiB", torch.cuda.max_memory_allocated() / 2**20)


if __name__ == "__main__":
    main()
