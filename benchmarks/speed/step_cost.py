"""What one training step costs at 28 to 1024 pixels: the mind's, and in image space.

The mind trains on codes of 64 whatever the images' size; the same networks trained in image space
(`benchmarks/peers/image_space.py`) pay for every pixel. Both do 5 critic updates and 1 generator
update. The mind's batch is 128 codes; in image space the batch shrinks with the image, and the cost
is given an image. Weights and images are drawn at random: they do not change the time. Each size is
measured once a round.

    python benchmarks/speed/step_cost.py             (about 15 minutes and 8 GB on 2 cores)
    python benchmarks/speed/step_cost.py --largest 256

Prints the mind's cost over the least of all sizes (flat: 1.05 at most), the ratio of both, and the
time to the first step.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.peers.image_space import join
from benchmarks.peers.wgan_gp import WassersteinGAN
from benchmarks.shared.measure import ratios, seconds_a_call, spread

ROUNDS = flags.DEFINE_integer("rounds", 30, "rounds of the mind's steps")
LARGEST = flags.DEFINE_integer("largest", 1024, "largest image side, in pixels")
SIDES = (28, 64, 128, 256, 512, 1024)
CODE_DIM, BATCH = 64, 128
IMAGE_BATCH = {28: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 2}


def main(_):
    tf.get_logger().setLevel("ERROR")  # it takes each model's step for a retracing
    sides = [side for side in SIDES if side <= LARGEST.value]
    models = {side: build_model(side) for side in sides}
    mind, first = measure_minds(models)
    relative = over_the_round(mind)
    least = min(relative.values())
    print(f"time to the first step, compiling included: {spread(first, '{:.1f}')} s")
    print("milliseconds an image; the mind's over the cheapest's, round by round (1.05 or less):")
    print(f"{'pixels':>8}{'mind':>28}{'over least':>12}{'image space':>14}{'ratio':>10}")
    for side in sides:
        whole = measure_image_space(models[side], side)
        own = statistics.median(mind[side]) / BATCH
        shown = spread([1e3 * s / BATCH for s in mind[side]], "{:.3f}")
        over = relative[side] / least
        print(f"{side:8}{shown:>28}{over:12.3f}{1e3 * whole:14.1f}{whole / own:10.0f}", flush=True)


def build_model(side):
    shape = (side, side, 1 if side == 28 else 3)
    model = m2m.Mind2Mind(
        m2m.Autoencoder(*m2m.build_pair(shape, CODE_DIM)),
        prior="uniform",
        critic_steps=5,
        standardise="scale",
        seed=0,
    )
    model.compile()
    return model


def measure_minds(models):
    """Seconds a step of each mind, one a round; and the seconds to each one's first step."""
    codes = tf.random.normal((BATCH, 5, CODE_DIM))
    steps, first = {}, []
    for side, model in models.items():
        step = tf.function(model.train_step)
        began = time.perf_counter()
        step(codes)["score_gap"].numpy()
        first.append(time.perf_counter() - began)
        steps[side] = lambda step=step: step(codes)["score_gap"].numpy()
    times = {side: [] for side in models}
    for _ in range(ROUNDS.value):
        for side, step in steps.items():
            times[side].append(seconds_a_call(step, least=0.4))
    return times, first


def over_the_round(times):
    """Each size's median share of its round's mean: a slow minute slows all sizes of a round."""
    means = [statistics.mean(round_) for round_ in zip(*times.values(), strict=True)]
    return {side: statistics.median(ratios(seconds, means)) for side, seconds in times.items()}


def measure_image_space(model, side):
    """Seconds an image of a step in image space, after a first one."""
    generator, critic, _ = join(model.autoencoder, model.generator, model.critic)
    step = tf.function(WassersteinGAN(generator, critic, critic_steps=5).train_step)
    batch = IMAGE_BATCH[side]
    images = tf.random.uniform((5, batch, *model.autoencoder.image_shape), -1, 1)
    step(images).numpy()
    return seconds_a_call(lambda: step(images).numpy(), least=3.0) / batch


if __name__ == "__main__":
    app.run(main)
