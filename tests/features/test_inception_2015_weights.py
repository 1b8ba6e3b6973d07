"""The literature's Inception: what its file of weights must be."""

import sys

import numpy as np
import pytest

from m2m_tf.features import (
    convert_inception_2015,
)
from m2m_tf.features.inception_2015_weights import convert_state, fold
from tests.features.random_inception import random_state


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


def test_weights_with_missing_layers_are_refused_and_nothing_is_written(home):
    first = random_state({"Conv2d_1a_3x3": (32, 3, 3, 3)})
    with pytest.raises(ValueError, match="'Conv2d_2a_3x3.bias' is missing"):
        convert_inception_2015(first)
    assert not home.exists()


def test_a_folded_convolution_does_what_it_and_its_normalisation_did():
    random = np.random.default_rng(0)
    kernel, x = random.normal(size=(4, 3, 1, 1)), random.normal(size=(5, 3))
    scale, shift, mean = random.normal(size=(3, 4))
    variance = random.uniform(0.5, 2, 4)
    expected = scale * (x @ kernel[..., 0, 0].T - mean) / np.sqrt(variance + 0.01) + shift
    folded, bias = fold(kernel, scale, shift, mean, variance, epsilon=0.01)
    np.testing.assert_allclose(x @ folded[0, 0] + bias, expected)
