"""A mind that follows a flow, trained."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.flow import build_flow_generator, flow_of
from m2m_tf.minds.flow_step import flow_loss

pytestmark = pytest.mark.slow

FIT = {"batch_size": 100, "verbose": 0}


@pytest.fixture(scope="module")
def codes(shared_autoencoder, digits):
    return shared_autoencoder.encode(digits)


@pytest.fixture
def make(shared_autoencoder):
    """A function that makes a small flow mind on codes of 16."""

    def make(classes=None, **settings):
        generator = build_flow_generator(
            16, (16,), width=32, depth=1, steps=4, classes=classes or 0
        )
        model = m2m.Mind2Mind(
            shared_autoencoder,
            generator,
            **{"prior": "mixture", "loss": "flow", "classes": classes, "seed": 0, **settings},
        )
        model.compile()
        return model

    return make


def distance(model, codes):
    """Of a model's codes to others, standardised."""
    standardise = model.statistics.standardise
    generated = np.asarray(standardise(model.generate_codes(2000, seed=9)))
    return m2m.metrics.frechet_distance(np.asarray(standardise(codes)), generated)


def test_it_comes_nearer_to_the_codes_from_any_prior(make, codes):
    model = make(prior="normal")
    model.fit(codes, epochs=1, **FIT)
    early = distance(model, codes)
    history = model.fit(codes, epochs=30, **FIT).history
    assert distance(model, codes) < 0.5 * early
    assert set(history) == {"flow_loss", "generator_gradient_norm"}
    assert history["flow_loss"][-1] < history["flow_loss"][0]


def test_its_error_is_measured_in_the_units_of_its_codes(make, codes):
    model = make()
    model.fit(codes, epochs=0, **FIT)
    flow, averaged = flow_of(model.generator), flow_of(model.average)
    places = np.asarray(model.statistics.standardise(codes))
    units = places.std(axis=0) ** 0.75
    np.testing.assert_allclose(flow.units, units / np.sqrt(np.square(units).mean()), rtol=1e-4)
    np.testing.assert_array_equal(flow.units, averaged.units)
    noise = model.latent_law.draw((len(places), model.latent_law.noise_dim), [0, 0])
    ways = places - model.latent_law.near(places, noise)  # the velocity is 0 at first
    found = flow_loss(model, model.generator, places, noise, np.zeros((len(places), 1), "float32"))
    assert float(found) == pytest.approx(np.square(ways / flow.units).mean(), rel=1e-4)


def test_starts_are_draws_of_the_components_of_their_codes(make, codes):
    model = make()
    model.fit(codes, epochs=1, **FIT)
    law, places = model.latent_law, np.asarray(model.statistics.standardise(codes))
    noise = law.draw((len(places), law.noise_dim), [0, 0])
    means = law.means.numpy()[: law.components_count]
    squares = np.square(means).sum(axis=1)
    component = (squares - 2 * places @ means.T).argmin(axis=1)
    np.testing.assert_allclose(law.near(places, 0 * noise), means[component], atol=1e-5)
    shares = np.bincount(component, minlength=len(means)) / len(places)
    np.testing.assert_allclose(np.exp(law.log_weights.numpy()[0][: len(means)]), shares, atol=1e-6)


def test_with_classes_each_code_is_of_the_class_that_was_asked_for(make, digits):
    labels = m2m.data.load_labels("demo:digits")[: len(digits)] % 2
    model = make(classes=2)
    model.fit(digits, labels, epochs=2, **FIT)
    codes = model.generate_codes(50, seed=0, label=[0, 1] * 25)
    assert codes.shape == (50, 16) and np.isfinite(codes).all()
    assert flow_of(model.average).classes == 2


def test_it_has_no_critic_and_says_so(make, shared_autoencoder):
    assert make().critic is None
    with pytest.raises(ValueError, match="loss='flow' trains one network.*has no critic"):
        make(gradient_penalty=1.0)
    with pytest.raises(ValueError, match="has no critic"):
        make(critic=m2m.build_critic((16,)))
    with pytest.raises(ValueError, match="expects a generator that follows a flow"):
        m2m.Mind2Mind(shared_autoencoder, m2m.build_generator(16, (16,)), loss="flow")


def test_saved_and_loaded_it_trains_on(make, codes, tmp_path):
    model = make()
    model.fit(codes, epochs=1, **FIT)
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.generate(3, seed=0), model.generate(3, seed=0))
    assert loaded.is_flow and loaded.average_decay == 0.999
    model.fit(codes, epochs=1, **FIT)
    loaded.fit(codes, epochs=1, **FIT)
    np.testing.assert_array_equal(loaded.generate(3, seed=0), model.generate(3, seed=0))


def test_what_is_kept_errs_least_on_held_out_codes(make, codes, capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.minds.best.STEPS", 18)
    model = make(prior="normal")
    model.fit(codes, epochs=4, validation_split=0.1, batch_size=100, verbose=2)
    kept = model.best
    assert kept.step.numpy() > 0 and kept.distance.numpy() < kept.start.numpy()
    said = f"is {kept.distance.numpy():.4g}, the start's {kept.start.numpy():.4g}."
    assert f"its error on held-out codes {said}" in capsys.readouterr().out


def test_with_classes_held_out_codes_are_looked_at_with_their_labels(make, digits):
    labels = m2m.data.load_labels("demo:digits")[: len(digits)] % 2
    model = make(classes=2)
    model.fit(digits, labels, epochs=1, validation_split=0.1, **FIT)
    assert np.isfinite(model.best.start.numpy())
