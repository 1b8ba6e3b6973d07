"""The extractor "digits_fashion": a small classifier of digits and garments."""

import keras

from m2m_tf.features import weights
from m2m_tf.features.extractor import Extractor
from m2m_tf.files.keras_file import load_keras

NAME = "digits_fashion"


def digits_fashion(image_shape=None):
    """Returns the extractor of a small classifier's 128 last but one activations.

    `scripts/digits_fashion.py` trained the classifier on 9,000 MNIST digits and on Fashion-MNIST.

    Args:
        image_shape: Not used: images of any size become 28x28 grey.

    Raises:
        ValueError: If the weights are missing or changed.

    Example:

    ```python
    digits_fashion()(images).values.shape  # (n, 128)
    ```
    """
    classifier = load_classifier()
    features = classifier.get_layer("features").output
    network = keras.Model(classifier.input, features, name=NAME)
    return Extractor(
        NAME,
        lambda images: network(images, training=False),
        classifier.input_shape[1:],
        features.shape[-1],
    )


def load_classifier():
    """The whole classifier: 28x28 grey images to the scores of 10 digits, then 10 garments."""
    path = weights.checked_file(NAME, ".keras")
    return load_keras(path, compile=False)
