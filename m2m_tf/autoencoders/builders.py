"""Encoders and decoders: the paper's 28x28 pair, and a small family for any image shape."""

import math

import keras
from keras import layers

THUMBNAIL = 32  # pixels: the linear path sees the image at most this large
SMALLEST_MAP = 8  # pixels: convolutions stop halving the image here


def build_paper_pair(code_dim=256):
    """Builds the autoencoder of the paper for 28x28 grey images.

    The encoder ends in a tanh, so its codes lie in [-1, 1]. Source: Frégier and Gouray,
    arXiv 1906.11613, the 28x28 experiments.

    Args:
        code_dim: Length of a code vector.

    Returns:
        `(encoder, decoder)`, two untrained `keras.Model`s: `(n, 28, 28, 1)` in [-1, 1] to
        `(n, code_dim)`, and back.

    Example:

    ```python
    encoder, decoder = build_paper_pair()
    autoencoder = m2m.Autoencoder(encoder, decoder)
    ```
    """
    _check_positive(code_dim=code_dim)
    image = keras.Input((28, 28, 1), name="image")
    x = image
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 5, strides=2, padding="same")(x)
        x = layers.GroupNormalization(groups=-1)(x)  # one group a channel: instance normalisation
        x = layers.ReLU()(x)
    code = layers.Dense(code_dim, activation="tanh", name="code")(layers.Flatten()(x))
    encoder = keras.Model(image, code, name="paper_encoder")

    code = keras.Input((code_dim,), name="code")
    x = layers.Dense(4 * 4 * 64, activation="relu")(code)
    x = layers.Reshape((4, 4, 64))(x)
    for filters in (64, 64, 32):
        x = layers.Conv2DTranspose(filters, 5, strides=2, padding="same")(x)
        x = layers.BatchNormalization(synchronized=True)(x)
        x = layers.ReLU()(x)
    x = layers.CenterCrop(28, 28)(x)
    x = layers.Conv2DTranspose(1, 5, padding="same", activation="tanh", name="image")(x)
    return encoder, keras.Model(code, x, name="paper_decoder")


def build_pair(image_shape, code_dim=64, width=32):
    """Builds an encoder and a decoder that add a convolutional path to a linear one.

    The linear path maps the image, shrunk to at most 32 pixels a side, to the code and back. The
    convolutional path starts at zero, so that a pair whose linear path is set to the principal
    components of its source (see `m2m_tf.autoencoders.linear`) reconstructs as PCA does before
    the first training step, and better after.

    Args:
        image_shape: `(height, width, channels)`; sides are multiples of 4, channels 1 or 3.
        code_dim: Length of a code vector.
        width: Channels of the finest convolution; doubled at each halving, up to 4 times.

    Returns:
        `(encoder, decoder)`, two untrained `keras.Model`s: `(n, height, width, channels)` in
        [-1, 1] to `(n, code_dim)` without bound, and back to [-1, 1].

    Raises:
        ValueError: If a size is not as said above.

    Example:

    ```python
    encoder, decoder = build_pair((64, 64, 3), code_dim=128)
    ```
    """
    _check_image_shape(image_shape)
    _check_positive(code_dim=code_dim, width=width)
    return (
        _build_encoder(image_shape, code_dim, width),
        _build_decoder(image_shape, code_dim, width),
    )


def _build_encoder(image_shape, code_dim, width):
    image = keras.Input(image_shape, name="image")
    factor = _thumbnail_factor(image_shape)
    thumbnail = layers.AveragePooling2D(factor)(image) if factor > 1 else image
    linear = layers.Dense(code_dim, name="linear")(layers.Flatten()(thumbnail))

    x = image
    for filters in _filters(image_shape, width):
        x = layers.Conv2D(filters, 4, strides=2, padding="same", activation="relu")(x)
        x = _residual_block(x)
    x = layers.Conv2D(width, 1, activation="relu")(x)  # keeps the dense layer small
    x = layers.Dense(code_dim, kernel_initializer="zeros", name="correction")(layers.Flatten()(x))
    return keras.Model(image, layers.Add(name="code")([linear, x]), name="encoder")


def _build_decoder(image_shape, code_dim, width):
    height, length, channels = image_shape
    factor = _thumbnail_factor(image_shape)
    code = keras.Input((code_dim,), name="code")
    thumbnail_shape = (height // factor, length // factor, channels)
    linear = layers.Dense(math.prod(thumbnail_shape), name="linear")(code)
    linear = layers.Reshape(thumbnail_shape)(linear)
    if factor > 1:
        linear = layers.UpSampling2D(factor, interpolation="bilinear")(linear)

    filters = _filters(image_shape, width)
    scale = 2 ** len(filters)
    x = layers.Dense(height // scale * (length // scale) * width, activation="relu")(code)
    x = layers.Reshape((height // scale, length // scale, width))(x)
    x = layers.Conv2D(filters[-1], 1, activation="relu")(x)
    for count in reversed([width, *filters[:-1]]):
        x = _residual_block(x)
        x = layers.Conv2DTranspose(count, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer="zeros", name="correction")(x)
    x = layers.Add()([linear, x])
    x = layers.Activation("hard_tanh", name="image")(x)  # clips, so that black is exactly black
    return keras.Model(code, x, name="decoder")


def _residual_block(x):
    filters = x.shape[-1]
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(y)
    return layers.Add()([x, y])


def _filters(image_shape, width):
    """Channels after each halving: two at least, then until the map is 8 pixels or odd."""
    filters, sides = [], list(image_shape[:2])
    while len(filters) < 2 or (min(sides) > SMALLEST_MAP and not any(s % 2 for s in sides)):
        filters.append(width * min(2 ** len(filters), 4))
        sides = [side // 2 for side in sides]
    return filters


def _thumbnail_factor(image_shape):
    factor, longest = 1, max(image_shape[:2])
    while longest / factor > THUMBNAIL and all(
        side % (factor * 2) == 0 for side in image_shape[:2]
    ):
        factor *= 2
    return factor


def _check_image_shape(image_shape):
    height, length, channels = image_shape
    if channels not in (1, 3) or height % 4 or length % 4 or min(height, length) < 8:
        raise ValueError(
            "build_pair expects an image_shape (height, width, channels) with sides that are "
            f"multiples of 4, 8 or more, and 1 or 3 channels; got {tuple(image_shape)}. Resize the "
            "images first: m2m.data.resize(images, size), or pass --image_size on the command line."
        )


def _check_positive(**sizes):
    for name, size in sizes.items():
        if int(size) != size or size < 1:
            raise ValueError(f"{name} must be a whole number of 1 or more; got {size!r}.")
