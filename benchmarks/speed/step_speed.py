"""How near `Mind2Mind.fit` comes to a bare loop, and the bare loop to the machine.

The setting is the paper's for 1024x1024: codes of 512, batch 256, 5 critic steps, 29,000 codes
(drawn at random: their values do not change the time). Round by round, in one process, it measures
generator updates a second of (fit) an epoch of `Mind2Mind.fit`, (bare) the same step, compiled, on
one batch that never changes, (xla) the same with XLA, and (products) the matrix products that the
step cannot do without, alone, at the rate that this machine reaches for them.

    python benchmarks/speed/step_speed.py            (about 4 minutes on 2 cores)

Prints fit/bare (0.9 or more), fit/products (0.7 or more) and the time to the first step.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import ratios, seconds_a_call, spread

ROUNDS = flags.DEFINE_integer("rounds", 5, "rounds")
SEED = flags.DEFINE_integer("seed", 0, "seed")
BATCH, CODES, COUNT, LATENT, CRITIC_STEPS = 256, 512, 29_000, 128, 5


def main(_):
    keras.utils.set_random_seed(SEED.value)
    model = paper_model()
    codes = np.random.default_rng(SEED.value).normal(size=(COUNT, CODES)).astype("float32")
    steps = {"bare": bare_step(model, jit_compile=False), "xla": bare_step(model, jit_compile=True)}
    steps["products"], operations = matrix_products(model)
    rounds = Rounds(steps, operations)
    rounds.began = time.perf_counter()
    model.fit(codes, epochs=ROUNDS.value + 1, batch_size=BATCH, callbacks=[rounds], verbose=0)
    rounds.report()


def paper_model(jit_compile="auto"):
    """The paper's mind for 1024x1024; the autoencoder has no part in a step."""
    image, code = keras.Input((8, 8, 1)), keras.Input((CODES,))
    encoder = keras.Model(image, keras.layers.Dense(CODES)(keras.layers.Flatten()(image)))
    decoder = keras.Model(code, keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64)(code)))
    model = m2m.Mind2Mind(
        m2m.Autoencoder(encoder, decoder),
        generator=m2m.build_generator(LATENT, (CODES,), (128, 256, 512), normalise=False),
        critic=m2m.build_critic((CODES,), (512, 256, 128)),
        standardise="scale",
        critic_steps=CRITIC_STEPS,
        drift_penalty=1e-2,
        seed=SEED.value,
    )
    adams = (keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.5) for _ in range(2))
    model.compile(*adams, jit_compile=jit_compile)
    return model


def bare_step(model, jit_compile):
    """The same step as one compiled function, with no loop, input or logs of Keras."""
    step = tf.function(model.train_step, jit_compile=jit_compile)
    codes = tf.random.normal((BATCH, CRITIC_STEPS, CODES))
    return lambda: step(codes)["score_gap"].numpy()


def products_of_step(model):
    """`{(rows, inner, columns): count}` of the matrix products that one step cannot do without."""
    generator = [layer.kernel.shape for layer in model.generator.layers if hasattr(layer, "kernel")]
    critic = [layer.kernel.shape for layer in model.critic.layers if hasattr(layer, "kernel")]
    products = {}

    def add(shape, count):
        products[shape] = products.get(shape, 0) + count

    for n, m in generator:
        add((BATCH, n, m), CRITIC_STEPS + 1)  # forward
        add((n, BATCH, m), 1)  # gradient of the kernel
        add((BATCH, m, n), int((n, m) != generator[0]))  # gradient of the input
    for n, m in critic:
        first = (n, m) == critic[0]
        add((2 * BATCH, n, m), CRITIC_STEPS)  # real and fake, forward
        add((n, 2 * BATCH, m), CRITIC_STEPS)
        add((2 * BATCH, m, n), CRITIC_STEPS * int(not first))
        add((BATCH, n, m), CRITIC_STEPS)  # penalty: forward
        add((BATCH, m, n), CRITIC_STEPS)  # penalty: gradient of the codes
        add((BATCH, n, m), CRITIC_STEPS)  # and that gradient's own gradient, of the input
        add((n, BATCH, m), CRITIC_STEPS)  # and of the kernel
        add((BATCH, n, m), 1)  # the generator's loss: forward
        add((BATCH, m, n), 1)  # and back to the codes
    return {shape: count for shape, count in products.items() if count}


def matrix_products(model):
    """All products of one step and nothing else, as one compiled function.

    Each has operands of its own, so that none can be left out. Returns the function and the
    floating-point operations that it makes.
    """
    shapes = [shape for shape, count in products_of_step(model).items() for _ in range(count)]
    pairs = [(tf.random.normal((n, k)), tf.random.normal((k, m))) for n, k, m in shapes]

    @tf.function
    def multiply(pairs):
        return tf.add_n([tf.matmul(a, b)[0, 0] for a, b in pairs])

    return lambda: multiply(pairs).numpy(), sum(2 * n * k * m for n, k, m in shapes)


class Rounds(keras.callbacks.Callback):
    """Times each epoch of `fit`, and between two epochs the contenders."""

    def __init__(self, contenders, operations):
        super().__init__()
        self.contenders, self.operations = contenders, operations
        self.began = self.first_step = None
        self.seconds = {name: [] for name in ("fit", *contenders)}

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if self.first_step is None:
            self.first_step = time.perf_counter() - self.began

    def on_epoch_end(self, epoch, logs=None):
        seconds = {"fit": (time.perf_counter() - self._epoch_began) / (COUNT // BATCH)}
        for name, call in self.contenders.items():
            call()  # traces and compiles, the first time
            seconds[name] = seconds_a_call(call, least=4.0)
        if epoch:  # the first epoch of fit traces and compiles
            for name, value in seconds.items():
                self.seconds[name].append(value)
            print(", ".join(f"{name} {1 / s:.2f}" for name, s in seconds.items()), flush=True)

    def report(self):
        """Prints medians and spreads of what was measured."""
        fit, bare, xla, products = self.seconds.values()
        work = self.operations / 1e9
        print(f"seed {SEED.value}, {len(fit)} rounds; median (least to largest)")
        print(f"time to the first step, compiling included: {self.first_step:.1f} s")
        for name in ("fit", "bare", "xla"):
            print(f"updates a second, {name}: {spread([1 / s for s in self.seconds[name]])}")
        print(f"work of a step: {work:.2f} GFLOP in matrix products")
        print(f"GFLOP/s, the products alone: {spread([work / s for s in products], '{:.0f}')}")
        print(f"fit / bare (0.9 or more): {spread(ratios(bare, fit))}")
        print(f"fit / xla: {spread(ratios(xla, fit))}")
        print(f"fit / products (0.7 or more): {spread(ratios(products, fit))}")


if __name__ == "__main__":
    app.run(main)
