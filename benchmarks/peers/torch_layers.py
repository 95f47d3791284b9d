#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""One layer of the papers' encoders in PyTorch: convolution (by its own, newer oneDNN), joint norm, activation, of the
batches that `layer_benchmark --benchmark_filter=encoder` takes. Prints milliseconds, or serves compare.py.

    python torch_layers.py --threads 2 [--compile] [--bfloat16]
"""
import argparse
import statistics

import torch
from torch_videoonenet import NormActivation, measure, serve

SHAPES = {  # videos, frames, H, W, channels, kernel
    "3x3_16to16_8x9x14x14": (8, 9, 14, 14, 16, 3),
    "3x3_64to64_8x9x14x14": (8, 9, 14, 14, 64, 3),
    "5x5_256to256_4x4x16x16": (4, 4, 16, 16, 256, 5),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


def tasks(a):
    """Bodies by name, LAYER/forward and LAYER/forward_and_adjoint, and LAYER/convolution alone."""
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    bodies = {}
    for name, (videos, frames, height, width, channels, kernel) in SHAPES.items():
        convolution = torch.nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
        convolution = convolution.to(memory_format=torch.channels_last)
        norm = NormActivation()

        def layer(x, convolution=convolution, norm=norm, videos=videos):
            return norm(convolution(x), videos)

        function = torch.compile(layer) if a.compile else layer
        image = (videos * frames, channels, height, width)
        x = torch.randn(image).to(memory_format=torch.channels_last)
        gradient = torch.randn(image).to(memory_format=torch.channels_last)

        def forward(function=function, x=x):
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=a.bfloat16):
                function(x)

        def forward_and_adjoint(function=function, x=x, gradient=gradient):
            x = x.detach().requires_grad_()
            with torch.autocast("cpu", torch.bfloat16, enabled=a.bfloat16):
                y = function(x)
            y.backward(gradient.to(y.dtype))

        bodies[name + "/forward"] = forward
        bodies[name + "/forward_and_adjoint"] = forward_and_adjoint
        bodies[name + "/convolution"] = lambda c=convolution, forward=forward, x=x: forward(c, x)
    return bodies


def main():
    a = arguments()
    bodies = tasks(a)
    for body in bodies.values():
        measure(body, 3)
    if a.serve:
        print("{}", flush=True)
        return serve(bodies)
    for name, body in bodies.items():
        print(f"{name:45s} {statistics.median(measure(body, 30)) * 1e3:8.3f} ms", flush=True)


if __name__ == "__main__":
    main()
