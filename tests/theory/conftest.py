"""Random networks: a few shapes of graph, with weights drawn anew for each seed."""

import keras
import numpy as np
import pytest
from keras import layers
from threadpoolctl import threadpool_limits

import m2m_tf as m2m

SHAPE = (4, 4, 1)


def dense_pair(dim, widths, activation, bounded):
    image, code = keras.Input(SHAPE), keras.Input((dim,))
    x, y = layers.Flatten()(image), code
    for width in widths:
        x, y = layers.Dense(width, activation)(x), layers.Dense(width, activation)(y)
    x = layers.Dense(dim, "tanh" if bounded else None)(x)
    y = layers.Reshape(SHAPE)(layers.Dense(16, "hard_tanh" if bounded else None)(y))
    return keras.Model(image, x), keras.Model(code, y)


def conv_pair(filters, activation):
    image, code = keras.Input(SHAPE), keras.Input((2, 2, filters))
    x = layers.Conv2D(filters, 3, strides=2, padding="same", activation=activation)(image)
    x = layers.Add()([x, layers.Conv2D(filters, 3, padding="same", activation=activation)(x)])
    y = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation=activation)(code)
    y = layers.Concatenate()([y, layers.UpSampling2D()(code)])
    y = layers.Conv2D(1, 3, padding="same")(layers.BatchNormalization()(y))
    return keras.Model(image, x), keras.Model(code, y)


def pooled_pair():
    image, code = keras.Input(SHAPE), keras.Input((3,))
    x = layers.LeakyReLU()(layers.GroupNormalization(-1)(layers.Conv2D(4, 3)(image)))
    x = layers.Concatenate()(
        [layers.Flatten()(layers.MaxPooling2D()(x)), layers.GlobalAveragePooling2D()(x)]
    )
    y = layers.Reshape((2, 2, 2))(layers.Dense(8, "elu")(code))
    y = layers.UpSampling2D(3, interpolation="bilinear")(y)
    y = layers.DepthwiseConv2D(3, depth_multiplier=2)(y)
    y = layers.Activation("tanh")(layers.CenterCrop(4, 4)(layers.Conv2D(1, 1)(y)))
    return keras.Model(image, layers.Dense(3)(x)), keras.Model(code, y)


PAIRS = (
    lambda: dense_pair(2, (), None, False),
    lambda: dense_pair(3, (8,), "relu", False),
    lambda: dense_pair(5, (12, 6), "relu", True),
    lambda: dense_pair(2, (4, 4, 4), "leaky_relu", False),
    lambda: dense_pair(7, (20,), "tanh", True),
    lambda: dense_pair(4, (6, 6), "sigmoid", False),
    lambda: dense_pair(3, (9,), "selu", False),
    lambda: conv_pair(2, "relu"),
    lambda: conv_pair(4, "silu"),
    pooled_pair,
)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Small matrices: threads would only wait for each other."""
    with threadpool_limits(1, "blas"):
        yield


@pytest.fixture(scope="session")
def random_autoencoder():
    """A function of a seed: an autoencoder of 4x4 images, of one of ten graphs, random weights."""
    pool = [m2m.Autoencoder(*build(), value_range=(-1, 1)) for build in PAIRS]

    def draw(seed):
        autoencoder = pool[seed % len(pool)]
        randomise(autoencoder.encoder, seed)
        randomise(autoencoder.decoder, seed + 1)
        return autoencoder

    return draw


def randomise(model, seed):
    """Draws all weights of a model, of a random size; variances are positive."""
    random = np.random.default_rng(seed)
    scale = random.uniform(0.1, 2)
    for weight in model.weights:
        values = random.normal(size=weight.shape) * scale / np.sqrt(max(1, weight.shape[0]))
        weight.assign(np.abs(values) + 0.01 if "variance" in weight.name else values)


@pytest.fixture
def random_images():
    """A function of a seed and a number: images in [-1, 1], clustered or not."""

    def draw(seed, count):
        random = np.random.default_rng(seed)
        centres = random.uniform(-1, 1, size=(1 + seed % 3, *SHAPE))
        images = centres[random.integers(len(centres), size=count)]
        images = images + random.uniform(0, 0.7) * random.normal(size=images.shape)
        return np.clip(images, -1, 1).astype("float32")

    return draw
