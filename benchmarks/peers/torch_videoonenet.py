#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the videoonenet authors
# SPDX-License-Identifier: MIT
"""VideoOneNet BCRNN as a PyTorch user who wants speed on a processor would write it: one training step (forward,
backward, clipped Adam) and one restoration, in float32, of the sizes that `network_benchmark` times.

What is done for speed: channels last everywhere, the input convolutions of both recurrent directions as one, `lerp`
for the recurrence, the joint norm by `layer_norm` with its scale and shift folded into one multiply-add, softplus with
its own beta, the decoder by a matrix product and `fold` where there is no gradient, fused Adam, gradient clipping by
`foreach`, `inference_mode`. `--compile` hands both nets to torch.compile, weights frozen for restorations (or one whole
iteration, or the whole network, which compiles longer and runs slower: inductor then multiplies by the inverse within
its own loops). `--bfloat16` multiplies in bfloat16 by autocast. The data step is the papers' product with a dense n x n
inverse per video; `--structured` replaces it by the division that it amounts to for a mask, which the papers' codes do
not do.

    python torch_videoonenet.py --config mnist --threads 2 --compile
    python torch_videoonenet.py --config mnist --serve        # for compare.py: one command a line, one JSON line back
"""
import argparse
import json
import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

CONFIGURATIONS = {  # T, H, W, channels, filters, encoder kernel, decoder kernel, ADMM iterations, videos of a batch
    "small": (9, 14, 14, 1, 16, 3, 11, 5, 8),
    "mnist": (9, 14, 14, 1, 64, 3, 11, 13, 8),
    "cifar": (4, 16, 16, 3, 256, 5, 7, 13, 4),
    "ucf": (4, 32, 32, 3, 256, 5, 7, 13, 2),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", default="mnist", choices=CONFIGURATIONS)
    parser.add_argument("--batch", type=int, help="videos, the paper's number unless told otherwise")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compile", nargs="?", const="nets", choices=["nets", "iteration", "whole"])
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--structured", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


class NormActivation(nn.Module):
    """softplus(2v + 2)/2 - 1 of v = gamma (x - mean)/deviation + beta over all entries of a video, by layer_norm, which
    is faster than a mean and a deviation."""

    def __init__(self):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(())), nn.Parameter(torch.zeros(()))

    def forward(self, x, videos):
        flat = x.permute(0, 2, 3, 1).reshape(videos, -1)  # a view, since channels are last
        v = F.layer_norm(flat, flat.shape[1:], eps=1e-6)
        y = F.softplus(torch.addcmul(self.beta + 1, v, self.gamma), beta=2) - 1
        return y.view(x.shape[0], *x.shape[2:], x.shape[1]).permute(0, 3, 1, 2)


