"""The extractor "efficientnet_lite0": a small network that has seen ImageNet."""

import keras
from keras import layers

from m2m_tf.features import weights
from m2m_tf.features.extractor import Extractor

NAME = "efficientnet_lite0"
IMAGE_SHAPE = (224, 224, 3)
DIM = 1280
BATCH_LIMIT = 32  # the widest maps of 32 images take 150 MB
EPSILON = 1e-3  # of the batch normalisation that the weights have folded in

# (blocks, kernel size, first stride, expansion, channels)
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def efficientnet_lite0(image_shape=None):
    """Returns the extractor of EfficientNet-Lite0's 1,280 pooled features.

    The weights come with the package, as float16; features are computed in float32.

    Args:
        image_shape: Not used: images of any size become 224x224 colour.

    Raises:
        ValueError: If the weights are missing or changed.

    Example:

    ```python
    efficientnet_lite0()(images).values.shape  # (n, 1280)
    ```
    """
    path = weights.checked_file(NAME, ".npz")
    network = build_network()
    weights.set_arrays(network, weights.read_arrays(path), path)

    def embed(images):
        return network((127.5 * (images + 1) - 127) / 128, training=False)

    return Extractor(NAME, embed, IMAGE_SHAPE, DIM, batch_limit=BATCH_LIMIT)


def build_network(image_shape=IMAGE_SHAPE):
    """The network without its classifier: (pixels - 127) / 128, colour, to features.

    EfficientNet-B0 without squeeze-and-excitation and with ReLU6; its batch normalisation is part
    of the convolutions. Source: Tan and Le, arXiv 1905.11946; Google's EfficientNet-Lite, 2020.
    """
    pixels = keras.Input(image_shape, name="pixels")
    maps = _activated(_convolution(32, 3, 2, name="stem")(pixels))
    number = 0
    for blocks, size, stride, expansion, channels in STAGES:
        for index in range(blocks):
            name = f"block_{number:02d}"
            maps = _block(maps, size, 1 if index else stride, expansion, channels, name)
            number += 1
    maps = _activated(_convolution(DIM, name="head")(maps))
    return keras.Model(pixels, layers.GlobalAveragePooling2D()(maps), name=NAME)


def _block(maps, size, stride, expansion, channels, name):
    """An inverted residual block: widen, filter each channel, narrow, add."""
    start, width = maps, expansion * maps.shape[-1]
    if expansion > 1:
        maps = _activated(_convolution(width, name=f"{name}_expand")(maps))
    filter_each = layers.DepthwiseConv2D(size, stride, "same", name=f"{name}_depthwise")
    maps = _activated(filter_each(maps))
    maps = _convolution(channels, name=f"{name}_project")(maps)
    return layers.Add()([start, maps]) if start.shape == maps.shape else maps


def _convolution(filters, size=1, stride=1, name=None):
    return layers.Conv2D(filters, size, stride, "same", name=name)


def _activated(maps):
    return layers.ReLU(6.0)(maps)
