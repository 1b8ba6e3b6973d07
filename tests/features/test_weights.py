"""Weights that come with the package: checked, and only what the network has."""

import keras
import numpy as np
import pytest

from m2m_tf.features import weights


def test_changed_weights_are_refused(tmp_path):
    for ending in (".keras", ".json"):
        file = (weights.FOLDER / "digits_fashion").with_suffix(ending)
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights.checked_file("digits_fashion", ".keras", tmp_path)
    with open(tmp_path / "digits_fashion.keras", "ab") as file:
        file.write(b"x")
    with pytest.raises(ValueError, match="sha256 differs from the card's"):
        weights.checked_file("digits_fashion", ".keras", tmp_path)


def test_missing_weights_are_refused(tmp_path):
    with pytest.raises(ValueError, match="'digits_fashion.keras' and its card"):
        weights.checked_file("digits_fashion", ".keras", tmp_path)


@pytest.fixture
def network():
    """Two convolutions, named `stem` and `head`."""
    layers = [keras.layers.Conv2D(2, 3, name="stem"), keras.layers.Conv2D(1, 1, name="head")]
    return keras.Sequential([keras.Input((8, 8, 3)), *layers])


@pytest.fixture
def arrays():
    """Arrays of their shapes."""
    shapes = {"stem.kernel": (3, 3, 3, 2), "stem.bias": (2,)}
    shapes |= {"head.kernel": (1, 1, 2, 1), "head.bias": (1,)}
    return {name: np.random.default_rng(0).normal(size=shape) for name, shape in shapes.items()}


def test_a_file_of_arrays_gives_a_network_its_weights(network, arrays, tmp_path):
    np.savez(tmp_path / "f.npz", **arrays)
    weights.set_arrays(network, weights.read_arrays(tmp_path / "f.npz"), "f.npz")
    for layer in network.layers:
        np.testing.assert_allclose(layer.kernel, arrays[f"{layer.name}.kernel"], rtol=1e-6)
        np.testing.assert_allclose(layer.bias, arrays[f"{layer.name}.bias"], rtol=1e-6)


@pytest.mark.parametrize("change", ["missing", "unknown", "another shape"])
def test_arrays_that_are_not_the_networks_are_refused(change, network, arrays):
    kernel = arrays.pop("stem.kernel")
    if change == "unknown":
        arrays |= {"stem.kernel": kernel, "stem.more": kernel}
    elif change == "another shape":
        arrays["stem.kernel"] = kernel[:2]
    with pytest.raises(ValueError, match="'f.npz' to hold the 4 arrays .* 'stem"):
        weights.set_arrays(network, arrays, "f.npz")


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"sha256": 3}', "[" * 900 + "]" * 900])
def test_a_damaged_card_is_refused(card, tmp_path):
    (tmp_path / "digits_fashion.keras").write_bytes(b"x")
    (tmp_path / "digits_fashion.json").write_text(card)
    with pytest.raises(ValueError, match="to be the card of an extractor's weights"):
        weights.checked_file("digits_fashion", ".keras", tmp_path)
