"""The extractor "pixels": the images themselves."""

import math

import tensorflow as tf

from m2m_tf.features.extractor import Extractor


def pixels(image_shape):
    """Returns the extractor whose features are the pixels, flattened.

    Args:
        image_shape: (height, width, channels) of the images.

    Example:

    ```python
    pixels((28, 28, 1))(images).values.shape  # (n, 784)
    ```
    """
    dim = math.prod(image_shape)
    return Extractor("pixels", lambda images: tf.reshape(images, (-1, dim)), image_shape, dim)
