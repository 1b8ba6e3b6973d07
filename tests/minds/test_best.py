"""The average that is kept: the best of those looked at, the start included."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds import best
from m2m_tf.minds.checkpoints import state_of
from tests.minds.conftest import small_networks

pytestmark = pytest.mark.slow

FIT = {"batch_size": 100, "validation_split": 0.1, "verbose": 0}


@pytest.fixture
def make(shared_autoencoder, monkeypatch):
    """A function that makes a small mind with a rate; it is looked at every five steps."""
    monkeypatch.setattr(best, "STEPS", 5)

    def make(rate=1e-3, critic_steps=1, **settings):
        keras.utils.set_random_seed(5)
        settings = {**small_networks(**settings), "critic_steps": critic_steps, **settings}
        model = m2m.Mind2Mind(shared_autoencoder, seed=0, **settings)
        model.compile(keras.optimizers.Adam(rate, 0.0, 0.9))
        return model

    return make


@pytest.fixture(scope="module")
def codes(shared_autoencoder, digits):
    return shared_autoencoder.encode(digits)


def distance(model):
    """Of a model's codes to those held out, of other latents than those that chose."""
    standardise = model.statistics.standardise
    held_out = np.asarray(standardise(model.held_out_codes.codes))
    generated = np.asarray(standardise(model.generate_codes(1800, seed=9)))  # as many as are shown
    return m2m.metrics.chamfer_distance(held_out, generated)


def test_a_training_that_does_harm_leaves_the_start(make, codes, capsys):
    model = make(rate=0.3)
    model.fit(codes, epochs=2, **{**FIT, "verbose": 2})
    assert model.best.step.numpy() == 0
    latent = model.sample_latent(8, seed=0)
    np.testing.assert_allclose(model.average(latent), latent, atol=1e-6)
    assert "the mind is its start" in capsys.readouterr().out
    assert np.abs(model.generator(latent) - latent).max() > 0.1


def test_a_training_that_gains_is_kept_and_says_by_how_much(make, codes, capsys):
    model = make(prior="uniform", critic_steps=2)
    model.fit(codes, epochs=30, **{**FIT, "verbose": 2})
    kept = model.best
    assert 0 < kept.step.numpy() <= 30 * 18
    reached, start, floor = kept.distance.numpy(), kept.start.numpy(), best.KeepBest(model).floor
    assert reached - floor < 0.9 * (start - floor)
    assert distance(model) == pytest.approx(float(reached), rel=0.2)
    out = capsys.readouterr().out
    assert f"Kept: the average after {kept.step.numpy()} of 540 updates" in out
    assert (
        f"is {reached:.4g}, the start's {start:.4g}, that of codes it was shown {floor:.4g}" in out
    )


def test_an_earlier_average_that_was_better_is_given_back(make, codes):
    class Spoil(keras.callbacks.Callback):
        """Ruins the average in the last epoch."""

        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                self.model.average.set_weights([3 * w for w in self.model.average.get_weights()])

    spoilt, whole = make(prior="uniform"), make(prior="uniform")
    spoilt.fit(codes, epochs=3, callbacks=[Spoil()], **FIT)
    whole.fit(codes, epochs=3, **FIT)
    assert distance(spoilt) < 1.5 * distance(whole)


@pytest.mark.parametrize("held_out", [0, 0.02])
def test_with_few_held_out_codes_the_last_average_stays(make, codes, held_out):
    model = make(rate=0.3)
    model.fit(codes, epochs=1, batch_size=100, validation_split=held_out, verbose=0)
    assert np.isinf(model.best.distance.numpy())
    latent = model.sample_latent(8, seed=0)
    assert np.abs(model.average(latent) - latent).max() > 1e-3


def test_with_classes_codes_are_generated_in_their_shares(make, codes):
    model = make(classes=3)
    model.fit(codes, np.arange(2000) % 3, epochs=1, **FIT)
    assert np.isfinite(model.best.start.numpy())


def test_a_second_target_forgets_what_the_first_one_found(make, codes):
    model = make(prior="uniform")
    model.fit(codes, epochs=1, **FIT)
    first = float(model.best.start.numpy())
    model.fit(codes[::2] + 1, epochs=1, **FIT)
    assert float(model.best.start.numpy()) != first
    assert model.best.step.numpy() != 0 or np.isfinite(model.best.distance.numpy())


def test_what_was_found_is_in_the_checkpoints(make, codes, tmp_path):
    whole, first, resumed = (make(prior="uniform") for _ in range(3))
    whole.fit(codes, epochs=4, **FIT)
    first.fit(codes, epochs=2, checkpoint=tmp_path, **FIT)
    resumed.fit(codes, epochs=4, checkpoint=tmp_path, **FIT)
    ours, theirs = state_of(resumed), state_of(whole)
    for name in theirs:
        np.testing.assert_array_equal(ours[name], theirs[name], name)


def test_an_average_that_returns_what_it_was_shown_is_passed_over(make, codes, capsys):
    class ByHeart(keras.callbacks.Callback):
        """Makes the mixture's components single codes, and the correction nothing."""

        def on_train_begin(self, logs=None):
            law, statistics = self.model.latent_law, self.model.statistics
            shown = np.asarray(statistics.standardise(self.model.codes.codes[: law.means.shape[0]]))
            law.means.assign(shown)
            law.directions.assign(1e-3 * law.directions.numpy())
            self.model.best.start.assign(np.inf)
            self.model.best.distance.assign(np.inf)

    model = make(rate=0.0)
    model.fit(codes, epochs=1, callbacks=[ByHeart()], **{**FIT, "verbose": 2})
    assert not np.isfinite(model.best.distance.numpy())
    assert "as copies of what it was shown: 1 looks" in capsys.readouterr().out


def test_a_start_that_has_the_moments_of_the_codes_is_left_for_their_shape(make, codes):
    """As a mixture fitted to codes has: what comes nearer to them has other moments."""
    chosen = []
    model = make()
    model.fit(codes, epochs=1, **FIT)
    look = best.KeepBest(model)
    known = np.asarray(model.statistics.standardise(codes))
    moments = known.mean(axis=0), np.cov(known.T)
    gaussian = np.random.default_rng(0).multivariate_normal(*moments, 4096)
    shaped = 1.1 * known[np.random.default_rng(1).integers(0, len(known), 4096)]
    for made in (gaussian, shaped):
        look._generate = lambda count, made=made: made[:count].astype("float32")
        chosen.append(look._code_distance())
    assert chosen[1] < chosen[0]
    held_out = look._held_out
    assert m2m.metrics.frechet_distance(held_out, gaussian) < m2m.metrics.frechet_distance(
        held_out, shaped
    )
