"""A model's start is its own: what it generated before its first step, whatever is measured."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import CodeStore
from m2m_tf.evaluation.baselines import baselines_of
from m2m_tf.evaluation.baselines.start import own_start
from m2m_tf.minds.priors.map_mixture import sizes_for


def start_model(autoencoder, codes, classes=None, standardise=None, axes=None):
    """A model as it is before its first step, its mixture fitted to codes."""
    model = m2m.Mind2Mind(
        autoencoder, classes=classes, standardise=standardise, axes=axes, prior="mixture", seed=3
    )
    labels = None if classes is None else np.arange(len(codes)) % classes
    model.codes = CodeStore(codes, fingerprint="", labels=labels)
    model.trained_on = {"fingerprint": "", "images": 1000, "validation_split": 0.1}
    if classes:
        model.class_law.adapt(labels)
    model.measure_codes()
    return model


def disturb(model):
    """Gives the generator and its average other weights, as training does."""
    rng = np.random.default_rng(0)
    for network in (model.generator, model.average):
        network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", [{}, {"classes": 3}, {"standardise": "axes", "axes": 8}], ids=str
)
def test_the_start_is_what_the_model_made_before_it_trained(autoencoder, codes, settings):
    model = start_model(autoencoder, codes[:500], **settings)
    before = model.generate_codes(40, seed=5)
    disturb(model)
    start = own_start(model)
    np.testing.assert_allclose(start.generate_codes(40, seed=5), before, rtol=1e-5, atol=1e-5)
    assert np.abs(model.generate_codes(40, seed=5) - before).max() > 1e-2


@pytest.mark.parametrize("settings", [{}, {"classes": 3}], ids=str)
def test_the_start_of_few_codes_is_the_first_of_many(autoencoder, codes, settings):
    start = own_start(start_model(autoencoder, codes[:500], **settings))
    many = start.generate_codes(200, seed=7)
    for count in (1, 12, 77):
        np.testing.assert_array_equal(start.generate_codes(count, seed=7), many[:count])


def test_a_start_is_not_fitted_anew_to_the_codes_that_are_looked_at(autoencoder, codes):
    model = start_model(autoencoder, codes[:500])
    disturb(model)
    few, many = (baselines_of(model, codes[:count]) for count in (60, 500))
    np.testing.assert_array_equal(
        few["prior"].generate_codes(30, seed=1), many["prior"].generate_codes(30, seed=1)
    )
    facts = {kind: each.facts for kind, each in few.items()}
    assert [facts[kind]["own"] for kind in ("prior", "mixture", "gaussian")] == [True, False, False]
    assert [facts[kind]["count"] for kind in ("prior", "mixture", "gaussian")] == [900, 60, 60]
    assert facts["prior"]["components"] in sizes_for(500) and facts["gaussian"]["components"] == 1


@pytest.mark.parametrize(
    "settings",
    [{"prior": "uniform"}, {"prior": "mixture", "plain": True}],
    ids=["another prior", "a generator that does not start as the identity"],
)
def test_no_start_is_claimed_where_the_model_starts_from_something_else(
    autoencoder, codes, settings
):
    settings = dict(settings)
    plain = settings.pop("plain", False)
    generator = m2m.build_generator(16, (16,), widths=(8,)) if plain else None
    model = m2m.Mind2Mind(autoencoder, generator=generator, seed=0, **settings)
    assert own_start(model) is None
    assert not baselines_of(model, codes[:100])["prior"].facts["own"]


def test_a_residual_generator_of_ones_own_starts_from_the_mixture(autoencoder, codes):
    generator = m2m.build_generator(16, (16,), widths=(8,), residual=True)
    model = m2m.Mind2Mind(autoencoder, generator=generator, prior="mixture", seed=0)
    model.codes = CodeStore(codes[:200], fingerprint="")
    model.measure_codes()
    assert own_start(model).facts["count"] is None  # it keeps no record of the target
