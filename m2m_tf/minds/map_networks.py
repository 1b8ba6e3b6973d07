"""Convolutional networks for minds on code maps."""

from collections.abc import Sequence

import keras
from keras import layers

from m2m_tf.minds.networks import check_residual, score_of

SMALLEST = 4  # places a side: the critic halves maps down to this


def build_map_generator(
    latent_dim: int,
    code_shape: Sequence[int],
    width: int = 32,
    blocks: int = 2,
    classes: int = 0,
    residual: bool = False,
) -> keras.Model:
    """Builds a convolutional generator of code maps.

    Its residual blocks have no normalisation and start as the identity, after R3GAN (Huang et al.,
    arXiv 2501.05441, section 3), with plain in place of grouped convolutions.

    Args:
        latent_dim: Length of the latent.
        code_shape: `(height, width, channels)`.
        width: Channels of the convolutions.
        blocks: Residual blocks.
        classes: Number of classes of a conditional mind; 0 for none.
        residual: Adds the layers' output to the latent, which must be as long as a flat code, and
            starts as the identity: for the mixture prior, whose latents are standardised codes.

    Returns:
        A `keras.Model`: `(n, latent_dim)` to standardised codes `(n, *code_shape)`. With classes
        it takes a list, the latent and the one-hot label `(n, classes)`.

    Raises:
        ValueError: If a residual generator's latent is not as long as a flat code.

    Example:

    ```python
    generator = build_map_generator(1024, (8, 8, 16), residual=True)
    ```
    """
    height, length, channels = code_shape
    latent = keras.Input((latent_dim,), name="latent")
    label = keras.Input((classes,), name="label") if classes else None
    if residual:
        check_residual(latent_dim, code_shape)
        start = layers.Reshape(code_shape)(latent)
        x = layers.Conv2D(width, 3, padding="same")(start)
    else:
        x = layers.Dense(height * length * width)(latent)
        x = layers.Reshape((height, length, width))(x)
    x = _with_label(x, label)
    for _ in range(blocks):
        x = _residual_block(x)
    x = layers.LeakyReLU(0.2)(x)
    # With zeros in the last layer, a residual generator starts as the identity.
    last = "zeros" if residual else "glorot_uniform"
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer=last)(x)
    codes = layers.Add()([start, x]) if residual else x
    inputs = [latent, label] if classes else latent
    return keras.Model(inputs, codes, name="generator")


def build_map_critic(
    code_shape: Sequence[int], width: int = 32, blocks: int = 1, classes: int = 0
) -> keras.Model:
    """Builds a convolutional critic of code maps.

    Residual blocks, then a convolution that halves the map, until it is 4 places a side or odd.

    Args:
        code_shape: `(height, width, channels)`.
        width: Channels of the first convolutions; doubled at each halving, up to 4 times.
        blocks: Residual blocks at each size.
        classes: Number of classes of a conditional mind; 0 for none.

    Returns:
        A `keras.Model`: standardised codes `(n, *code_shape)` to scores `(n, 1)`. With classes it
        takes a list, the codes and the one-hot label `(n, classes)`: the projection critic of
        Miyato and Koyama, arXiv 1802.05637, section 3.

    Example:

    ```python
    critic = build_map_critic((8, 8, 16))
    ```
    """
    codes = keras.Input(code_shape, name="standardised_codes")
    x = layers.Conv2D(width, 3, padding="same")(codes)
    for filters in _filters(code_shape, width):
        for _ in range(blocks):
            x = _residual_block(x)
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(layers.LeakyReLU(0.2)(x))
    x = layers.LeakyReLU(0.2)(layers.Flatten()(_residual_block(x)))
    return score_of(codes, x, classes)


def _with_label(x, label):
    """Adds to each place a vector of the class."""
    if label is None:
        return x
    of_class = layers.Dense(x.shape[-1], use_bias=False, name="class_vectors")(label)
    return layers.Add()([x, layers.Reshape((1, 1, x.shape[-1]))(of_class)])


def _residual_block(x):
    y = layers.Conv2D(x.shape[-1], 3, padding="same")(layers.LeakyReLU(0.2)(x))
    y = layers.LeakyReLU(0.2)(y)
    y = layers.Conv2D(x.shape[-1], 3, padding="same", kernel_initializer="zeros")(y)
    return layers.Add()([x, y])


def _filters(code_shape, width):
    """Channels after each halving."""
    filters, sides = [], list(code_shape[:2])
    while min(sides) > SMALLEST and not any(side % 2 for side in sides):
        filters.append(width * min(2 ** (len(filters) + 1), 4))
        sides = [side // 2 for side in sides]
    return filters
