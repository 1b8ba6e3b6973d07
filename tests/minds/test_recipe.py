"""The default recipe, the paper's, and what stands between them."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import CodeStore
from m2m_tf.minds.optimizers import WarmedUpAdam

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measured(shared_autoencoder, some_codes):
    """A default mind that has seen its codes and was not trained."""
    model = m2m.Mind2Mind(shared_autoencoder, seed=0)
    model.codes = CodeStore(some_codes, "any")
    model.measure_codes()
    return model


@pytest.fixture(scope="module")
def apart():
    """Codes of two classes that lie apart, and their labels."""
    labels = np.arange(200) % 2
    codes = np.random.default_rng(0).normal(size=(200, 16)) + np.where(labels, 5, -5)[:, None]
    return CodeStore(codes.astype("float32"), "any", labels=labels)


def settings_of(model):
    names = ("prior", "loss_name", "critic_steps", "gradient_penalty", "drift_penalty")
    return (*(getattr(model, name) for name in names), model.statistics.kind, model.latent_dim)


def test_the_defaults_are_the_mixture_the_wasserstein_loss_and_the_decoders_metric(measured):
    assert settings_of(measured) == ("mixture", "wasserstein", 2, 10.0, 1e-3, "decoder", 16)


def test_the_papers_recipe_is_one_line(shared_autoencoder):
    model = m2m.Mind2Mind(
        shared_autoencoder,
        prior="uniform",
        loss="wasserstein",
        critic_steps=5,
        standardise="scale",
    )
    assert settings_of(model) == ("uniform", "wasserstein", 5, 10.0, 1e-3, "scale", 128)
    assert "add" not in [type(layer).__name__.lower() for layer in model.generator.layers]


def test_a_generator_of_ones_own_starts_from_uniform_latents(shared_autoencoder):
    generator = m2m.build_generator(8, (16,), widths=(4,))
    assert m2m.Mind2Mind(shared_autoencoder, generator).prior == "uniform"


@pytest.mark.parametrize("loss", ["wasserstein", "relativistic", "hinge"])
def test_settings_that_are_given_stand_whatever_the_loss(make_mind, loss):
    given = {"critic_steps": 3, "gradient_penalty": 0.0, "drift_penalty": 2.0}
    model = make_mind(loss=loss, compiled=False, **given)
    assert {name: getattr(model, name) for name in given} == given


def test_the_mixture_takes_no_generator_of_another_width(make_mind):
    with pytest.raises(ValueError, match="of 16 values; the generator takes 8.*residual=True"):
        make_mind(prior="mixture")


@pytest.mark.parametrize("latent_dim", [1, 8])
def test_a_latent_of_another_width_is_refused_with_the_prior_that_takes_it(
    shared_autoencoder, latent_dim
):
    with pytest.raises(ValueError, match=f"a flat code: 16; got {latent_dim}.*prior='uniform'"):
        m2m.Mind2Mind(shared_autoencoder, latent_dim=latent_dim)
    model = m2m.Mind2Mind(shared_autoencoder, prior="normal", latent_dim=latent_dim)
    assert model.sample_latent(3).shape == (3, latent_dim)


def test_before_training_what_is_generated_is_the_mixture(measured):
    latent = measured.sample_latent(50, seed=3)
    codes = measured.statistics.restore(latent)
    np.testing.assert_allclose(measured.generate_codes(50, seed=3), codes, atol=1e-5)
    images = measured.autoencoder.decode(codes.numpy())
    np.testing.assert_allclose(measured.generate(50, seed=3), images, atol=1e-5)
    for network in (measured.generator, measured.average):
        np.testing.assert_array_equal(network(latent, training=False), latent)


def test_the_mixture_is_as_wide_as_the_codes(measured, some_codes):
    codes = measured.generate_codes(20_000, seed=0)
    np.testing.assert_allclose(codes.mean(0), some_codes.mean(0), atol=0.05 * some_codes.std())
    ours, theirs = np.cov(codes.T), np.cov(some_codes.T)
    assert np.linalg.norm(ours - theirs) < 0.1 * np.linalg.norm(theirs)


def test_sampled_latents_are_drawn_from_the_seed_of_two_numbers(measured):
    latent = measured.sample_latent(6, seed=4)
    assert latent.dtype == "float32" and latent.shape == (6, 16)
    law = measured.latent_law
    np.testing.assert_array_equal(law.latent_of(law.draw((6, law.noise_dim), [4, 0])), latent)
    np.testing.assert_array_equal(measured.sample_latent(6, seed=4), latent)
    assert not np.array_equal(measured.sample_latent(6), measured.sample_latent(6))


def test_a_negative_seed_measures_and_draws(shared_autoencoder, some_codes):
    model = m2m.Mind2Mind(shared_autoencoder, seed=-3)
    model.codes = CodeStore(some_codes[:50], "any")
    model.measure_codes()
    images = model.generate(4, seed=-7)
    np.testing.assert_array_equal(model.generate(4, seed=-7), images)
    assert np.ptp(images, axis=0).max() > 0


def test_latents_of_a_class_are_its_codes(make_mixed, apart):
    model = make_mixed(classes=("left", "right"), compiled=False)
    model.codes = apart
    model.measure_codes()
    labels = np.arange(100) % 2
    codes = model.generate_codes(100, seed=0, label=labels)
    np.testing.assert_array_equal(codes.mean(axis=1) > 0, labels == 1)
    by_name = model.sample_latent(100, seed=0, label="right")
    np.testing.assert_array_equal(model.sample_latent(100, seed=0, label=1), by_name)
    images = model.generate_from(by_name, label="right")
    np.testing.assert_array_equal(model.generate(100, seed=0, label="right"), images)
    drawn = model.sample_labels(100, seed=2)
    latent = model.sample_latent(100, seed=2)
    np.testing.assert_array_equal(model.sample_latent(100, seed=2, label=drawn), latent)
    with pytest.raises(ValueError, match="no class 'up'"):
        model.sample_latent(5, label="up")


def test_a_label_for_latents_of_a_model_without_classes_is_refused(measured):
    with pytest.raises(ValueError, match="has no classes; got label=1"):
        measured.sample_latent(5, label=1)


def test_the_critic_trains_on_fakes_of_the_mixture_of_their_labels(make_mixed, apart):
    model = make_mixed(classes=2)
    seen = []

    def critic_step(real, fake, alpha, labels):
        seen.append((model.statistics.restore(fake).numpy(), labels.numpy()))
        return type(model).critic_step(model, real, fake, alpha, labels)

    model.critic_step = critic_step  # looks on; the step itself is the model's own
    model.fit(apart, batch_size=100, verbose=0)
    for fake, labels in seen:
        assert len(set(labels)) == 2
        np.testing.assert_array_equal(fake.mean(axis=1) > 0, labels == 1)


def test_the_generator_waits_for_the_critic_where_it_starts_from_the_mixture(measured):
    measured.compile(jit_compile=False)
    optimizer = measured.generator_optimizer
    assert isinstance(optimizer, WarmedUpAdam) and optimizer.warm_up == 500
    assert float(optimizer.learning_rate) == pytest.approx(1e-3)
    assert float(measured.critic_optimizer.learning_rate) == pytest.approx(2e-3)


def test_training_moves_the_generator_from_the_identity(make_mixed, some_codes):
    model = make_mixed()
    model.fit(some_codes, epochs=2, batch_size=150, verbose=0)
    latent = model.sample_latent(20, seed=0)
    moved = np.abs(model.generator(latent).numpy() - latent).max()
    assert 0 < moved < 0.1


def test_a_second_fit_keeps_the_mixture(make_mixed, some_codes):
    model = make_mixed()
    model.fit(some_codes, batch_size=300, verbose=0)
    before = [weight.numpy() for weight in model.latent_law.weights]
    model.fit(some_codes[:200] * 2, batch_size=200, verbose=0)
    for weight, expected in zip(model.latent_law.weights, before, strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_one_code_is_trained_on(make_mixed, some_codes):
    model = make_mixed()
    history = model.fit(some_codes[:1], batch_size=1, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert np.isfinite(model.generate(3, seed=0)).all()


def test_a_saved_mind_of_classes_keeps_its_mixture_loss_and_metric(make_mixed, apart, tmp_path):
    model = make_mixed(classes=2, loss="hinge", gradient_penalty=0.5, compiled=False)
    model.codes = apart
    model.measure_codes()
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    assert settings_of(loaded) == settings_of(model)
    for label in (None, 0, 1):
        ours, theirs = (each.generate(10, seed=0, label=label) for each in (model, loaded))
        np.testing.assert_array_equal(theirs, ours)


def test_a_model_saved_before_losses_had_names_is_the_papers(make_mind):
    config = make_mind(loss="hinge", compiled=False).get_config()
    for name in ("loss", "standardise"):
        del config[name]
    model = m2m.Mind2Mind.from_config(config)
    assert (model.loss_name, model.statistics.kind) == ("wasserstein", "scale")


def test_a_mind_without_codes_has_none_to_measure(shared_autoencoder):
    with pytest.raises(ValueError, match=r"Call model.fit\(target\) before model.measure_codes"):
        m2m.Mind2Mind(shared_autoencoder, seed=0).measure_codes()
