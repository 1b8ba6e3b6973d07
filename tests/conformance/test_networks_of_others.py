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
    """That autoencoder for images in another range, of the same codes."""
    mean, axes = components
    mean, scale = (mean + 1) / 2 * (high - low) + low, (high - low) / 2
    encoder, decoder = dense_encoder(*before, units=DIM), dense_decoder(activation=None, units=DIM)
    encoder.layers[-1].set_weights([axes.T / scale, -axes @ mean / scale])
    decoder.layers[0].set_weights([axes * scale, mean])
    return encoder, decoder


@pytest.mark.parametrize("low, high", [(-1, 1), (0, 1), (0, 255)])
def test_a_linear_pair_is_read_in_the_range_in_which_it_reconstructs(components, digits, low, high):
    autoencoder = m2m.Autoencoder(*linear_pair(components, low, high))
    error = np.mean((np.asarray(autoencoder(digits[:100])) - digits[:100]) ** 2)
    assert error < 0.15 * digits[:100].var()
    assert len(autoencoder.notes) == (low != -1)


def after(network, change):
    """A network that gives what an operation makes of what it gave."""
    inputs = keras.Input(network.input_shape[1:])
    return keras.Model(inputs, change(network(inputs)))


def behind(change, network):
    """A network that takes what an operation makes of what it is given."""
    inputs = keras.Input(network.input_shape[1:])
    return keras.Model(inputs, network(change(inputs)))


def augmented(pixels):
    return layers.Rescaling(1 / 255)(layers.RandomTranslation(0.02, 0.02)(pixels))


def normalised(pixels):
    return layers.Normalization(axis=None, mean=33.0, variance=6400.0)(pixels)


def one(tensor):
    return tensor


CLIPPED, TO_ONE = layers.Activation("hard_tanh"), layers.ReLU(max_value=1.0)
TO_UNIT, TO_OURS = (lambda pixels: pixels / 255.0), (lambda pixels: pixels / 127.5 - 1)
# What stands before the encoder, its range; the decoder's, what stands behind; what it is taken for
PLACED = {
    "pixels by an operation": (TO_OURS, (-1, 1), (-1, 1), CLIPPED, "[0, 255] that give [-1, 1]"),
    "pixels by their moments": (
        normalised,
        (-33 / 80, 222 / 80),
        (-1, 1),
        CLIPPED,
        "[0, 255] that give [-1, 1]",
    ),
    "pixels behind augmentation": (
        augmented,
        (0, 1),
        (-1, 1),
        CLIPPED,
        "[0, 255] that give [-1, 1]",
    ),
    "[0, 1] to [-1, 1]": (one, (0, 1), (-1, 1), CLIPPED, "[0, 1] that give [-1, 1]"),
    "pixels to [0, 1]": (TO_UNIT, (0, 1), (0, 1), TO_ONE, "[0, 255] that give [0, 1]"),
    "[-1, 1] to [0, 1]": (one, (-1, 1), (0, 1), TO_ONE, "[-1, 1] that give [0, 1]"),
    "halves": (
        one,
        (-0.5, 0.5),
        (0, 1),
        lambda made: TO_ONE(made) - 0.5,
        "[-0.5, 0.5] that give [-0.5, 0.5]",
    ),
    "relu": (one, (0, 1), (0, 1), layers.ReLU(), "[0, 1] that give [0, 1]"),
    "relu6": (one, (0, 1), (0, 1), layers.ReLU(max_value=6.0), "[0, 1] that give [0, 1]"),
}


@pytest.mark.parametrize("name", PLACED)
def test_ranges_that_layers_do_not_tell_are_found_by_what_is_reconstructed(
    components, digits, name
):
    before, taken, given, last, said = PLACED[name]
    encoder = behind(before, linear_pair(components, *taken)[0])
    decoder = after(linear_pair(components, *given)[1], last)
    autoencoder = m2m.Autoencoder(encoder, decoder)
    error = np.mean((np.asarray(autoencoder(digits[:100])) - digits[:100]) ** 2)
    assert error < 0.15 * digits[:100].var()
    assert said in autoencoder.notes[0]


def textures(seed, contrast, middle):
    """Soft spots in grey: pictures that are neither digits nor faces, float32 in [-1, 1]."""
    coarse = np.random.default_rng(seed).normal(size=(300, 7, 7, 1))
    soft = np.array(keras.ops.image.resize(coarse.astype("float32"), SHAPE[:2]))
    return np.clip(middle + contrast * soft / soft.std(), -1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("contrast, middle", [(0.15, 0.0), (0.15, 0.5), (0.1, -0.8), (0.8, 0.0)])
@pytest.mark.parametrize("last", [CLIPPED, one], ids=["clipped", "linear"])
def test_a_pair_of_quite_other_pictures_is_taken_as_it_is(contrast, middle, last):
    flat = textures(0, contrast, middle).reshape(300, -1)
    _, _, axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    encoder, decoder = linear_pair((flat.mean(axis=0), axes[:DIM]), -1, 1)
    assert m2m.Autoencoder(encoder, after(decoder, last)).notes == []


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", None])
def test_untrained_networks_are_taken_as_their_layers_tell(activation):
    for seed in range(10):
        keras.utils.set_random_seed(seed)
        pair = dense_encoder(), dense_decoder(activation=activation)
        notes = m2m.Autoencoder(*pair).notes
        assert len(notes) == (activation == "sigmoid")


@pytest.mark.slow
def test_a_trained_pair_that_takes_pixels_by_an_operation_reconstructs_as_it_did(digits):
    pixels = (digits + 1) * 127.5
    encoder, decoder = behind(TO_OURS, dense_encoder(units=32)), dense_decoder(units=32)
    both = after(encoder, decoder)
    both.compile(keras.optimizers.Adam(3e-3), "mse")
    both.fit(pixels, digits, epochs=10, batch_size=64, verbose=0)
    expected = both.predict(pixels[:50], verbose=0)
    autoencoder = m2m.Autoencoder(encoder, decoder)
    np.testing.assert_allclose(autoencoder(digits[:50]), expected, atol=1e-3)


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
    "relu6": Network(
        lambda: (dense_encoder(), dense_decoder(activation="relu6")), refused="value_range="
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
