"""The autoencoders that come with the package."""

from pathlib import Path
from typing import Any

from m2m_tf.errors import did_you_mean
from m2m_tf.files.strict_json import read_json


def presets() -> dict[str, dict[str, Any]]:
    """Returns the cards of the autoencoders that come with the package, by name.

    Example:

    ```python
    for name, card in m2m.presets().items():
        print(name, card["image_shape"], card["data"], card["licence"])
    ```
    """
    cards = sorted(_root().glob("*/card.json"))
    return {path.parent.name: read_json(path) for path in cards}


def preset_folder(name):
    """Returns the folder of a preset.

    Raises:
        ValueError: If there is none of that name; near names are offered.
    """
    names = sorted(path.parent.name for path in _root().glob("*/card.json"))
    if name not in names:
        offer = did_you_mean(name, names, cutoff=0.4)
        raise ValueError(
            f"There is no preset {name!r}.{offer} The presets are: {', '.join(names)}. A folder of "
            "your own is loaded with m2m.Autoencoder.load(path)."
        )
    return _root() / name


def _root():
    package = Path(__file__).parents[1]
    inside = package / "saved_models"  # in an installed wheel
    return inside if inside.is_dir() else package.parent / "saved_models"
