"""One small assessment, evaluation and ranking, made once and looked at by many tests."""

import keras
import pytest

import m2m_tf as m2m
from m2m_tf.evaluation import assess, evaluate, rank_autoencoders


@pytest.fixture(scope="session")
def reported_autoencoder(shared_autoencoder):
    """The autoencoder `tiny`, which reports leave as it is."""
    return shared_autoencoder


@pytest.fixture(scope="session")
def trained(reported_autoencoder, digits):
    """A model trained for a while on 900 of 1,000 digits."""
    keras.utils.set_random_seed(0)
    shape = reported_autoencoder.code_shape
    model = m2m.Mind2Mind(
        reported_autoencoder,
        generator=m2m.build_generator(8, shape, widths=(32,)),
        critic=m2m.build_critic(shape, widths=(32,)),
        critic_steps=2,
        seed=0,
    )
    model.compile(jit_compile=False)
    model.fit(digits[:1000], epochs=10, batch_size=100, validation_split=0.1, verbose=0)
    return model


@pytest.fixture(scope="session")
def evaluation(trained, digits):
    """What `evaluate` says of it."""
    return evaluate(trained, digits[:1000], verbose=0)


@pytest.fixture(scope="session")
def assessment(reported_autoencoder, digits):
    """What `assess` says of the autoencoder, with other digits as its source."""
    return assess(reported_autoencoder, digits[:600], source=digits[1000:1400], verbose=0)


@pytest.fixture(scope="session")
def untrained():
    """An autoencoder that learned nothing."""
    keras.utils.set_random_seed(0)
    return m2m.Autoencoder(*m2m.build_pair((28, 28, 1), code_dim=16, width=4), name="untrained")


@pytest.fixture(scope="session")
def ranking(untrained, reported_autoencoder, digits):
    """Which of the two `rank_autoencoders` prefers."""
    return rank_autoencoders([untrained, reported_autoencoder], digits[:300], verbose=0)
