"""The check on what an encoder gives."""

import numpy as np


def check_codes(codes, start, name):
    """Refuses codes with a NaN or an infinite value.

    Args:
        codes: float array `(n, *code_shape)`.
        start: Number of images before these, to name the bad one.
        name: The autoencoder's name.

    Raises:
        ValueError: If a code is not finite.
    """
    bad = np.flatnonzero(~np.isfinite(codes).reshape(len(codes), -1).all(axis=1))
    if len(bad):
        raise ValueError(
            f"'{name}' gives a code that is not finite for image {start + bad[0]}. Its encoder is "
            "damaged or was trained on images of another range: m2m_tf gives it [-1, 1]."
        )
