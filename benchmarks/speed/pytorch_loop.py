"""The paper's training step at the 1024x1024 setting as a plain PyTorch loop.

Source: Frégier and Gouray, arXiv 1906.11613, experiments; Gulrajani et al., arXiv 1704.00028,
algorithm 1. As the official recipe does, one real batch serves all critic steps of a generator
step. `pytorch_step.py` runs it in a process of its own; it asks nothing of the library, so that any
Python with PyTorch will do:

    echo 5 | python benchmarks/speed/pytorch_loop.py 0

The argument is the seed. Each line of the input is a number of seconds to train for, and is
answered with the seconds a generator update took.
"""

import sys
import time

try:
    import torch
except ImportError:
    sys.exit(
        f"This benchmark needs PyTorch, which {sys.executable} does not have. Install it, "
        'pip install -e ".[benchmarks]", or name a Python that has it: --torch_python=PATH.'
    )

BATCH, CODES, COUNT, LATENT, CRITIC_STEPS = 256, 512, 29_000, 128, 5
GRADIENT_PENALTY, DRIFT_PENALTY = 10.0, 1e-2


def main():
    loop = Loop(seed=int(sys.argv[1]))
    threads, cpu = torch.get_num_threads(), torch.backends.cpu.get_cpu_capability()
    print(f"PyTorch {torch.__version__}, {threads} threads, {cpu}", flush=True)
    for line in sys.stdin:
        print(loop.seconds_a_step(float(line)), flush=True)


def dense(*widths):
    """Dense layers with ReLU between them."""
    layers = []
    for n, m in zip(widths, widths[1:], strict=False):
        layers += [torch.nn.Linear(n, m), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def adam(network):
    return torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.0, 0.5))


class Loop:
    """Generator, critic and their training on random codes, which do not change the time."""

    def __init__(self, seed):
        torch.manual_seed(seed)
        self.generator = dense(LATENT, 128, 256, 512, CODES)
        self.critic = dense(CODES, 512, 256, 128, 1)
        self.generator_optimizer, self.critic_optimizer = adam(self.generator), adam(self.critic)
        self.codes = torch.randn(COUNT, CODES)
        self.batches = self.shuffled()

    def shuffled(self):
        while True:
            yield from torch.randperm(COUNT)[: COUNT // BATCH * BATCH].split(BATCH)

    def seconds_a_step(self, least):
        """Steps until `least` seconds have passed, after one that is not counted."""
        self.step()
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < least:
            self.step()
            steps += 1
        return (time.perf_counter() - began) / steps

    def step(self):
        real = self.codes[next(self.batches)]
        for _ in range(CRITIC_STEPS):
            self.critic_step(real)
        self.generator_step()

    def critic_step(self, real):
        with torch.no_grad():
            fake = self.generator(self.latent())
        real_scores, fake_scores = self.critic(real), self.critic(fake)
        loss = (
            fake_scores.mean()
            - real_scores.mean()
            + GRADIENT_PENALTY * self.gradient_penalty(real, fake)
            + DRIFT_PENALTY * real_scores.square().mean()
        )
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()

    def gradient_penalty(self, real, fake):
        alpha = torch.rand(BATCH, 1)
        between = (real + alpha * (fake - real)).requires_grad_()
        scores = self.critic(between).sum()
        (gradient,) = torch.autograd.grad(scores, between, create_graph=True)
        return (gradient.norm(dim=1) - 1).square().mean()

    def generator_step(self):
        self.critic.requires_grad_(False)  # its gradients are not needed here
        loss = -self.critic(self.generator(self.latent())).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)

    def latent(self):
        return torch.rand(BATCH, LATENT) * 2 - 1


if __name__ == "__main__":
    main()