class BidirectionalRnn(nn.Module):
    """u = sigmoid(K x + R h + b), h += u (x - h), once forward and once backward in time, side by side."""

    def __init__(self, channels, kernel):
        super().__init__()
        self.input = nn.Conv2d(channels, 2 * channels, kernel, padding=kernel // 2)
        self.recurrent = nn.ModuleList(
            nn.Conv2d(channels, channels, kernel, padding=kernel // 2, bias=False) for _ in range(2))

    def forward(self, x, videos, frames):
        by_frame = x.unflatten(0, (videos, frames)).unbind(1)
        gates = self.input(x).unflatten(0, (videos, frames)).chunk(2, 2)
        directions = []
        for recurrent, gate, order in zip(self.recurrent, gates, (range(frames), range(frames - 1, -1, -1))):
            states, state = [None] * frames, None
            gate = gate.unbind(1)
            for t in order:
                if state is None:
                    state = torch.sigmoid(gate[t]) * by_frame[t]
                else:
                    state = torch.lerp(state, by_frame[t], torch.sigmoid(gate[t] + recurrent(state)))
                states[t] = state
            directions.append(states)
        both = [torch.cat(pair, 1) for pair in zip(*directions)]
        return torch.stack(both, 1).flatten(0, 1).contiguous(memory_format=torch.channels_last)


class Decoder(nn.ConvTranspose2d):
    """A transposed convolution to few channels: for restorations one matrix product and `fold`, twice as fast."""

    def forward(self, x):
        if torch.is_grad_enabled():
            return super().forward(x)
        pixels = x.permute(0, 2, 3, 1).flatten(1, 2).transpose(1, 2)
        columns = torch.matmul(self.weight.flatten(1).t(), pixels)
        y = F.fold(columns, x.shape[2:], self.kernel_size, padding=self.padding) + self.bias.view(-1, 1, 1)
        return y.contiguous(memory_format=torch.channels_last)


class VideoNet(nn.Module):
    def __init__(self, inputs, outputs, filters, kernel_encoder, kernel_decoder):
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(filters if i else inputs, filters, kernel_encoder, padding=kernel_encoder // 2) for i in range(3))
        self.norms = nn.ModuleList(NormActivation() for _ in range(3))
        self.recurrent = BidirectionalRnn(filters, kernel_encoder)
        self.decoder = Decoder(2 * filters, outputs, kernel_decoder, padding=kernel_decoder // 2)

    def forward(self, x, videos, frames):
        for convolution, norm in zip(self.convolutions, self.norms):
            x = norm(convolution(x), videos)
        return self.decoder(self.recurrent(x, videos, frames))


class Iteration(nn.Module):
    """One ADMM iteration; images are (videos * frames, channels, H, W), channels last."""

    def __init__(self, frames, channels, filters, kernel_encoder, kernel_decoder, rho=0.3):
        super().__init__()
        self.frames, self.rho = frames, rho
        self.prior = VideoNet(2 * channels, channels, filters, kernel_encoder, kernel_decoder)
        self.data = VideoNet(7 * channels, 2 * channels, filters, kernel_encoder, kernel_decoder)

    def solve(self, inverse, right):
        if inverse.dim() == 4:  # a division, entry by entry
            return inverse * right
        last = right.permute(0, 2, 3, 1)
        row = last.reshape(inverse.shape[0], 1, -1)  # a row times the transpose: three times as fast as a column
        return torch.bmm(row, inverse.mT).view(last.shape).permute(0, 3, 1, 2)

    def forward(self, z, u, start, aty, inverse):
        videos = start.shape[0] // self.frames
        x = self.prior(torch.cat([z, u], 1), videos, self.frames)
        solved = self.solve(inverse, aty + self.rho * (x + u))
        dual = u + x - solved
        both = self.data(torch.cat([x, start, aty, z, solved, u, dual], 1), videos, self.frames)
        return both.chunk(2, 1)


class Session:
    """A network, its optimiser and a batch, with a restoration and a training step to time."""

    def __init__(self, a):
        frames, height, width, channels, filters, encoder, decoder, iterations, batch = CONFIGURATIONS[a.config]
        torch.manual_seed(0)
        torch.set_num_threads(a.threads)
        videos = a.batch or batch
        last = {"memory_format": torch.channels_last}
        self.bfloat16 = a.bfloat16
        self.net = Iteration(frames, channels, filters, encoder, decoder).to(**last)
        if a.compile:
            torch._inductor.config.freezing = True  # lays weights out for restorations once
        if a.compile == "nets":
            self.net.prior.compile()
            self.net.data.compile()
        iteration = torch.compile(self.net) if a.compile == "iteration" else self.net
        self.iterations = iterations
        self.iterate = lambda *problem: unrolled(iteration, self.iterations, *problem)
        if a.compile == "whole":
            self.iterate = torch.compile(self.iterate)
        self.parameters = list(self.net.parameters())
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-4, betas=(0.0, 0.9), fused=True)
        image = (videos * frames, channels, height, width)
        self.aty, self.start, self.truth = (torch.rand(image).to(**last) for _ in range(3))
        if a.structured:
            self.inverse = torch.full(image, 1 / 1.3).to(**last)
        else:
            self.inverse = torch.eye(frames * height * width * channels).repeat(videos, 1, 1) / 1.3
        self.videos = videos

    def restore(self):
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            return self.iterate(self.aty, self.start, self.inverse)

    def train(self):
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            z = self.iterate(self.aty, self.start, self.inverse)
        F.mse_loss(z.float(), self.truth).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0, foreach=True)
        self.optimizer.step()


    def warm_up(self, task):
        """Compiles, and lets oneDNN plan its convolutions, with one ADMM iteration instead of all."""
        iterations, self.iterations = self.iterations, 1
        task()
        self.iterations = iterations


def unrolled(iteration, count, aty, start, inverse):
    z, u = start, torch.zeros_like(start)
    for _ in range(count):
        z, u = iteration(z, u, start, aty, inverse)
    return z


def measure(body, repeats):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        body()
        times.append(time.perf_counter() - begin)
    return times


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(tasks):
    """Answers "TASK REPEATS" with the times of as many repeats, until there is no more to read."""
    for line in sys.stdin:
        task, repeats = line.split()
        times = measure(tasks[task], int(repeats))
        print(json.dumps({"task": task, "seconds": times, "peak_mib": peak_mib()}), flush=True)


def main():
    a = arguments()
    imported = peak_mib()
    session = Session(a)
    tasks = {"restoration": session.restore, "training_step": session.train}
    if a.serve:
        print(json.dumps({"torch": torch.__version__, "imported_mib": imported, "videos": session.videos}), flush=True)
        warm = {f"warm_up_{task}": lambda body=body: session.warm_up(body) for task, body in tasks.items()}
        return serve({**tasks, **warm})
    for task, body in tasks.items():
        warm_up = sum(measure(body, 2))
        times = measure(body, a.repeats)
        median = statistics.median(times)
        print(f"{task} {a.config} N={session.videos} threads={a.threads}: median {median * 1e3:.1f} ms, shortest "
              f"{min(times) * 1e3:.1f} ms, {session.videos / median:.2f} videos/s, peak {peak_mib():.0f} MiB, "
              f"warm-up {warm_up:.1f} s", flush=True)


if __name__ == "__main__":
    main()
