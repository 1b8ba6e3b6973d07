"""The steps of the tiny autoencoders: their weights' shapes and names, and what they do."""

import keras
import numpy as np

from m2m_tf.autoencoders.pairs.tiny_steps import (
    Block,
    Conv,
    Plain,
    published_name,
    run_steps,
    shapes_of,
)

STEPS = (Conv(4), Plain("relu"), Block(pooled=True), Plain("double"), Conv(2, 2, use_bias=False))


def build(steps, channels):
    x = keras.Input((6, 6, channels))
    return keras.Model(x, run_steps(steps, x))


def test_weights_have_the_names_and_sizes_of_the_published_file():
    shapes, network = shapes_of(STEPS, 3), build(STEPS, 3)
    assert shapes["0.weight"] == (4, 3, 3, 3) and shapes["0.bias"] == (4,)
    assert shapes["2.conv.4.weight"] == (4, 4, 3, 3) and shapes["2.pool.0.weight"] == (16, 4, 1, 1)
    assert shapes["4.weight"] == (2, 4, 3, 3) and "4.bias" not in shapes
    named = {published_name(layer) for layer in network.layers if layer.weights}
    assert named == {name.rsplit(".", 1)[0] for name in shapes}
    assert network.count_params() == sum(map(np.prod, shapes.values()))


def test_a_stride_halves_and_pads_as_pytorch_does():
    network = build((Conv(1, 2, use_bias=False),), 1)
    network.set_weights([np.ones((3, 3, 1, 1))])
    # A pixel of zeros all around: the first window sees 2x2 pixels of the image, others 2x3 or 3x3.
    expected = [[4, 6, 6], [6, 9, 9], [6, 9, 9]]
    np.testing.assert_array_equal(network(np.ones((1, 6, 6, 1)))[0, ..., 0], expected)


def test_a_clamp_keeps_codes_within_three():
    clamp, codes = Plain("clamp"), np.array([[-1e6, -1.0, 0.0, 1.0, 1e6]])
    np.testing.assert_allclose(clamp(codes, "0"), 3 * np.tanh(codes / 3), atol=1e-6)


def test_doubling_repeats_each_pixel():
    image = np.arange(4.0).reshape(1, 2, 2, 1)
    doubled = np.asarray(Plain("double")(image, "0"))
    np.testing.assert_array_equal(doubled, image.repeat(2, 1).repeat(2, 2))
