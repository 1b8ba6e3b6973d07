"""The paper's autoencoder for 28x28 grey images."""

import keras
from keras import layers

from m2m_tf.checks import check_whole


def build_paper_pair(code_dim: int = 256) -> tuple[keras.Model, keras.Model]:
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
    check_whole("code_dim", code_dim)
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
