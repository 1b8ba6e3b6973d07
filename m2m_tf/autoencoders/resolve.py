"""An autoencoder from what people call it by: a preset's name or a folder."""

import os
from collections.abc import Sequence
from pathlib import Path

from m2m_tf.autoencoders.autoencoder import Autoencoder
from m2m_tf.hints import StrPath


def resolve(name: Autoencoder | StrPath, image_shape: Sequence[int] | None = None) -> Autoencoder:
    """Returns the autoencoder that a name stands for.

    Args:
        name: A preset's name, a folder's path, or an `Autoencoder`.
        image_shape: `(height, width, channels)` to take it at, where it takes any size; None is as
            it was saved.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: If it is no name, there is neither a preset nor a folder of that name, the
            folder does not hold one, or it does not take that shape.

    Example:

    ```python
    autoencoder = resolve("universal", image_shape=(96, 128, 3))
    ```
    """
    if isinstance(name, Autoencoder):
        return name if image_shape is None else name.at(image_shape)
    check_names_one(name)
    path = Path(os.path.expanduser(name))
    if os.path.exists(path) or os.sep in str(name):
        return Autoencoder.load(path, image_shape=image_shape)
    return Autoencoder.from_preset(name, image_shape=image_shape)


def check_names_one(name):
    """Refuses what neither is an autoencoder nor can name one, such as two networks."""
    if not isinstance(name, (Autoencoder, str, os.PathLike)):
        raise ValueError(
            "Expected a m2m.Autoencoder, a preset's name or a folder; got "
            f"{type(name).__name__}. Two networks are made one by m2m.Autoencoder(encoder, "
            "decoder)."
        )
