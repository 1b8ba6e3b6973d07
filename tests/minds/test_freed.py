"""A model that is let go takes its weights along, whatever was done with it."""

import gc
import weakref

import keras
import pytest

import m2m_tf as m2m
from tests.minds.conftest import small_networks

pytestmark = pytest.mark.slow


def fit(model, digits, folder):
    model.fit(digits[:200], batch_size=100, verbose=0)
    return [model]


def generate(model, digits, folder):
    model.generate(3)
    return [model]


def save_and_load(model, digits, folder):
    model.save(folder / "model")
    loaded = m2m.Mind2Mind.load(folder / "model")
    loaded.generate(3)
    return [model, loaded]


def export(model, digits, folder):
    fit(model, digits, folder)
    model.export(folder / "1", check=False)
    return [model]


def thaw(model, digits, folder):
    fit(model, digits, folder)
    watch = keras.callbacks.Callback()
    model.thaw(digits[:200], epochs=1, batch_size=50, callbacks=[watch], verbose=0)
    return [model, watch.model]


def evaluate(model, digits, folder):
    model.evaluate(digits[:200], verbose=0)
    return [model]


def make_game(autoencoder):
    return m2m.Mind2Mind(autoencoder, critic_steps=1, seed=0, **small_networks())


def make_flow(autoencoder):
    generator = m2m.build_flow_generator(16, (16,), width=16, depth=1)
    return m2m.Mind2Mind(autoencoder, generator, prior="mixture", loss="flow", seed=0)


DEEDS = [fit, generate, save_and_load, export, thaw, evaluate]
CASES = [(make, deed) for make in (make_game, make_flow) for deed in DEEDS]
CASES.remove((make_flow, export))  # Keras traces networks once more as they are exported


@pytest.mark.parametrize(("make", "deed"), CASES)
def test_a_model_that_is_let_go_is_freed_with_its_weights(
    tiny_autoencoder_folder, digits, tmp_path, make, deed
):
    model = make(m2m.Autoencoder.load(tiny_autoencoder_folder))
    model.compile(jit_compile=False)
    made = deed(model, digits, tmp_path)
    weights = [weight.value.handle for each in made for weight in each.variables]
    kept = [weakref.ref(each) for each in (*made, *weights)]
    del model, made, weights
    for _ in range(2):  # a graph is taken apart in the first pass
        gc.collect()
    assert [each() for each in kept if each() is not None] == []
