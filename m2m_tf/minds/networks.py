"""The mind's networks: a generator from latents to codes, a critic from codes to scores."""

import math

import keras
from keras import layers


def build_generator(latent_dim, code_shape, widths=(512, 512), normalise=True):
    """Builds a generator of dense layers, after the paper's 28x28 experiments.

    Its output is standardised codes, so it is linear: no range is set by hand.

    Args:
        latent_dim: Length of the latent.
        code_shape: `(dim,)` or `(height, width, channels)`.
        widths: Units of each hidden layer; (128, 256, 512) without normalisation is the paper's
            generator for 1024x1024 images.
        normalise: Batch normalisation after each hidden layer, synchronised over replicas.

    Returns:
        A `keras.Model`: `(n, latent_dim)` to `(n, *code_shape)`.

    Example:

    ```python
    generator = build_generator(128, (256,))
    ```
    """
    latent = keras.Input((latent_dim,), name="latent")
    x = latent
    for width in widths:
        x = layers.Dense(width, use_bias=not normalise)(x)
        x = layers.BatchNormalization(momentum=0.9, synchronized=True)(x) if normalise else x
        x = layers.ReLU()(x)
    x = layers.Dense(math.prod(code_shape))(x)
    codes = layers.Reshape(code_shape, name="standardised_codes")(x)
    return keras.Model(latent, codes, name="generator")


def build_critic(code_shape, widths=(256, 256)):
    """Builds a critic of dense layers, after the paper's 28x28 experiments.

    Args:
        code_shape: `(dim,)` or `(height, width, channels)`.
        widths: Units of each hidden layer; (512, 256, 128) is the paper's for 1024x1024 images.

    Returns:
        A `keras.Model`: `(n, *code_shape)` standardised codes to scores `(n, 1)`.

    Example:

    ```python
    critic = build_critic((256,))
    ```
    """
    codes = keras.Input(code_shape, name="standardised_codes")
    x = layers.Flatten()(codes)
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(codes, layers.Dense(1, name="score")(x), name="critic")
