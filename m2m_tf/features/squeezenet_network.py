"""The network of the extractor "squeezenet", layer by layer as its weights are named."""

import keras
from keras import layers

NAME = "squeezenet"
IMAGE_SHAPE = (227, 227, 3)
CLASSES = 1000

# Of fire modules 2 to 9: (squeezed channels, channels of each of the two expansions).
FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))
POOLED_BEFORE = (2, 4, 6)  # the fire modules whose input is halved


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
