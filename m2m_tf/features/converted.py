"""Weights that are converted once, on the user's machine, and kept in the cache folder."""

import json
from pathlib import Path

import numpy as np

from m2m_tf.errors import WeightsUnavailable
from m2m_tf.features import weights
from m2m_tf.files.card import sha256
from m2m_tf.files.durable import replacing, write_durably
from m2m_tf.files.home import home

SHIPPED = (
    "or choose the extractor 'efficientnet_lite0' or 'digits_fashion', whose weights come with the "
    "package."
)


def cache_folder():
    """Where converted weights are kept: `$M2M_TF_HOME/extractors`, or `~/.cache/m2m_tf/...`."""
    return home() / "extractors"


def is_here(name):
    """Whether the converted weights of an extractor, and their card, are in the cache."""
    folder = cache_folder()
    return (folder / f"{name}.npz").is_file() and (folder / f"{name}.json").is_file()


def write_converted(network, arrays, facts, folder=None):
    """Writes converted weights and then their card, once the network has taken them.

    Args:
        network: The `keras.Model` that they are for; its name is the extractor's.
        arrays: `{"LAYER.kernel": array, "LAYER.bias": array}`, in Keras' order of axes.
        facts: What the card says: `"licence"`, `"source"`, `"source_sha256"`.
        folder: Where to write; by default the cache folder, where extractors look.

    Returns:
        The path of the `.npz` file, beside which its card is.

    Raises:
        ValueError: If the network does not take the arrays; nothing is written then.
    """
    weights.set_arrays(network, arrays, facts["source"])
    folder = Path(folder) if folder else cache_folder()
    path, card = folder / f"{network.name}.npz", folder / f"{network.name}.json"
    with replacing(path) as unfinished:
        np.savez(unfinished, **arrays)
        said = {"name": network.name, **facts, "sha256": sha256(unfinished)}
        card.unlink(missing_ok=True)  # no card stands beside another file
    write_durably(card, (json.dumps(said, indent=2) + "\n").encode())
    return path


def set_converted(network, how_to_get):
    """Gives a network its converted weights from the cache.

    Args:
        network: The `keras.Model`; its name is the extractor's.
        how_to_get: For the error: a sentence that says what to download and to run.

    Raises:
        WeightsUnavailable: If they are not there.
        ValueError: If they have changed since.
    """
    name, folder = network.name, cache_folder()
    if not is_here(name):
        raise WeightsUnavailable(
            f"The extractor '{name}' needs weights that are not in '{folder}'. {how_to_get}; "
            f"{SHIPPED}"
        )
    path = weights.checked_file(name, ".npz", folder, "Convert them again.")
    weights.set_arrays(network, weights.read_arrays(path), path)


def notes_on_source(name, published_sha256, published):
    """Notes for the features, where the converted weights came from another file.

    Args:
        name: Name of the extractor, whose weights are in the cache.
        published_sha256: That of the file that the extractor is known for.
        published: What that file is called in the note.
    """
    card = weights.read_card(name, cache_folder())
    if card.get("source_sha256") == published_sha256:
        return ()
    source = card.get("source")
    return (f"the weights of '{name}' were converted from {source}, which is not {published}",)
