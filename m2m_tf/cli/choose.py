"""What --autoencoder names: a preset or a folder."""

import os
from pathlib import Path


def load_autoencoder(name):
    """Loads the preset of that name, or the folder where there is one or it looks like one.

    Args:
        name: what the user gave.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: if there is neither, or the folder does not hold one.
    """
    from m2m_tf.autoencoders import Autoencoder

    path = Path(name).expanduser()
    if path.exists() or os.sep in name:
        return Autoencoder.load(path)
    return Autoencoder.from_preset(name)
