"""The weights that come with the package, checked before they are used."""

from pathlib import Path

import numpy as np

from m2m_tf.files.card import sha256
from m2m_tf.files.npz_file import read_npz
from m2m_tf.files.strict_json import read_json

FOLDER = Path(__file__).parent / "weights"


def read_card(name, folder=FOLDER):
    """The card of an extractor's weights: data, licence, how they were made, sha256."""
    path, what = Path(folder) / f"{name}.json", "the card of an extractor's weights"
    card = read_json(path, what)
    if not isinstance(card, dict) or not isinstance(card.get("sha256"), str):
        raise ValueError(f"Expected '{path}' to be {what}, with their sha256; it has none.")
    return card


def checked_file(name, ending, folder=FOLDER, mend="Install m2m_tf again."):
    """The file of an extractor's weights, once it is known to be the one that was made.

    Args:
        name: Name of the extractor.
        ending: `".keras"` or `".npz"`.
        folder: Where the file and its card are.
        mend: What to do where they are damaged, a sentence.

    Raises:
        ValueError: If the file or its card is missing, or the file has changed.
    """
    path = Path(folder) / (name + ending)
    if not path.is_file() or not path.with_suffix(".json").is_file():
        raise ValueError(
            f"The extractor {name!r} expects {path.name!r} and its card in '{path.parent}'; they "
            f"are not there. {mend}"
        )
    if sha256(path) != read_card(name, folder)["sha256"]:
        raise ValueError(
            f"The weights of the extractor {name!r}, '{path}', are not those that were made: their "
            f"sha256 differs from the card's. {mend}"
        )
    return path


def read_arrays(path):
    """The arrays of a `.npz` file, by name."""
    return read_npz(path)


def set_arrays(model, arrays, where):
    """Gives a network of convolutions its kernels and biases.

    Args:
        model: A `keras.Model` whose layers with weights have a kernel and a bias each.
        arrays: `{"LAYER.kernel": array, "LAYER.bias": array}`, in Keras' order of axes.
        where: What holds the arrays, for the error.

    Raises:
        ValueError: If an array is missing, unknown, or of another shape.
    """
    expected = {
        f"{layer.name}.{part}": tuple(weight.shape)
        for layer in model.layers
        for part, weight in zip(("kernel", "bias"), layer.weights, strict=False)
    }
    found = {name: array.shape for name, array in arrays.items()}
    if found != expected:
        wrong = sorted(set(expected.items()) ^ set(found.items()))
        name = wrong[0][0]
        raise ValueError(
            f"Expected '{where}' to hold the {len(expected)} arrays of {model.name!r}; "
            f"{name!r} is {_shape(found.get(name))} there and should be "
            f"{_shape(expected.get(name))}. Make the file again."
        )
    for layer in model.layers:
        if layer.weights:
            parts = (arrays[f"{layer.name}.{part}"] for part in ("kernel", "bias"))
            layer.set_weights([np.asarray(part, "float32") for part in parts])


def _shape(shape):
    return "missing" if shape is None else f"of shape {shape}"
