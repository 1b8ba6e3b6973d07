"""Minds small enough to train in a test."""

import keras
import pytest

import m2m_tf as m2m


@pytest.fixture(scope="session")
def some_codes(shared_autoencoder, digits):
    """The codes of 300 real digits, float32 `(300, 16)`; not to be changed."""
    codes = shared_autoencoder.encode(digits[:300])
    codes.setflags(write=False)
    return codes


@pytest.fixture
def make_mind(shared_autoencoder):
    """A function that makes a tiny compiled mind on codes of 16; the same weights at each call."""

    def make(autoencoder=None, critic_steps=1):
        keras.utils.set_random_seed(0)
        autoencoder = autoencoder or shared_autoencoder
        shape = autoencoder.code_shape
        generator = m2m.build_generator(8, shape, widths=(16,))
        critic = m2m.build_critic(shape, widths=(16,))
        model = m2m.Mind2Mind(autoencoder, generator, critic, critic_steps=critic_steps, seed=0)
        model.compile(jit_compile=False)
        model.run_eagerly = True  # for a few steps tracing takes longer than training
        return model

    return make


@pytest.fixture(scope="session")
def events():
    """A function that reads a TensorBoard folder: `{tag: [(step, value)]}`."""
    import tensorflow as tf

    def read(folder):
        found = {}
        for path in sorted(folder.rglob("events.out.tfevents.*")):
            for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
                event = tf.compat.v1.Event.FromString(record)
                for value in event.summary.value:
                    found.setdefault(value.tag, []).append(
                        (event.step, tf.make_ndarray(value.tensor))
                    )
        return found

    return read
