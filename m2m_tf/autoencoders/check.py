"""The checks on what an encoder gives, on weights, and on Keras' order of an image's axes."""

import keras
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


def check_weights(decoder):
    """Refuses a decoder of which a weight is a NaN or infinite.

    Args:
        decoder: A built `keras.Model`.

    Raises:
        ValueError: If one is.
    """
    for weight, values in zip(decoder.weights, decoder.get_weights(), strict=True):
        if not np.isfinite(values).all():
            raise ValueError(
                f"The decoder's weights '{weight.path}' are not finite: it is damaged, or its "
                "training went astray. Give it as it was before that, or train it anew."
            )


def check_channels_last():
    """Refuses networks of others where Keras' layers put channels first.

    Raises:
        ValueError: If they do.
    """
    if (found := keras.config.image_data_format()) != "channels_last":
        raise ValueError(
            "Autoencoder expects Keras' image data format to be 'channels_last'; it is "
            f"{found!r}. Build both networks anew after this: "
            "keras.config.set_image_data_format('channels_last')."
        )
