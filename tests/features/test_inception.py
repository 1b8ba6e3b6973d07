"""Keras' InceptionV3 as an extractor, where its weights can be had and where they cannot."""

import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from m2m_tf.features.inception import (
    DIM,
    IMAGE_SHAPE,
    WEIGHTS_FILE,
    build_network,
    patience,
)

# Run in a process of its own: Keras fixes its folder, and Python its proxies, once a process.
ASK = """
from m2m_tf.features import get_extractor
try:
    get_extractor("inception", (28, 28, 1))
except ValueError as error:
    print("REFUSED:", error)
"""


@pytest.mark.slow
def test_the_network_gives_2048_pooled_features():
    network = build_network(weights=None)
    assert network.input_shape[1:] == IMAGE_SHAPE and network.output_shape == (None, DIM)
    assert np.isfinite(network(np.zeros((1, *IMAGE_SHAPE), "float32"))).all()


@pytest.mark.slow
def test_a_failed_download_says_where_the_weights_go_and_what_to_take_instead(tmp_path):
    nobody = "http://127.0.0.1:9"  # a port where no one listens: the download fails at once
    surroundings = {"KERAS_HOME": str(tmp_path), "https_proxy": nobody, "TF_CPP_MIN_LOG_LEVEL": "2"}
    result = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, **surroundings, "no_proxy": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    said = result.stdout.partition("REFUSED: ")[2]
    assert "URL fetch failure" in said and "'efficientnet_lite0'" in said
    assert str(tmp_path / "models" / WEIGHTS_FILE) in said


def test_patience_ends_where_it_began():
    before = socket.getdefaulttimeout()
    with patience(7):
        assert socket.getdefaulttimeout() == 7
    assert socket.getdefaulttimeout() == before
