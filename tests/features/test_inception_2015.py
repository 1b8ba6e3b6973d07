"""The literature's Inception against torch-fidelity's, layer by layer, with drawn weights.

`scripts/inception_2015_reference.py` stored torch-fidelity's side in
`inception_2015_reference.npz`.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from m2m_tf.features import (
    available_extractors,
    convert_inception_2015,
    get_extractor,
    weights,
)
from m2m_tf.features.extractor import bilinear_tf1
from m2m_tf.features.inception_2015 import build_network, normalise
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


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path))
    return tmp_path


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


@pytest.mark.slow
def test_the_features_of_converted_weights_are_torch_fidelitys(home, state, reference):
    assert not available_extractors()["inception_2015"].available
    path = convert_inception_2015(state)
    assert available_extractors()["inception_2015"].weights == "here"
    assert path == home / "extractors" / "inception_2015.npz"
    extractor = get_extractor("inception_2015", (40, 56, 3))
    features = extractor(random_images())
    assert features.extractor == "inception_2015" and features.resize == "bilinear_tf1"
    assert any("which is not the literature's file" in note for note in features.notes)
    np.testing.assert_allclose(features.values, reference["features"], rtol=0, atol=TOLERANCE)

    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps(card | {"sha256": "0" * 64}))
    with pytest.raises(ValueError, match="sha256 differs .* Convert them again"):
        get_extractor("inception_2015", (40, 56, 3))


def test_without_weights_the_error_says_how_to_get_them(home):
    with pytest.raises(ValueError, match="weights-inception-2015-12-05-6726825d.pth") as info:
        get_extractor("inception_2015", (28, 28, 1))
    assert "m2m extractors --convert inception_2015 --weights" in str(info.value)
    assert "'efficientnet_lite0'" in str(info.value)


def test_a_fallback_is_taken_when_asked_and_said(home, digits):
    extractor = get_extractor("inception_2015", (28, 28, 1), fallback="digits_fashion")
    features = extractor(digits[:4])
    assert features.extractor == "digits_fashion"
    assert any(
        "'digits_fashion' instead of 'inception_2015', as asked" in n for n in features.notes
    )


def test_a_fallback_is_not_taken_for_another_mistake(home):
    with pytest.raises(ValueError, match="got 'incepton'"):
        get_extractor("incepton", (28, 28, 1), fallback="pixels")


def test_without_pytorch_a_file_is_refused_with_how_to_get_it(home, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # as where it is not installed
    file = tmp_path / "weights-inception-2015-12-05-6726825d.pth"
    file.write_bytes(b"")
    with pytest.raises(ValueError, match="pip install torch"):
        convert_inception_2015(file)


def test_a_missing_file_is_refused(home, tmp_path):
    with pytest.raises(ValueError, match="no.pth' is not there"):
        convert_inception_2015(tmp_path / "no.pth")


@pytest.mark.parametrize(
    "state, found",
    [
        ({}, "got nothing"),
        ({"a.weight": np.zeros(3)}, "got a.weight"),
        ({"a.conv.weight": np.zeros((1, 1, 1, 1))}, "'a.bn.weight' is missing"),
    ],
)
def test_another_networks_weights_are_refused(state, found):
    with pytest.raises(ValueError, match=found):
        convert_state(state)


def test_weights_with_a_missing_layer_are_refused_and_nothing_is_written(home, state):
    part = {name: array for name, array in state.items() if "Mixed_7c.branch1x1" not in name}
    with pytest.raises(ValueError, match="'Mixed_7c_branch1x1.bias' is missing"):
        convert_inception_2015(part)
    assert list(home.iterdir()) == []
