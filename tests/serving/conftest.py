"""Exports that the tests of serving share."""

import keras
import pytest

import m2m_tf as m2m


@pytest.fixture(scope="session")
def exported(tiny_autoencoder_folder, digits, tmp_path_factory):
    """(a tiny model trained for three steps, the folder it was exported to)."""
    keras.utils.set_random_seed(0)
    generator = m2m.build_generator(8, (16,), widths=(16,))
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
    model = m2m.Mind2Mind(autoencoder, generator, critic_steps=1, seed=0)
    model.compile(jit_compile=False)
    model.fit(digits[:300], batch_size=100, verbose=0)
    return model, model.export(tmp_path_factory.mktemp("exports") / "digits" / "1")
