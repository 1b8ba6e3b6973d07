"""The feature maps of EfficientNet-Lite0: what the perceptual term of pretraining compares."""

import keras
from keras import layers

from m2m_tf.features import weights
from m2m_tf.features.efficientnet_lite0 import NAME, build_network

# The layers that take the maps: they have a half to a sixteenth of the image's size.
TAKERS = ("block_01_expand", "block_03_expand", "block_05_expand", "block_11_expand")


def build_feature_maps(image_shape):
    """Builds the frozen network of the maps of four depths.

    Args:
        image_shape: `(height, width, channels)`, of any size; grey images become colour.

    Returns:
        A `keras.Model`: images `(n, height, width, channels)` in [-1, 1] to a list of maps.

    Raises:
        ValueError: If the weights are missing or changed.

    Example:

    ```python
    maps = build_feature_maps((64, 64, 3))(images)  # (n, 32, 32, 16) to (n, 4, 4, 112)
    ```
    """
    path = weights.checked_file(NAME, ".npz")
    network = build_network((*image_shape[:2], 3))
    weights.set_arrays(network, weights.read_arrays(path), path)
    outputs = [network.get_layer(name).input for name in TAKERS]
    network = keras.Model(network.input, outputs)
    image = keras.Input(image_shape, name="image")
    pixels = layers.Concatenate()([image] * 3) if image_shape[2] == 1 else image
    pixels = layers.Rescaling(127.5 / 128, 0.5 / 128)(pixels)
    maps = keras.Model(image, network(pixels), name="feature_maps")
    maps.trainable = False
    return maps
