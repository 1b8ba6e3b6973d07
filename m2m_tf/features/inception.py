"""The extractor "inception": InceptionV3 with the ImageNet weights that Keras downloads."""

import contextlib
import os
import socket
from pathlib import Path

import keras

from m2m_tf.errors import WeightsUnavailable
from m2m_tf.features.extractor import Extractor

NAME = "inception"
IMAGE_SHAPE = (299, 299, 3)
DIM = 2048
BATCH_LIMIT = 32
WEIGHTS_FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
PATIENCE = 30  # seconds without a byte, after which a download has failed


def inception(image_shape=None):
    """Returns the extractor of InceptionV3's 2,048 pooled features.

    These are the weights of `keras.applications`, not those of the literature's Fréchet distance:
    for them see `inception_2015`.

    Args:
        image_shape: Not used: images of any size become 299x299 colour.

    Raises:
        WeightsUnavailable: If Keras cannot download the weights; a ValueError that says how to
            get them.

    Example:

    ```python
    inception()(images).values.shape  # (n, 2048)
    ```
    """
    try:
        with patience(PATIENCE):
            network = build_network("imagenet")
    except Exception as error:  # Keras raises a bare Exception for a download that failed
        raise WeightsUnavailable(_how_to_get(error)) from error
    return Extractor(
        NAME,
        lambda images: network(images, training=False),
        IMAGE_SHAPE,
        DIM,
        batch_limit=BATCH_LIMIT,
    )


def build_network(weights=None):
    """InceptionV3 without its classifier: images in [-1, 1] to pooled features.

    Args:
        weights: `"imagenet"`, which Keras downloads once, or None for random ones.
    """
    return keras.applications.InceptionV3(
        weights=weights, include_top=False, pooling="avg", input_shape=IMAGE_SHAPE
    )


def weights_path():
    """Where Keras keeps the downloaded weights."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "models" / WEIGHTS_FILE


@contextlib.contextmanager
def patience(seconds):
    """Lets a download fail where a firewall swallows it; without this it would wait for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _how_to_get(error):
    return (
        f"The extractor 'inception' needs the weights of keras.applications.InceptionV3; Keras "
        f"could not load them ({error}). Download {WEIGHTS_FILE} on another machine (there, "
        "keras.applications.InceptionV3(include_top=False) does it) and copy it to "
        f"'{weights_path()}'; or choose the extractor 'efficientnet_lite0' or 'digits_fashion', "
        "whose weights come with the package (fallback= does so where the weights are missing)."
    )
