"""How far a flow is followed, judged by images."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.flow import build_flow_generator, flow_of
from m2m_tf.minds.guidance import GUIDANCES, choose_guidance

pytestmark = pytest.mark.slow

FIT = {"batch_size": 100, "verbose": 0, "validation_split": 0.1}


@pytest.fixture(scope="module")
def codes(shared_autoencoder, digits):
    return shared_autoencoder.encode(digits)


@pytest.fixture
def make(shared_autoencoder):
    """A function that makes a small flow mind on codes of 16."""

    def make(prior="mixture"):
        network = build_flow_generator(16, (16,), width=64, depth=1, steps=4)
        model = m2m.Mind2Mind(shared_autoencoder, network, prior=prior, loss="flow", seed=0)
        model.compile()
        return model

    return make


def never():
    return False


def followed(model):
    return round(float(flow_of(model.average).guidance.numpy()), 3)


def lead_astray(model):
    """Makes the velocity one that leads away from all codes."""
    *weights, last = flow_of(model.average).network.get_weights()
    flow_of(model.average).network.set_weights([*weights, last + 5])


def test_a_flow_that_makes_worse_images_than_its_start_is_not_followed(make, codes, capsys):
    model = make()
    model.fit(codes, epochs=0, **FIT)
    lead_astray(model)
    found = choose_guidance(model, never, verbose=1)
    assert followed(model) == 0 and found[0] < found[1] < found[1.3]
    latent = model.sample_latent(8, seed=3)
    np.testing.assert_array_equal(model.average(latent), latent)
    assert "The mind is its start, the prior without a correction: 200" in capsys.readouterr().out


def test_a_flow_that_makes_better_ones_is_followed_and_its_fit_says_so(make, codes, capsys):
    model = make(prior="normal")
    model.fit(codes, epochs=25, **{**FIT, "verbose": 2})
    assert followed(model) in GUIDANCES[1:]
    said = capsys.readouterr().out
    assert f"Followed {followed(model):g} times as far as was learned: 200 images" in said
    model.fit(codes, epochs=0, **FIT)
    chosen = followed(model)
    flow_of(model.average).follow(1.0)
    choose_guidance(model, never)
    assert followed(model) == chosen


def test_what_is_known_by_heart_is_not_followed_beyond(make, codes):
    model = make()
    model.fit(codes, epochs=0, **FIT)
    assert set(choose_guidance(model, never)) == set(GUIDANCES)
    assert set(choose_guidance(model, lambda: True)) == {0, 1}
    assert followed(model) <= 1


def test_a_training_goes_on_from_what_was_learned(make, codes):
    model = make()
    model.fit(codes, epochs=1, **FIT)
    flow_of(model.average).follow(1.3)
    model.fit(codes, epochs=2, initial_epoch=1, **{**FIT, "validation_split": 0})
    assert followed(model) == 1


def test_of_few_held_out_codes_nothing_is_judged(make, codes):
    model = make()
    model.fit(codes, epochs=0, **{**FIT, "validation_split": 0.02})
    lead_astray(model)
    assert choose_guidance(model, never) is None and followed(model) == 1
