"""What a training step of StyleGAN2's class costs beside a mind's, at 64 to 1024 pixels.

The step is StyleGAN2's main one: an update of the discriminator on real and generated images, one
of the generator (logistic loss, arXiv 1912.04958). Its two regularisers, at each 16th and 8th step,
are left out, in its favour. The mind's has codes of 512, a batch of 256 and the defaults; it is the
same at every size. Weights and images are drawn at random: they do not change the time.

    python benchmarks/speed/stylegan_cost.py                  (about 10 minutes on one core)
    python benchmarks/speed/stylegan_cost.py --largest 256

Prints the seconds of a step an image, the median over rounds with the least and the largest, their
ratio, and that of whole trainings: StyleGAN2's published 25 million images against 8.7 million
codes, the paper's 300 epochs of 29,000 (arXiv 1906.11613). It says nothing of the quality that
either reaches.

Expect ratios of 20,000 at 64 pixels and 140,000 at 1024.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.peers.stylegan2 import STYLE, Discriminator, Generator
from benchmarks.shared.measure import ratios, seconds_a_call, spread

ROUNDS = flags.DEFINE_integer("rounds", 3, "rounds", 1)
LARGEST = flags.DEFINE_integer("largest", 1024, "largest image side, in pixels")
BATCHES = {64: 8, 128: 4, 256: 2, 512: 1, 1024: 1}
CODE_DIM, BATCH = 512, 256
THEIR_IMAGES, OUR_CODES = 25e6, 300 * 29_000


def main(_):
    tf.get_logger().setLevel("ERROR")
    mind = mind_step()
    print(
        f"{'pixels':>7}{'million':>9}{'StyleGAN2, s':>24}{'mind, ms':>24}{'ratio':>9}{'whole':>9}"
    )
    for side, batch in BATCHES.items():
        if side > LARGEST.value:
            break
        step, parameters = style_step(side, batch)
        theirs, ours = [], []
        for _ in range(ROUNDS.value):
            theirs.append(seconds_a_call(step) / batch)
            ours.append(seconds_a_call(mind) / BATCH)
        show(side, parameters, theirs, ours)


def mind_step():
    """A call that makes a mind's step."""
    model = m2m.Mind2Mind(m2m.Autoencoder(*m2m.build_pair((28, 28, 1), CODE_DIM)), seed=0)
    model.compile()
    codes = tf.random.normal((BATCH, model.critic_steps, CODE_DIM))
    step = tf.function(model.train_step)
    step(codes)
    return lambda: step(codes)["score_gap"].numpy()


def style_step(side, batch):
    """A call that makes StyleGAN2's main step, and the millions of parameters."""
    generator, discriminator = Generator(side), Discriminator(side)
    rates = [keras.optimizers.Adam(2e-3, 0.0, 0.99) for _ in range(2)]
    reals = tf.random.uniform((batch, side, side, 3), -1, 1)
    discriminator(generator(tf.random.normal((1, STYLE))))
    for network, optimizer in zip((generator, discriminator), rates, strict=True):
        optimizer.build(network.trainable_variables)

    def update(tape, loss, network, optimizer):
        gradients = tape.gradient(loss, [weight.value for weight in network.trainable_variables])
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))

    @tf.function
    def step():
        fakes = generator(tf.random.normal((batch, STYLE)))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softplus(discriminator(fakes)))
            loss += tf.reduce_mean(tf.nn.softplus(-discriminator(reals)))
        update(tape, loss, discriminator, rates[1])
        with tf.GradientTape() as tape:
            fakes = generator(tf.random.normal((batch, STYLE)))
            loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fakes)))
        update(tape, loss, generator, rates[0])
        return loss

    step()
    parameters = [network.count_params() / 1e6 for network in (generator, discriminator)]
    return lambda: step().numpy(), parameters


def show(side, parameters, theirs, ours):
    """Prints a row."""
    million = "+".join(f"{count:.1f}" for count in parameters)
    ratio = sorted(ratios(theirs, ours))[len(ours) // 2]
    whole = ratio * THEIR_IMAGES / OUR_CODES
    milliseconds = spread([1e3 * value for value in ours])
    print(
        f"{side:7}{million:>9}{spread(theirs):>24}{milliseconds:>24}{ratio:9,.0f}{whole:9,.0f}",
        flush=True,
    )


if __name__ == "__main__":
    app.run(main)
