"""Minds small enough to train in a test."""

import keras
import pytest

import m2m_tf as m2m
from m2m_tf.minds.classes import check_classes, count_classes


def small_networks(prior="mixture", classes=0):
    """The prior, and networks for codes of 16 that are traced in half the time of the defaults."""
    generator = m2m.build_generator(
        16, (16,), widths=(16,), classes=classes, residual=prior == "mixture"
    )
    return {
        "prior": prior,
        "generator": generator,
        "critic": m2m.build_critic((16,), widths=(16,), classes=classes),
    }


@pytest.fixture(scope="session")
def some_codes(shared_autoencoder, digits):
    """The codes of 300 real digits, float32 `(300, 16)`; not to be changed."""
    codes = shared_autoencoder.encode(digits[:300])
    codes.setflags(write=False)
    return codes


@pytest.fixture(scope="session")
def make_mixed(make_mind):
    """A function like `make_mind` of a mind on the default prior: its generator is residual."""

    def make(**settings):
        keras.utils.set_random_seed(0)
        classes = count_classes(check_classes(settings.get("classes")))
        generator = m2m.build_generator(16, (16,), widths=(16,), classes=classes, residual=True)
        return make_mind(generator=generator, prior="mixture", **settings)

    return make


@pytest.fixture(scope="session")
def make_mind(shared_autoencoder):
    """A function that makes a tiny compiled mind on codes of 16; the same weights at each call.

    It trains step by step: for the few steps of a test, tracing takes longer than training. With
    `eager=False` it trains as a user's does.
    """

    def make(autoencoder=None, compiled=True, eager=True, **settings):
        keras.utils.set_random_seed(0)
        autoencoder = autoencoder or shared_autoencoder
        shape = autoencoder.code_shape
        classes = count_classes(check_classes(settings.get("classes")))
        settings = {
            "generator": m2m.build_generator(8, shape, widths=(16,), classes=classes),
            "critic": m2m.build_critic(shape, widths=(16,), classes=classes),
            "critic_steps": 2,
            "seed": 0,
            **settings,
        }
        model = m2m.Mind2Mind(autoencoder, **settings)
        if compiled:
            model.compile(jit_compile=False)
        model.run_eagerly = eager
        return model

    return make


@pytest.fixture
def mind(make_mind, digits):
    """A mind with 60 held-out codes, before its first step."""
    model = make_mind(generator=None, critic=None, prior="mixture")
    model.fit(digits[:600], epochs=0, validation_split=0.1, verbose=0)
    return model
