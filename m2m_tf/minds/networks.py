"""The mind's networks: a generator from latents to codes, a critic from codes to scores."""

import math
from collections.abc import Sequence

import keras
from keras import layers


def build_generator(
    latent_dim: int,
    code_shape: Sequence[int],
    widths: Sequence[int] = (512, 512),
    normalise: bool = True,
    classes: int = 0,
    residual: bool = False,
) -> keras.Model:
    """Builds a generator of dense layers, after the paper's 28x28 experiments.

    Its output is standardised codes, so it is linear: no range is set by hand.

    Args:
        latent_dim: Length of the latent.
        code_shape: `(dim,)` or `(height, width, channels)`.
        widths: Units of each hidden layer; (128, 256, 512) without normalisation is the paper's
            generator for 1024x1024 images.
        normalise: Batch normalisation after each hidden layer, synchronised over replicas.
        classes: Number of classes of a conditional mind; 0 for none.
        residual: Adds the layers' output to the latent, which must be as long as a flat code, and
            starts as the identity: for the mixture prior, whose latents are standardised codes.

    Returns:
        A `keras.Model`: `(n, latent_dim)` to `(n, *code_shape)`. With classes it takes a list, the
        latent and the one-hot label `(n, classes)`, and sees both side by side.

    Raises:
        ValueError: If a residual generator's latent is not as long as a flat code.

    Example:

    ```python
    generator = build_generator(128, (256,))
    ```
    """
    if residual:
        check_residual(latent_dim, code_shape)
    latent = keras.Input((latent_dim,), name="latent")
    label = keras.Input((classes,), name="label") if classes else None
    x = layers.Concatenate()([latent, label]) if classes else latent
    for width in widths:
        x = layers.Dense(width, use_bias=not normalise)(x)
        x = layers.BatchNormalization(momentum=0.9, synchronized=True)(x) if normalise else x
        x = layers.ReLU()(x)
    # With zeros in the last layer, a residual generator starts as the identity.
    x = layers.Dense(
        math.prod(code_shape), kernel_initializer="zeros" if residual else "glorot_uniform"
    )(x)
    x = layers.Add()([latent, x]) if residual else x
    codes = layers.Reshape(code_shape, name="standardised_codes")(x)
    return keras.Model([latent, label] if classes else latent, codes, name="generator")


def build_critic(
    code_shape: Sequence[int], widths: Sequence[int] = (256, 256), classes: int = 0
) -> keras.Model:
    """Builds a critic of dense layers, after the paper's 28x28 experiments.

    Args:
        code_shape: `(dim,)` or `(height, width, channels)`.
        widths: Units of each hidden layer; (512, 256, 128) is the paper's for 1024x1024 images.
        classes: Number of classes of a conditional mind; 0 for none.

    Returns:
        A `keras.Model`: `(n, *code_shape)` standardised codes to scores `(n, 1)`. With classes it
        takes a list, the codes and the one-hot label `(n, classes)`, and adds to the score the
        product of the last hidden layer with a vector of the class: the projection critic of
        Miyato and Koyama, arXiv 1802.05637, section 3.

    Example:

    ```python
    critic = build_critic((256,))
    ```
    """
    codes = keras.Input(code_shape, name="standardised_codes")
    x = layers.Flatten()(codes)
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return score_of(codes, x, classes)


def score_of(codes, features, classes=0):
    """The critic from its input and its last hidden layer: see `build_critic`."""
    score = layers.Dense(1, name="score" if not classes else "score_of_any_class")(features)
    if not classes:
        return keras.Model(codes, score, name="critic")
    label = keras.Input((classes,), name="label")
    of_class = layers.Dense(features.shape[-1], use_bias=False, name="class_vectors")(label)
    score = layers.Add(name="score")([score, layers.Dot(axes=1)([of_class, features])])
    return keras.Model([codes, label], score, name="critic")


def check_residual(latent_dim, code_shape):
    """Refuses a residual generator whose latent is not as long as a flat code."""
    if latent_dim != math.prod(code_shape):
        raise ValueError(
            f"A residual generator, as the mixture prior has, adds to its latent, so the latent is "
            f"as long as a flat code: {math.prod(code_shape)}; got {latent_dim}. Leave latent_dim "
            "out, or give prior='uniform' or 'normal', or residual=False."
        )
