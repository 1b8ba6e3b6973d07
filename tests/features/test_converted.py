"""Weights that are converted once and kept in the cache."""

import json

import keras
import numpy as np
import pytest

from m2m_tf.errors import WeightsUnavailable
from m2m_tf.features.converted import is_here, notes_on_source, set_converted, write_converted

FACTS = {"licence": "MIT", "source": "file.pth", "source_sha256": "ab12"}
ARRAYS = {"conv.kernel": np.full((1, 1, 3, 2), 0.5), "conv.bias": np.ones(2)}


def build():
    return keras.Sequential(
        [keras.Input((4, 4, 3)), keras.layers.Conv2D(2, 1, name="conv")], name="mine"
    )


def test_what_is_written_is_found_and_taken(home):
    assert not is_here("mine")
    path = write_converted(build(), ARRAYS, FACTS)
    assert path == home / "extractors" / "mine.npz" and is_here("mine")
    network = build()
    set_converted(network, "Run that")
    np.testing.assert_array_equal(network.get_layer("conv").kernel, ARRAYS["conv.kernel"])
    assert json.loads(path.with_suffix(".json").read_text()).items() >= FACTS.items()


def test_before_they_are_there_it_is_said_how_to_get_them(home):
    with pytest.raises(WeightsUnavailable, match="'mine' needs weights .* Run that; or choose"):
        set_converted(build(), "Run that")


def test_a_changed_file_is_refused(home):
    path = write_converted(build(), ARRAYS, FACTS)
    np.savez(path, **{**ARRAYS, "conv.bias": np.zeros(2)})
    with pytest.raises(ValueError, match="sha256 differs .* Convert them again"):
        set_converted(build(), "Run that")


def test_arrays_of_another_network_are_refused_and_nothing_is_written(home):
    with pytest.raises(ValueError, match="'conv.bias' is missing"):
        write_converted(build(), {"conv.kernel": ARRAYS["conv.kernel"]}, FACTS)
    assert not home.exists()


def test_weights_of_another_file_than_the_published_one_are_noted(home):
    write_converted(build(), ARRAYS, FACTS)
    assert notes_on_source("mine", "ab12", "the one of the paper") == ()
    [note] = notes_on_source("mine", "0000", "the one of the paper")
    assert note.endswith("were converted from file.pth, which is not the one of the paper")
