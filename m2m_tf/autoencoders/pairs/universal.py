"""The universal pair: fully convolutional, codes at an eighth of the image's size."""

from collections.abc import Sequence

import keras
from keras import layers

from m2m_tf.checks import check_image_shape, check_whole

SHRINKAGE = 8  # an image's side over its code's
LEAST = 32  # pixels a side that the shipped weights were made for
CHANNELS = 32  # of a code
# Channels and residual blocks at a quarter and an eighth of the image's size. Nothing wide at full
# size: 64 channels there would cost 0.96 billion multiplications for 64x64 pixels.
ENCODER = ((64, 1), (192, 1))
# At an eighth, a quarter and a half.
DECODER = ((256, 2), (128, 2), (48, 1))
# In float32 even where the convolutions train in bfloat16: principal components are exact.
LINEAR = {"dtype": "float32", "name": "linear"}


def build_universal_pair(
    image_shape: Sequence[int], channels: int = CHANNELS
) -> tuple[keras.Model, keras.Model]:
    """Builds an encoder and a decoder for images of any size that is a multiple of 8.

    Each is a linear path, from patches of 8x8 pixels to code values and back, plus a path of
    residual convolutions that starts at zero: with the linear path set to the principal components
    of its source (see `pretraining/linear.py`) the pair reconstructs as PCA does before the
    first training step. There is no normalisation, so that an image's code does not depend on how
    large the image is; blocks start as identities, which is what lets them train without it
    (Zhang et al., arXiv 1901.09321). All layers are Keras' own.

    Args:
        image_shape: `(height, width, channels)`; sides are multiples of 8, channels 1 or 3.
        channels: Values of a code at each place, from 1 to 64 times the image's channels.

    Returns:
        `(encoder, decoder)`, two untrained `keras.Model`s: `(n, height, width, c)` in [-1, 1] to
        codes `(n, height / 8, width / 8, channels)` without bound, and back to [-1, 1].

    Raises:
        ValueError: If a side is no multiple of 8; the two nearest are named.

    Example:

    ```python
    encoder, decoder = build_universal_pair((96, 128, 3))
    encoder.output_shape  # (None, 12, 16, 32)
    ```
    """
    check_whole("channels", channels)
    check_sides(image_shape)
    height, width, colours = image_shape
    if channels > SHRINKAGE**2 * colours:
        raise ValueError(
            f"A code of {channels} channels holds more than the {SHRINKAGE**2 * colours} values of "
            f"the patch that each of its places stands for; give that many channels or fewer."
        )
    code_shape = (height // SHRINKAGE, width // SHRINKAGE, channels)
    return _build_encoder(tuple(image_shape), channels), _build_decoder(code_shape, colours)


def check_sides(image_shape, shrinkage=SHRINKAGE):
    """Refuses an image shape of which a side is no multiple of `shrinkage`.

    Raises:
        ValueError: It names the two nearest sizes.
    """
    shape = check_image_shape(image_shape)
    if any(side % shrinkage for side in shape[:2]):
        below, above = (
            "x".join(str(max(shrinkage, round_to(side))) for side in shape[:2])
            for round_to in (
                lambda side: side // shrinkage * shrinkage,
                lambda side: -(-side // shrinkage) * shrinkage,
            )
        )
        raise ValueError(
            f"Expected image sides that are multiples of {shrinkage}; got {shape[0]}x{shape[1]}. "
            f"The nearest sizes are {below} and {above}: give one of them as image_size "
            f"(--image_size {above}), and the images are resized to it, cropped or, with fit='pad' "
            "(--fit pad), with a white margin."
        )


def _build_encoder(image_shape, channels):
    image = keras.Input(image_shape, name="image")
    linear = layers.Conv2D(channels, SHRINKAGE, strides=SHRINKAGE, **LINEAR)(image)
    x = image
    for (filters, blocks), kernel, stride in zip(ENCODER, (8, 4), (4, 2), strict=True):
        x = layers.Conv2D(filters, kernel, stride, padding="same", activation="relu")(x)
        x = _residual_blocks(x, blocks)
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer="zeros", name="correction")(x)
    code = layers.Add(name="code", dtype="float32")([linear, x])
    return keras.Model(image, code, name="encoder")


def _build_decoder(code_shape, colours):
    code = keras.Input(code_shape, name="code")
    linear = layers.Conv2DTranspose(colours, SHRINKAGE, strides=SHRINKAGE, **LINEAR)(code)
    filters, blocks = DECODER[0]
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(code)
    x = _residual_blocks(x, blocks)
    for filters, blocks in DECODER[1:]:
        x = layers.Conv2DTranspose(filters, 4, 2, padding="same", activation="relu")(x)
        x = _residual_blocks(x, blocks)
    x = layers.Conv2DTranspose(
        colours, 4, 2, padding="same", kernel_initializer="zeros", name="correction"
    )(x)
    x = layers.Add(dtype="float32")([linear, x])
    # Clips, so that black is exactly black.
    image = layers.Activation("hard_tanh", dtype="float32", name="image")(x)
    return keras.Model(code, image, name="decoder")


def _residual_blocks(x, count):
    filters = x.shape[-1]
    for _ in range(count):
        y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        y = layers.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(y)
        x = layers.Add()([x, y])
    return x
