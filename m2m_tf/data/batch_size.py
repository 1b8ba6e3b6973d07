"""How many images are worked on at once: fewer where they are large, so that memory is bounded."""

import math
from collections.abc import Sequence

MOST = 256
VALUES = 1 << 23  # of the images at once: 32 MiB as float32; networks take 20 times that


def default_batch_size(image_shape: Sequence[int]) -> int:
    """The number of images of a shape to work on at once: 256, down to 2 at 1024x1024 in colour.

    Args:
        image_shape: `(height, width, channels)`.

    Example:
        >>> default_batch_size((28, 28, 1)), default_batch_size((1024, 1024, 3))
        (256, 2)
    """
    return max(1, min(MOST, VALUES // math.prod(image_shape)))
