"""The checks on what an encoder gives, on weights, and on Keras' order of an image's axes."""

import keras
import numpy as np

OF_KERAS = {"overwrite", "zipped", "save_format", "include_optimizer"}


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


def check_is_folder(path, facts):
    """Refuses to save under a file's name, or with the arguments of Keras' `save`.

    Args:
        path: Where an autoencoder is to be written.
        facts: What its card is to say, by name.

    Raises:
        ValueError: With what to write instead.
    """
    if str(path).endswith((".keras", ".h5", ".hdf5")):
        raise ValueError(
            f"Autoencoder.save writes a folder of two .keras files and a card; got '{path}', a "
            "file's name. Leave its ending out."
        )
    if words := sorted(OF_KERAS & set(facts)):
        raise ValueError(
            f"Autoencoder.save has no {words[0]}: it writes a folder, replaces what is there, and "
            "other arguments are facts for its card, as licence='CC0-1.0'. Leave it out."
        )
