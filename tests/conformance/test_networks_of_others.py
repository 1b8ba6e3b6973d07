"""Autoencoders as people have them: each is read right, or refused in a sentence.

One table of small networks; those that reconstruct are principal components of digits, exact.
"""

import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m
from tests.autoencoders.test_one_code import Sampling

SHAPE, DIM = (28, 28, 1), 64


def image():
    return keras.Input(SHAPE)


def dense_encoder(*before, units=16):
    return keras.Sequential([image(), *before, layers.Flatten(), layers.Dense(units)])


def dense_decoder(*after, activation="tanh", units=16):
    pixels = [layers.Dense(784, activation=activation), layers.Reshape(SHAPE)]
    return keras.Sequential([keras.Input((units,)), *pixels, *after])


def variational_encoder(names):
    x = image()
    flat = layers.Flatten()(x)
    mean, spread = (layers.Dense(16, name=name)(flat) for name in names)
    return keras.Model(x, [mean, spread, Sampling(name="draw")(mean)])


@pytest.fixture(scope="module")
def components(digits):
    """Mean and principal components of digits in [-1, 1]: what any linear autoencoder finds."""
    flat = digits[:500].reshape(500, -1)
    mean = flat.mean(axis=0)
    _, _, axes = np.linalg.svd(flat - mean, full_matrices=False)
    return mean, axes[:DIM]


def linear_pair(components, low, high, before=()):
    """That autoencoder for images in another range, as a training would have made it."""
    mean, axes = components
    mean = (mean + 1) / 2 * (high - low) + low
    encoder, decoder = dense_encoder(*before, units=DIM), dense_decoder(activation=None, units=DIM)
    encoder.layers[-1].set_weights([axes.T, -axes @ mean])
    decoder.layers[0].set_weights([axes, mean])
    return encoder, decoder


@pytest.mark.parametrize("low, high", [(-1, 1), (0, 1), (0, 255)])
def test_a_linear_pair_is_read_in_the_range_in_which_it_reconstructs(components, digits, low, high):
    autoencoder = m2m.Autoencoder(*linear_pair(components, low, high))
    error = np.mean((np.asarray(autoencoder(digits[:100])) - digits[:100]) ** 2)
    assert error < 0.15 * digits[:100].var()
    assert len(autoencoder.notes) == (low != -1)


@dataclasses.dataclass(frozen=True)
class Network:
    """A row: a function to a pair, and the ranges that it is read in, or what is said of it."""

    pair: object
    taken: tuple = (-1, 1)
    given: tuple = (-1, 1)
    refused: str | None = None


TABLE = {
    "tanh": Network(lambda: (dense_encoder(), dense_decoder())),
    "sigmoid": Network(
        lambda: (dense_encoder(), dense_decoder(activation="sigmoid")), (0, 1), (0, 1)
    ),
    "pixels from a sigmoid": Network(
        lambda: (dense_encoder(), dense_decoder(layers.Rescaling(255.0), activation="sigmoid")),
        (0, 255),
        (0, 255),
    ),
    "pixels in, sigmoid out": Network(
        lambda: (dense_encoder(layers.Rescaling(1 / 255)), dense_decoder(activation="sigmoid")),
        (0, 255),
        (0, 1),
    ),
    "pixels in, tanh out": Network(
        lambda: (dense_encoder(layers.Rescaling(1 / 127.5, -1)), dense_decoder()), (0, 255)
    ),
    "relu": Network(
        lambda: (dense_encoder(), dense_decoder(activation="relu")), refused="value_range="
    ),
    "augmentation": Network(
        lambda: (dense_encoder(layers.RandomFlip(), layers.RandomRotation(0.1)), dense_decoder())
    ),
    "dropout": Network(lambda: (dense_encoder(layers.Dropout(0.5)), dense_decoder())),
    "normalisation": Network(lambda: (dense_encoder(layers.BatchNormalization()), dense_decoder())),
    "variational": Network(lambda: (variational_encoder(("z_mean", "z_log_var")), dense_decoder())),
    "variational without names": Network(
        lambda: (variational_encoder(("a", "b")), dense_decoder()), refused="name its layer"
    ),
    "a draw alone": Network(
        lambda: (keras.Sequential([dense_encoder(), Sampling()]), dense_decoder()),
        refused="encoder draws",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_network_of_the_table_is_read_right_or_refused(name, digits):
    row = TABLE[name]
    if row.refused:
        with pytest.raises(ValueError, match=row.refused):
            m2m.Autoencoder(*row.pair())
        return
    encoder, decoder = row.pair()
    taken, some = m2m.Autoencoder(encoder, decoder), digits[:5]
    codes = encoder(placed(some, row.taken), training=False)
    codes = np.asarray(codes[0] if isinstance(codes, list) else codes)
    np.testing.assert_allclose(taken.encode(some), codes, rtol=1e-3, atol=1e-3)
    (low, high), made = row.given, np.asarray(decoder(codes, training=False))
    np.testing.assert_allclose(
        taken.decode(codes), (made - low) / (high - low) * 2 - 1, rtol=1e-3, atol=1e-3
    )


def placed(images, pair):
    low, high = pair
    return (images + 1) / 2 * (high - low) + low


@pytest.mark.slow
@pytest.mark.parametrize("scale, said", [(1e6, ""), (1e-6, ""), (0.0, "have the same code")])
def test_codes_of_any_scale_are_trained_on_and_those_that_are_all_alike_are_said(
    digits, capsys, scale, said
):
    encoder, decoder = dense_encoder(), dense_decoder()
    encoder.layers[-1].set_weights([scale * each for each in encoder.layers[-1].get_weights()])
    model = m2m.Mind2Mind(
        m2m.Autoencoder(encoder, decoder),
        m2m.build_generator(16, (16,), (8,), residual=True),
        m2m.build_critic((16,), (8,)),
        prior="mixture",
        seed=0,
    )
    model.compile(run_eagerly=True)
    model.fit(digits[:100], batch_size=100, verbose=2)
    assert (said in capsys.readouterr().out) if said else True
    assert np.isfinite(model.generate(3, seed=0)).all()


@pytest.mark.slow
def test_a_fit_says_in_which_range_the_networks_are_taken(digits, capsys):
    model = m2m.Mind2Mind(m2m.Autoencoder(*TABLE["sigmoid"].pair()), seed=0)
    model.compile(run_eagerly=True)
    model.fit(digits[:100], batch_size=100, verbose=2)
    assert "Note: The autoencoder's networks are taken for some of images in [0, 1]" in (
        capsys.readouterr().out
    )
