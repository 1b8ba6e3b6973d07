"""Held-out images: which of a target's images a mind never trains on."""

import numpy as np

from m2m_tf.checks import check_number

GOLDEN_RATIO = (1 + 5**0.5) / 2


def held_out_rows(count, share):
    """Chooses held-out images by their numbers alone, the same ones in every run.

    Image `i` is held out where the fractional part of `i` times the golden ratio lies below the
    share: spread evenly over the target, and over each class of a target that is sorted by class
    or deals its classes out in turn.

    Args:
        count: Number of images.
        share: Share to hold out, in [0, 1).

    Returns:
        A boolean array `(count,)`, True where the image is held out.

    Raises:
        ValueError: If the share is out of range, or leaves no image on one of the two sides.

    Example:
        >>> held_out_rows(10_000, 0.1).sum()
        1000
    """
    share = check_share(share)
    rows = np.modf(np.arange(count) * GOLDEN_RATIO)[0] < share
    if share and not 0 < rows.sum() < count:
        raise ValueError(
            f"A validation_split of {share} of {count} images leaves {count - rows.sum()} to train "
            f"on and {rows.sum()} held out. Give more images or another share; 0 holds none out."
        )
    return rows


def check_share(share):
    """Returns a share as a float, or refuses one outside [0, 1)."""
    said = "validation_split is a share of the images, from 0 to below 1"
    return check_number(said, share, below=1)
