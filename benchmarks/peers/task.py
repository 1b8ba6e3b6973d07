"""What every peer gets: one target, one frozen autoencoder, and how to compile."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import m2m_tf as m2m


@dataclass(frozen=True)
class Task:
    """A target to learn to draw.

    Attributes:
        autoencoder: The frozen `Autoencoder` of the source.
        images: float32 `(n, height, width, channels)` in [-1, 1], the target's training images.
        codes: float32 `(n, *code_shape)`, their codes.
        load_source: Gives the source's images, `m2m.data.Images`; called only by peers that start
            from a GAN of the source.
        folder: Where a GAN of the source is kept for the next run.
        source_seconds: Seconds that a GAN of the source is trained.
        compilation: `"faster"` measures a step as a graph and with XLA; `"graph"` or `"xla"`.
    """

    autoencoder: m2m.Autoencoder
    images: object
    codes: object
    load_source: Callable
    folder: Path
    source_seconds: float = 300.0
    compilation: str = "faster"
