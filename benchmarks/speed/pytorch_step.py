"""Generator updates a second of `Mind2Mind.fit` beside a plain PyTorch loop of the paper's step.

The setting is the paper's for 1024x1024: codes of 512, batch 256, 5 critic steps, 29,000 codes
(drawn at random: their values do not change the time). Contenders take turns, round by round, on
the same CPU: (torch) `pytorch_loop.py`, in a process of its own that sleeps between its turns, so
that each has all cores and its own default number of threads; (fit) an epoch of `Mind2Mind.fit`,
compiled as it is by default; (fit, XLA) the same after `compile(jit_compile=True)`. The PyTorch
loop reuses one real batch for all critic steps, as the official recipe does; `fit` draws fresh
codes for each, and keeps a moving average and logs besides. Run it on an idle machine: beside other
work PyTorch's threads wait for each other, and the ratio says too much.

    pip install -e ".[benchmarks]"                (PyTorch: on Linux several GB)
    python benchmarks/speed/pytorch_step.py     (about 4 minutes on 2 cores)
    python benchmarks/speed/pytorch_step.py --torch_python=PATH     (a Python that has PyTorch)

Prints updates a second and fit/torch (2.0 or more).
"""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks.shared.measure import ratios, spread
from benchmarks.speed.step_speed import BATCH, CODES, COUNT, ROUNDS, SEED, paper_model

TORCH_PYTHON = flags.DEFINE_string(
    "torch_python", sys.executable, "the Python that runs the PyTorch loop"
)
SECONDS = flags.DEFINE_float("seconds", 10.0, "least seconds of the PyTorch loop in a round")


def main(_):
    with TorchLoop(TORCH_PYTHON.value) as torch:
        print(torch.about)
        print(f"TensorFlow {tf.__version__}, {tensorflow_threads()} threads")
        print(f"load average before: {os.getloadavg()[0]:.1f} (an idle machine's is near 0)")
        codes = np.random.default_rng(SEED.value).normal(size=(COUNT, CODES)).astype("float32")
        contenders = {
            "torch": torch.seconds_a_step,
            "fit": FitEpochs(codes, jit_compile=False).seconds_a_step,
            "fit, XLA": FitEpochs(codes, jit_compile=True).seconds_a_step,
        }
        report(measure(contenders, ROUNDS.value))


def tensorflow_threads():
    asked = tf.config.threading.get_intra_op_parallelism_threads()
    return asked or int(os.environ.get("TF_NUM_INTRAOP_THREADS", 0)) or os.cpu_count()


def measure(contenders, rounds):
    """Seconds a step of each contender, one a round, after a round that is not counted."""
    seconds = {name: [] for name in contenders}
    for round_ in range(rounds + 1):
        latest = {name: contender() for name, contender in contenders.items()}
        if round_:
            print(", ".join(f"{name} {1 / s:.2f}" for name, s in latest.items()), flush=True)
            for name, value in latest.items():
                seconds[name].append(value)
    return seconds


def report(seconds):
    print(f"seed {SEED.value}, {len(seconds['torch'])} rounds; median (least to largest)")
    for name, values in seconds.items():
        print(f"updates a second, {name}: {spread([1 / s for s in values])}")
    for name in ("fit", "fit, XLA"):
        print(f"{name} / torch (2.0 or more): {spread(ratios(seconds['torch'], seconds[name]))}")


class TorchLoop:
    """The process of the PyTorch loop; `about` names its version and threads."""

    def __init__(self, python):
        script = Path(__file__).with_name("pytorch_loop.py")
        pipe = subprocess.PIPE
        command = [python, script, str(SEED.value)]
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.about = self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def answer(self):
        line = self.process.stdout.readline().strip()
        if not line:
            sys.exit(self.process.wait())  # it has said why
        return line

    def seconds_a_step(self):
        """Runs the loop for `--seconds`; it sleeps again when this returns."""
        print(SECONDS.value, file=self.process.stdin, flush=True)
        return float(self.answer())


class FitEpochs(keras.callbacks.Callback):
    """A model whose epochs of `fit` are timed, one a call."""

    def __init__(self, codes, jit_compile):
        super().__init__()
        keras.utils.set_random_seed(SEED.value)
        self.codes, self.epochs = codes, 0
        self.mind = paper_model(jit_compile)

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.began

    def seconds_a_step(self):
        """One more epoch; the first of all traces and compiles."""
        self.epochs += 1
        settings = {"initial_epoch": self.epochs - 1, "batch_size": BATCH, "verbose": 0}
        self.mind.fit(self.codes, epochs=self.epochs, callbacks=[self], **settings)
        return self.seconds / (COUNT // BATCH)


if __name__ == "__main__":
    app.run(main)
