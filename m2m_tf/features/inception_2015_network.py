"""The network of the extractor "inception_2015", layer by layer as its weights are named."""

import keras
from keras import layers

NAME = "inception_2015"
IMAGE_SHAPE = (299, 299, 3)


def build_network():
    """The graph of 2015 up to its pooled features; layers have torch-fidelity's names.

    It differs from Keras' InceptionV3 in its weights, in its biases (batch normalisation is part
    of the convolutions here, with its own scale) and in the max pool of the last block.
    """
    pixels = keras.Input(IMAGE_SHAPE, name="pixels")
    maps = _convolve(pixels, "Conv2d_1a_3x3", 32, 3, 2, "valid")
    maps = _convolve(maps, "Conv2d_2a_3x3", 32, 3, padding="valid")
    maps = _convolve(maps, "Conv2d_2b_3x3", 64, 3)
    maps = layers.MaxPooling2D(3, 2, name="MaxPool_1")(maps)
    maps = _convolve(maps, "Conv2d_3b_1x1", 80, 1)
    maps = _convolve(maps, "Conv2d_4a_3x3", 192, 3, padding="valid")
    maps = layers.MaxPooling2D(3, 2, name="MaxPool_2")(maps)
    for name, pooled in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        maps = _block_35(maps, name, pooled)
    maps = _block_35_to_17(maps, "Mixed_6a")
    for name, width in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        maps = _block_17(maps, name, width)
    maps = _block_17_to_8(maps, "Mixed_7a")
    maps = _block_8(maps, "Mixed_7b", layers.AveragePooling2D)
    # A max pool, likely by mistake, but the published figures are measured with it.
    maps = _block_8(maps, "Mixed_7c", layers.MaxPooling2D)
    features = layers.GlobalAveragePooling2D(name="AvgPool")(maps)
    return keras.Model(pixels, features, name=NAME)


def _block_35(maps, name, pooled):
    one = _convolve(maps, f"{name}_branch1x1", 64, 1)
    five = _chain(maps, f"{name}_branch5x5", [(48, 1), (64, 5)])
    three = _chain(maps, f"{name}_branch3x3dbl", [(64, 1), (96, 3), (96, 3)])
    return _join(name, one, five, three, _pool_branch(maps, name, pooled))


def _block_35_to_17(maps, name):
    three = _convolve(maps, f"{name}_branch3x3", 384, 3, 2, "valid")
    double = _chain(maps, f"{name}_branch3x3dbl", [(64, 1), (96, 3)])
    double = _convolve(double, f"{name}_branch3x3dbl_3", 96, 3, 2, "valid")
    return _join(name, three, double, layers.MaxPooling2D(3, 2)(maps))


def _block_17(maps, name, width):
    row, column = (1, 7), (7, 1)
    one = _convolve(maps, f"{name}_branch1x1", 192, 1)
    seven = _chain(maps, f"{name}_branch7x7", [(width, 1), (width, row), (192, column)])
    sizes = [(width, 1), (width, column), (width, row), (width, column), (192, row)]
    double = _chain(maps, f"{name}_branch7x7dbl", sizes)
    return _join(name, one, seven, double, _pool_branch(maps, name, 192))


def _block_17_to_8(maps, name):
    three = _convolve(maps, f"{name}_branch3x3_1", 192, 1)
    three = _convolve(three, f"{name}_branch3x3_2", 320, 3, 2, "valid")
    seven = _chain(maps, f"{name}_branch7x7x3", [(192, 1), (192, (1, 7)), (192, (7, 1))])
    seven = _convolve(seven, f"{name}_branch7x7x3_4", 192, 3, 2, "valid")
    return _join(name, three, seven, layers.MaxPooling2D(3, 2)(maps))


def _block_8(maps, name, pool):
    one = _convolve(maps, f"{name}_branch1x1", 320, 1)
    three = _convolve(maps, f"{name}_branch3x3_1", 384, 1)
    three = _fork(three, f"{name}_branch3x3_2")
    double = _chain(maps, f"{name}_branch3x3dbl", [(448, 1), (384, 3)])
    double = _fork(double, f"{name}_branch3x3dbl_3")
    return _join(name, one, *three, *double, _pool_branch(maps, name, 192, pool))


def _fork(maps, name):
    """A row and a column filter, side by side."""
    return _convolve(maps, f"{name}a", 384, (1, 3)), _convolve(maps, f"{name}b", 384, (3, 1))


def _chain(maps, name, filters_and_sizes):
    for number, (filters, size) in enumerate(filters_and_sizes, start=1):
        maps = _convolve(maps, f"{name}_{number}", filters, size)
    return maps


def _pool_branch(maps, name, filters, pool=layers.AveragePooling2D):
    # TensorFlow's average leaves the padding out of the count, as the graph does.
    return _convolve(pool(3, 1, "same")(maps), f"{name}_branch_pool", filters, 1)


def _convolve(maps, name, filters, size, stride=1, padding="same"):
    return layers.Conv2D(filters, size, stride, padding, activation="relu", name=name)(maps)


def _join(name, *branches):
    return layers.Concatenate(name=name)(branches)
