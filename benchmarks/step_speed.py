"""How near `Mind2Mind.fit` comes to a bare loop, and the bare loop to the machine.

The setting is the paper's for 1024x1024: codes of 512, batch 256, 5 critic steps, 29,000 codes
(drawn at random: their values do not change the time). Round by round, in one process, it measures
generator updates a second of (fit) an epoch of `Mind2Mind.fit`, (bare) the same step, compiled, on
one batch that never changes, and (products) the step's matrix products alone, of the same shapes,
at the rate that this machine reaches for them.

    python benchmarks/step_speed.py            (about 4 minutes on 2 cores)

Prints fit/bare (0.9 or more), fit/products (0.7 or more) and the time to the first step.
"""

import time

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags
from measure import ratios, seconds_a_call, spread

import m2m_tf as m2m

ROUNDS = flags.DEFINE_integer("rounds", 5, "rounds")
SEED = flags.DEFINE_integer("seed", 0, "seed")
BATCH, CODES, COUNT, LATENT, CRITIC_STEPS = 256, 512, 29_000, 128, 5


def main(_):
    keras.utils.set_random_seed(SEED.value)
    model = paper_model()
    codes = np.random.default_rng(SEED.value).normal(size=(COUNT, CODES)).astype("float32")
    rounds = Rounds(model, bare_step(model), matrix_products(model))
    began = time.perf_counter()
    rounds.began = began
    model.fit(codes, epochs=ROUNDS.value + 1, batch_size=BATCH, callbacks=[rounds], verbose=0)
    rounds.report()


def paper_model():
    """The paper's mind for 1024x1024; the autoencoder has no part in a step."""
    image, code = keras.Input((8, 8, 1)), keras.Input((CODES,))
    encoder = keras.Model(image, keras.layers.Dense(CODES)(keras.layers.Flatten()(image)))
    decoder = keras.Model(code, keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64)(code)))
    model = m2m.Mind2Mind(
        m2m.Autoencoder(encoder, decoder),
        generator=m2m.build_generator(LATENT, (CODES,), (128, 256, 512), normalise=False),
        critic=m2m.build_critic((CODES,), (512, 256, 128)),
        critic_steps=CRITIC_STEPS,
        drift_penalty=1e-2,
        seed=SEED.value,
    )
    model.compile(*(keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.5) for _ in range(2)))
    return model


def bare_step(model):
    """The same step as one compiled function, with no loop, input or logs of Keras."""
    step = tf.function(model.train_step, jit_compile=True)
    codes = tf.random.normal((BATCH, CRITIC_STEPS, CODES))
    return lambda: step(codes)["w1"].numpy()


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
    """Measures the products alone: returns a function that gives `(seconds, operations)` a step."""
    counts = products_of_step(model)
    operands = {
        (n, k, m): (tf.random.normal((n, k)), tf.random.normal((k, m))) for n, k, m in counts
    }
    product = tf.function(tf.matmul)

    def measure():
        seconds, operations = 0.0, 0
        for (n, k, m), count in counts.items():
            a, b = operands[n, k, m]
            seconds += count * seconds_a_call(lambda a=a, b=b: product(a, b), least=0.1)
            operations += count * 2 * n * k * m
        return seconds, operations

    return measure


class Rounds(keras.callbacks.Callback):
    """Times each epoch of `fit`, and between two epochs the contenders."""

    def __init__(self, model, bare, products):
        super().__init__()
        self.bare, self.products = bare, products
        self.began = self.first_step = None
        self.seconds = {"fit": [], "bare": [], "products": []}
        self.operations = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if self.first_step is None:
            self.first_step = time.perf_counter() - self.began

    def on_epoch_end(self, epoch, logs=None):
        fit = (time.perf_counter() - self._epoch_began) / (COUNT // BATCH)
        self.bare()
        bare = seconds_a_call(self.bare, least=4.0)
        products, self.operations = self.products()
        if epoch:  # the first traces and compiles
            for name, seconds in (("fit", fit), ("bare", bare), ("products", products)):
                self.seconds[name].append(seconds)
            print(f"round {epoch}: fit {1 / fit:.2f}, bare {1 / bare:.2f} updates a second")

    def report(self):
        """Prints medians and spreads of what was measured."""
        fit, bare, products = (self.seconds[name] for name in ("fit", "bare", "products"))
        work = self.operations / 1e9
        print(f"seed {SEED.value}, {len(fit)} rounds; median (least to largest)")
        print(f"time to the first step, compiling included: {self.first_step:.1f} s")
        print(f"updates a second, fit: {spread([1 / s for s in fit])}")
        print(f"updates a second, bare: {spread([1 / s for s in bare])}")
        print(f"work of a step: {work:.2f} GFLOP in matrix products")
        print(f"GFLOP/s, its products alone: {spread([work / s for s in products], '{:.0f}')}")
        print(f"fit / bare (0.9 or more): {spread(ratios(bare, fit))}")
        print(f"fit / products (0.7 or more): {spread(ratios(products, fit))}")


if __name__ == "__main__":
    app.run(main)
