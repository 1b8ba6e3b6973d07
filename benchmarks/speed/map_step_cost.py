"""What a mind's step on code maps costs beside its floating-point work at the machine's rate.

The convolutional mind on whole codes (8, 8, 16), or of `--code_shape`, in batches of 128. Round by
round, in one process, it measures a compiled training step and a product of two matrices of
2,048 x 2,048. The step's operations are those that TensorFlow's profiler counts in its graph: the
products and convolutions, forward and backward.

    python benchmarks/speed/map_step_cost.py         (about half a minute on 2 cores)

Prints step / (operations at the rate of the product), to be under 2.
"""

import contextlib
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import in_turn, ratios, spread

ROUNDS = flags.DEFINE_integer("rounds", 9, "rounds", 1)
CODE_SHAPE = flags.DEFINE_list("code_shape", ["8", "8", "16"], "height, width, channels")
BATCH, SIDE = 128, 2048


def main(_):
    tf.get_logger().setLevel("ERROR")
    step, operations = mind_step(tuple(map(int, CODE_SHAPE.value)))
    matrices = [tf.random.normal((SIDE, SIDE)) for _ in range(2)]
    product = tf.function(tf.matmul)
    calls = {"step": step, "product": lambda: product(*matrices).numpy()}
    times = in_turn(calls, ROUNDS.value)
    rates = [2 * SIDE**3 / seconds for seconds in times["product"]]
    ideal = [operations / rate for rate in rates]
    print(f"a step: {spread([1e3 * s for s in times['step']], '{:.0f}')} ms")
    print(f"its operations: {operations / 1e9:.1f} billion")
    print(
        f"the machine's rate: {spread([rate / 1e9 for rate in rates], '{:.0f}')} billion a second"
    )
    print(f"step / operations at that rate (under 2): {spread(ratios(times['step'], ideal))}")


def mind_step(code_shape):
    """A call that makes a step, and how many operations it takes."""
    image_shape = (8 * code_shape[0], 8 * code_shape[1], 3)
    pair = m2m.build_pair(image_shape, code_shape=code_shape, width=8)
    model = m2m.Mind2Mind(m2m.Autoencoder(*pair), standardise="scale", seed=0)
    model.compile()
    codes = tf.random.normal((BATCH, model.critic_steps, *code_shape))
    step = tf.function(model.train_step)
    graph = step.get_concrete_function(codes).graph
    return lambda: step(codes)["score_gap"].numpy(), operations_of(graph)


def operations_of(graph):
    """Floating-point operations of a graph's products and convolutions."""
    profiler = tf.compat.v1.profiler
    with contextlib.redirect_stdout(io.StringIO()):
        options = profiler.ProfileOptionBuilder.float_operation()
        options["output"] = "none"
        found = profiler.profile(graph, options=options)
    return found.total_float_ops


if __name__ == "__main__":
    app.run(main)
