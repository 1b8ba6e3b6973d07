"""The literature's Inception against torch-fidelity's, layer by layer, with drawn weights."""

from pathlib import Path

import keras
import numpy as np
import pytest

from m2m_tf.features import (
    weights,
)
from m2m_tf.features.extractor import bilinear_tf1
from m2m_tf.features.inception_2015 import normalise
from m2m_tf.features.inception_2015_network import build_network
from m2m_tf.features.inception_2015_weights import convert_state
from tests.features.random_inception import (
    digest,
    random_images,
    random_state,
    shapes_of,
)

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def reference():
    return weights.read_arrays(Path(__file__).parent / "inception_2015_reference.npz")


@pytest.fixture(scope="module")
def network():
    return build_network()


@pytest.fixture(scope="module")
def state(network):
    return random_state(shapes_of(network))


@pytest.mark.slow
def test_every_layer_is_torch_fidelitys(network, state, reference):
    weights.set_arrays(network, convert_state(state), "drawn weights")
    layers = [layer for layer in network.layers if layer.name in reference]
    assert (
        len(layers) == len(reference) - 1 == 94 + 11 + 2 + 1
    )  # convolutions, blocks, pools, input
    images = random_images().astype("float32") / 127.5 - 1
    pixels = normalise(bilinear_tf1(images, (299, 299)))
    outputs = keras.Model(network.input, [layer.output for layer in layers])(pixels)
    for layer, output in zip(layers, outputs, strict=True):
        expected = reference[layer.name]
        assert 0.1 < expected[-1] < 10, layer.name  # the RMS: a tolerance on dust would say nothing
        np.testing.assert_allclose(
            digest(output), expected, rtol=0, atol=TOLERANCE, err_msg=layer.name
        )
