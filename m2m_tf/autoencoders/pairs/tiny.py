"""The tiny autoencoders of the diffusion world: their families and networks.

Source: madebyollin/taesd, taesd.py (MIT). Images are in [0, 1] there, and codes need no scale.
"""

import dataclasses
from typing import Literal, TypeAlias

import keras
from keras import layers

from m2m_tf import checks
from m2m_tf.autoencoders.pairs.tiny_steps import (
    Block,
    Conv,
    Plain,
    published_name,
    run_steps,
)
from m2m_tf.errors import did_you_mean

WIDTH = 64


@dataclasses.dataclass(frozen=True)
class Family:
    """What sets one family apart: channels of a code, pixels a place of it, the extra branch."""

    channels: int
    shrinkage: int = 8
    pooled: bool = False


TinyFamily: TypeAlias = Literal["taesd", "taesdxl", "taesd3", "taef1", "taef2", "taesana"]
FAMILIES = {
    "taesd": Family(4),
    "taesdxl": Family(4),
    "taesd3": Family(16),
    "taef1": Family(16),
    "taef2": Family(32, pooled=True),
    "taesana": Family(32, shrinkage=32),
}


def family_of(name):
    """The `Family` of that name.

    Raises:
        ValueError: If there is none; near names are offered.
    """
    if name in FAMILIES:
        return FAMILIES[name]
    offer = did_you_mean(name, FAMILIES, most=2)
    raise ValueError(
        f"There is no family {name!r} of tiny autoencoders.{offer} The families are: "
        f"{', '.join(FAMILIES)}."
    )


def check_image_shape(name, image_shape):
    """Refuses images that a family cannot shrink evenly.

    Args:
        name: One of `FAMILIES`.
        image_shape: `(height, width, channels)` of the images to come.

    Raises:
        ValueError: If a side is no multiple of the shrinkage, the nearest sizes are said; or if
            there are not 1 or 3 channels.
    """
    multiple = family_of(name).shrinkage
    sides = checks.check_image_shape(image_shape)[:2]
    below = [side // multiple * multiple for side in sides]
    above = [-(-side // multiple) * multiple for side in sides]
    if below != above:
        nearest = [_size(size) for size in (below, above) if min(size)]
        raise ValueError(
            f"'{name}' takes images whose sides are multiples of {multiple} pixels; got "
            f"{_size(sides)}. Resize them to {' or '.join(nearest)} (height x width), on the "
            f"command line with --image_size={nearest[-1]}."
        )


def encoder_steps(family):
    """The encoder; a step's place in the list is its number in the published file."""
    steps = [Conv(WIDTH), Block()]
    if family.shrinkage == 32:
        steps = [Conv(WIDTH // 2, stride=2), Plain("relu"), Conv(WIDTH, stride=2), Plain("relu")]
        steps += [Block()]
    for level in range(3):
        blocks = [Block(pooled=family.pooled and level == 2)] * 3
        steps += [Conv(WIDTH, stride=2, use_bias=False), *blocks]
    return [*steps, Conv(family.channels)]


def decoder_steps(family, image_channels=3):
    """The decoder; a step's place in the list is its number in the published file."""
    widths = [WIDTH] * 4 if family.shrinkage == 8 else [256, 128, *[WIDTH] * 4]
    steps = [Plain("clamp"), Conv(widths[0]), Plain("relu")]
    for level, width in enumerate(widths[1:]):
        blocks = [Block(pooled=family.pooled and level == 0)] * 3
        steps += [*blocks, Plain("double"), Conv(width, use_bias=False)]
    return [*steps, Block(), Conv(image_channels)]


def build_tiny_pair(name, image_shape):
    """Builds the encoder and the decoder of a family, untrained.

    Args:
        name: One of `FAMILIES`.
        image_shape: `(height, width, channels)`, sides multiples of the shrinkage.

    Returns:
        `(encoder, decoder)`, two `keras.Model`s: images in [-1, 1] to codes
        `(n, height / shrinkage, width / shrinkage, channels)`, and back, clipped.

    Raises:
        ValueError: If there is no such family, or it does not take such images.

    Example:

    ```python
    encoder, decoder = build_tiny_pair("taef1", (64, 64, 3))
    encoder.output_shape  # (None, 8, 8, 16)
    ```
    """
    family = family_of(name)
    check_image_shape(name, image_shape)
    image = keras.Input(tuple(image_shape), name="image")
    x = layers.Rescaling(0.5, 0.5)(image)  # before the padding: 0 is black there
    encoder = keras.Model(image, run_steps(encoder_steps(family), x), name=f"{name}_encoder")
    code = keras.Input(encoder.output_shape[1:], name="code")
    x = run_steps(decoder_steps(family, image_shape[2]), code)
    x = layers.Activation("hard_tanh", dtype="float32", name="image")(layers.Rescaling(2, -1)(x))
    return encoder, keras.Model(code, x, name=f"{name}_decoder")


def set_published(model, arrays):
    """Gives a network the weights of a published file.

    Where the network is for grey images, the image is repeated into the three channels of the
    first convolution, and those of the last are averaged.

    Args:
        model: An encoder or a decoder of `build_tiny_pair`.
        arrays: `{"0.weight": array, ...}` in PyTorch's order of axes, all that `shapes_of` names.
    """
    for layer in model.layers:
        if layer.weights:
            parts = zip(layer.weights, ("weight", "bias"), strict=False)
            layer.set_weights(
                [
                    _fitted(_ours(arrays[f"{published_name(layer)}.{part}"]), tuple(weight.shape))
                    for weight, part in parts
                ]
            )


def _ours(array):
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array


def _fitted(array, shape):
    if array.shape == shape:
        return array
    if array.ndim == 4 and array.shape[2] != shape[2]:
        return array.sum(2, keepdims=True)
    return array.mean(-1, keepdims=True)


def _size(sides):
    return "x".join(map(str, sides))
