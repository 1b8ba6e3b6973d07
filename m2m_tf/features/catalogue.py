"""The extractors that have a name."""

import dataclasses
import math

import tensorflow as tf

from m2m_tf.features import (
    converted,
    efficientnet_lite0,
    inception,
    inception_2015,
    squeezenet,
    squeezenet_weights,
    weights,
)
from m2m_tf.features.digits_fashion import digits_fashion
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.inception_2015_weights import convert_inception_2015


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


# Each takes the images' (height, width, channels) and returns an `Extractor`.
BUILDERS = {
    "pixels": pixels,
    "digits_fashion": digits_fashion,
    "efficientnet_lite0": efficientnet_lite0.efficientnet_lite0,
    "squeezenet": squeezenet.squeezenet,
    "inception": inception.inception,
    "inception_2015": inception_2015.inception_2015,
}

# Those whose weights are converted once; each takes the path of the downloaded file.
CONVERTERS = {
    "squeezenet": squeezenet_weights.convert_squeezenet,
    "inception_2015": convert_inception_2015,
}


@dataclasses.dataclass(frozen=True)
class ExtractorFacts:
    """What is known of an extractor before it is built.

    Args:
        dim: Number of features, in words: `"128"`.
        images: What it works at, in words: `"28x28 grey"`.
        data: What its network has seen.
        licence: The licence of its weights.
        available: Whether its weights are here.
        weights: Where they are, or how to get them.
    """

    dim: str
    images: str
    data: str
    licence: str
    available: bool
    weights: str

    def __str__(self):
        return (
            f"{self.dim} features of {self.images} images, seen: {self.data}; licence: "
            f"{self.licence}; weights: {self.weights}"
        )


def available_extractors():
    """Returns what is known of each named extractor, built or not.

    Returns:
        `{name: ExtractorFacts}`; `str(facts)` is one line.

    Example:

    ```python
    for name, facts in available_extractors().items():
        print(name, facts)
    ```
    """
    return {
        "pixels": ExtractorFacts("all pixels", "any", "nothing", "none", True, "needs none"),
        "digits_fashion": _shipped("digits_fashion", "MNIST digits, Fashion-MNIST"),
        "efficientnet_lite0": _shipped("efficientnet_lite0", "ImageNet"),
        "squeezenet": _squeezenet(),
        "inception": _inception(),
        "inception_2015": _inception_2015(),
    }


def _shipped(name, data):
    card = weights.read_card(name)
    height, width, channels = card["image_shape"]
    images = f"{height}x{width} {'grey' if channels == 1 else 'colour'}"
    return ExtractorFacts(
        str(card["dim"]), images, data, card["licence"], True, "come with the package"
    )


def _inception():
    here = inception.weights_path().is_file()
    where = "here" if here else "downloaded by Keras at the first use"
    return ExtractorFacts("2048", "299x299 colour", "ImageNet", "Apache-2.0", here, where)


def _squeezenet():
    how = f"{squeezenet_weights.DOWNLOAD}, then {squeezenet_weights.CONVERT}"
    return _converted(squeezenet, squeezenet_weights.LICENCE, how)


def _inception_2015():
    how = "converted by m2m extractors --convert inception_2015 --weights FILE.pth"
    return _converted(inception_2015, "Apache-2.0", how)


def _converted(module, licence, how):
    here = converted.is_here(module.NAME)
    height, width, _ = module.IMAGE_SHAPE
    images = f"{height}x{width} colour"
    return ExtractorFacts(
        str(module.DIM), images, "ImageNet", licence, here, "here" if here else how
    )
