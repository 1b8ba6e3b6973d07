"""The mind: training on codes, generating images, and keeping all of it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.codes import encode_once, held_out_rows
from m2m_tf.codes.shards import ShardedCodes

pytestmark = pytest.mark.slow

LOGS = {
    "score_gap",
    "critic_loss",
    "generator_loss",
    "gradient_penalty",
    "critic_gradient_norm",
    "generator_gradient_norm",
}


def weights_of(network):
    return [weight.numpy() for weight in network.weights]


def assert_equal_weights(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def trained(make_mind, digits):
    """A tiny mind trained for two epochs of three steps: (model, history)."""
    model = make_mind(eager=False)
    history = model.fit(digits[:300], epochs=2, batch_size=100, verbose=0)
    return model, history


def test_the_ten_lines_of_the_readme_work(tiny_autoencoder_folder, digits, tmp_path):
    target_ds = tf.data.Dataset.from_tensor_slices((digits[:256], np.zeros(256))).batch(50)
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
    model = m2m.Mind2Mind(autoencoder)
    model.compile()
    model.fit(target_ds, epochs=1, verbose=0)
    images = model.generate(64, seed=0)
    model.export(tmp_path / "exports" / "mnist" / "1", check=False)
    assert isinstance(model, keras.Model)
    assert images.shape == (64, 28, 28, 1) and images.dtype == np.float32
    assert images.min() >= -1 and images.max() <= 1
    assert (tmp_path / "exports" / "mnist" / "1" / "saved_model.pb").is_file()


def test_every_log_is_there_for_each_epoch_and_finite(trained):
    _, history = trained
    assert isinstance(history, keras.callbacks.History)
    assert history.history.keys() == LOGS
    for values in history.history.values():
        assert len(values) == 2 and np.isfinite(values).all()
    for name in LOGS - {"score_gap", "critic_loss", "generator_loss"}:
        assert min(history.history[name]) >= 0


@pytest.mark.parametrize("loss", ["wasserstein", "relativistic", "hinge"])
def test_the_critics_loss_is_made_of_its_three_terms(make_mind, some_codes, loss):
    model = make_mind(loss=loss, gradient_penalty=3.0, drift_penalty=5.0)
    real, fake = tf.constant(some_codes[:20]), tf.random.normal((20, 16))
    real_scores, fake_scores = (model.critic(codes).numpy() for codes in (real, fake))
    gap = real_scores.mean() - fake_scores.mean()
    first = {
        "wasserstein": -gap,
        "relativistic": np.log1p(np.exp(fake_scores - real_scores)).mean(),
        "hinge": np.maximum(0, 1 - real_scores).mean() + np.maximum(0, 1 + fake_scores).mean(),
    }[loss]
    logs = model.critic_step(real, fake, tf.random.uniform((20, 1)))
    expected = first + 3 * logs["gradient_penalty"] + 5 * np.mean(real_scores**2)
    assert float(logs["critic_loss"]) == pytest.approx(float(expected), rel=1e-4)
    assert float(logs["score_gap"]) == pytest.approx(gap, rel=1e-4)


def test_one_generator_update_follows_each_round_of_critic_updates(trained):
    model, _ = trained
    assert int(model.generator_optimizer.iterations) == 2 * 3
    assert int(model.critic_optimizer.iterations) == 2 * 3 * model.critic_steps


def test_the_frozen_blocks_are_as_they_were(make_mind, digits):
    model = make_mind()
    before = weights_of(model.autoencoder)
    assert not model.autoencoder.encoder.trainable and not model.autoencoder.decoder.trainable
    trainable = {id(variable) for variable in model.trainable_variables}
    mind = [*model.generator.trainable_variables, *model.critic.trainable_variables]
    assert trainable == {id(variable) for variable in mind}
    model.fit(digits[:100], batch_size=50, verbose=0)
    assert_equal_weights(weights_of(model.autoencoder), before)


@pytest.mark.parametrize("held, moved", [("generator", "critic"), ("critic", "generator")])
def test_the_update_of_one_network_does_not_reach_the_other(make_mind, some_codes, held, moved):
    model = make_mind()
    model.compile(**{f"{held}_optimizer": keras.optimizers.SGD(0.0)}, jit_compile=False)
    before = {name: getattr(model, name).get_weights() for name in (held, moved)}
    frozen = [v.numpy() for v in getattr(model, held).trainable_variables]
    model.fit(some_codes, batch_size=100, verbose=0)
    assert_equal_weights([v.numpy() for v in getattr(model, held).trainable_variables], frozen)
    after = getattr(model, moved).get_weights()
    assert any(not np.array_equal(a, b) for a, b in zip(after, before[moved], strict=True))


def test_critic_steps_leave_the_generator_as_it_was(make_mind, some_codes):
    model = make_mind()
    before = weights_of(model.generator), weights_of(model.critic)
    real, fake = tf.constant(some_codes[:20]), tf.random.normal((20, 16))
    model.critic_step(real, fake, tf.random.uniform((20, 1)))
    assert_equal_weights(weights_of(model.generator), before[0])
    assert not np.array_equal(model.critic.weights[0], before[1][0])


def test_the_generator_step_leaves_the_critic_as_it_was(make_mind, some_codes):
    model = make_mind()
    before = weights_of(model.generator), weights_of(model.critic)
    model.generator_step(tf.constant(some_codes[:20]))
    assert_equal_weights(weights_of(model.critic), before[1])
    assert not np.array_equal(model.generator.weights[0], before[0][0])


def test_each_critic_step_sees_fresh_codes_and_fresh_fakes(make_mind, some_codes):
    model = make_mind(critic_steps=3)
    seen = []

    def critic_step(real, fake, alpha, labels):
        seen.append((real.numpy(), fake.numpy(), alpha.numpy()))
        return type(model).critic_step(model, real, fake, alpha)

    model.critic_step = critic_step  # looks on; the step itself is the model's own
    model.fit(some_codes[:300], epochs=1, batch_size=50, verbose=0)
    for kind in range(2):
        rows = np.concatenate([batch[kind] for batch in seen[:6]])
        assert len(np.unique(rows.round(4), axis=0)) == 300
    assert len(np.unique(np.concatenate([alpha for _, _, alpha in seen[:6]]))) > 290


def test_the_critic_sees_standardised_codes(make_mind, some_codes):
    model = make_mind(standardise="scale")
    model.fit(some_codes * 40 + 7, batch_size=100, verbose=0)
    np.testing.assert_allclose(model.statistics.mean, (some_codes * 40 + 7).mean(0), rtol=1e-3)
    np.testing.assert_allclose(model.statistics.scale, some_codes.std(0) * 40, rtol=1e-3)
    (batch,) = model.codes.groups(100, 3, model.statistics.constant(), seed=0).take(1)
    np.testing.assert_allclose(batch.numpy().reshape(300, 16).mean(0), 0, atol=1e-3)
    np.testing.assert_allclose(batch.numpy().reshape(300, 16).std(0), 1, atol=1e-3)


def test_what_is_generated_is_in_the_codes_own_range(trained):
    model, _ = trained
    latent = model.sample_latent(5, seed=0)
    standardised = model.average(latent, training=False).numpy()
    codes = standardised @ model.statistics.backward.numpy() + model.statistics.mean.numpy()
    np.testing.assert_allclose(
        model.generate_from(latent), model.autoencoder.decode(codes), atol=1e-5
    )


def test_training_brings_the_law_of_new_codes_to_the_targets(make_mind):
    rng = np.random.default_rng(0)
    target = 3 * rng.normal(size=(600, 1)) + rng.normal(size=(600, 16))
    model = make_mind(
        generator=m2m.build_generator(8, (16,), widths=(64,)),
        prior="uniform",
        loss="wasserstein",
        standardise="scale",
        critic_steps=3,
        eager=False,
    )

    def distance():
        """The mean W1 of each code value to the target's, in standardised codes."""
        latent = model.sample_latent(600, seed=1)
        codes = np.sort(model.average(latent, training=False).numpy(), axis=0)
        return np.mean(np.abs(codes - np.sort((target - target.mean(0)) / target.std(0), axis=0)))

    before = distance()
    model.fit(target.astype("float32"), epochs=80, batch_size=100, verbose=0)
    assert distance() < 0.5 * before


def test_generating_uses_the_average_and_not_the_generator(trained):
    model, _ = trained
    images = model.generate(8, seed=0)
    before = model.generator.get_weights()
    model.generator.set_weights([weight * 0 for weight in before])
    np.testing.assert_array_equal(model.generate(8, seed=0), images)
    model.generator.set_weights(before)


def test_an_average_without_decay_is_the_generator(make_mind, some_codes):
    model = make_mind(average_decay=0.0)
    model.fit(some_codes, batch_size=100, verbose=0)
    for ours, theirs in zip(model.average.weights, model.generator.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_seed_fixes_the_images(trained):
    model, _ = trained
    images = model.generate(8, seed=3)
    np.testing.assert_array_equal(model.generate(8, seed=3), images)
    assert not np.array_equal(model.generate(8, seed=4), images)
    np.testing.assert_allclose(model.generate(20, seed=3)[:8], images, atol=1e-5)


def test_without_a_seed_each_call_gives_other_images(trained):
    model, _ = trained
    assert not np.array_equal(model.generate(8), model.generate(8))


@pytest.mark.parametrize(
    "seed", [0, 2**31 - 1, 2**31, 2**62, -1, np.int64(5), np.uint32(2**32 - 1)]
)
def test_any_whole_number_is_a_seed(trained, seed):
    model, _ = trained
    images = model.generate(2, seed=seed)
    np.testing.assert_array_equal(model.generate(2, seed=seed), images)


@pytest.mark.parametrize("seed", [0.5, "one", 2**64])
def test_what_is_no_seed_is_refused(trained, seed, make_mind):
    with pytest.raises(ValueError, match="seed"):
        trained[0].generate(2, seed=seed)
    with pytest.raises(ValueError, match="seed"):
        make_mind(seed=seed)


def test_more_images_than_a_batch_come_whole(trained):
    model, _ = trained
    images = model.generate(50, seed=0, batch_size=7)
    assert images.shape == (50, 28, 28, 1)
    np.testing.assert_allclose(images, model.generate(50, seed=0), atol=1e-5)


def test_a_number_of_images_that_is_none_is_refused(trained):
    with pytest.raises(ValueError, match="num_images must be a whole number of 1 or more; got 0"):
        trained[0].generate(0)


def test_latents_of_another_width_are_refused(trained):
    with pytest.raises(ValueError, match=r"latents of shape \(n, 8\); got \(3, 9\)"):
        trained[0].generate_from(np.zeros((3, 9)))


def test_latents_come_from_the_prior(make_mind):
    uniform = make_mind(prior="uniform").sample_latent(500, seed=0)
    normal = make_mind(prior="normal").sample_latent(500, seed=0)
    assert np.abs(uniform).max() <= 1 < np.abs(normal).max()
    assert uniform.shape == normal.shape == (500, 8)


def test_an_unknown_prior_is_refused(make_mind):
    with pytest.raises(
        ValueError, match="one of 'uniform', 'normal', 'mixture', 'shared_mixture'; got 'cauchy'"
    ):
        make_mind(prior="cauchy")


def test_an_unknown_loss_is_refused(make_mind):
    said = "loss must be one of 'wasserstein', 'relativistic', 'hinge', 'flow'; got 'gan'"
    with pytest.raises(ValueError, match=said):
        make_mind(loss="gan")


def test_an_unknown_way_to_standardise_is_refused(make_mind):
    with pytest.raises(
        ValueError, match="standardise must be one of 'axes', 'decoder', 'scale'; got 'pca"
    ):
        make_mind(standardise="pca")


@pytest.mark.parametrize("truncation", [-0.1, 1.1, float("nan"), "half", None])
def test_a_truncation_out_of_range_is_refused(trained, truncation):
    model = trained[0] if isinstance(trained, tuple) else trained
    with pytest.raises(ValueError, match=r"A truncation lies in \[0, 1\]"):
        model.generate(1, seed=0, truncation=truncation)


def test_truncation_is_the_same_for_codes_and_images(trained):
    model = trained[0] if isinstance(trained, tuple) else trained
    codes = model.generate_codes(3, seed=0, truncation=0.5)
    images = model.generate(3, seed=0, truncation=0.5)
    np.testing.assert_allclose(model.autoencoder.decode(codes), images, atol=1e-5)
    assert np.abs(images - model.generate(3, seed=0)).max() > 0.01


def test_another_seed_trains_another_model(trained, make_mind, digits):
    model = make_mind(seed=6)
    history = model.fit(digits[:300], epochs=2, batch_size=100, verbose=0)
    for name in LOGS:
        assert history.history[name] != pytest.approx(trained[1].history[name], rel=1e-3)


@pytest.mark.parametrize("loss", ["wasserstein", "relativistic"])
def test_xla_makes_the_same_critic_step(make_mind, some_codes, loss):
    real, fake = tf.constant(some_codes[:20]), tf.random.normal((20, 16))
    alpha = tf.random.uniform((20, 1))
    models = [make_mind(loss=loss), make_mind(loss=loss)]
    for model in models:
        # Adam's own epsilon gives a step of full size to a gradient that is only rounding.
        model.compile(critic_optimizer=keras.optimizers.Adam(2e-3, epsilon=1e-4))
    for model, jit_compile in zip(models, (False, True), strict=True):
        tf.function(model.critic_step, jit_compile=jit_compile)(real, fake, alpha)
    for ours, theirs in zip(models[0].critic.weights, models[1].critic.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("prior", ["uniform", "mixture"])
def test_a_model_compiled_by_xla_trains(make_mind, make_mixed, some_codes, prior):
    make = {"uniform": make_mind, "mixture": make_mixed}[prior]
    model = make(critic_steps=1, eager=False)
    model.compile(jit_compile=True)
    history = model.fit(some_codes, batch_size=100, verbose=0)
    assert model.jit_compile is True
    assert np.isfinite(list(history.history.values())).all()


# --- the target


@pytest.mark.parametrize("kind", ["uint8", "labelled", "codes"])
def test_every_form_of_the_target_trains_the_same_model(trained, make_mind, digits, kind):
    pixels = np.round((digits[:300] + 1) * 127.5).astype("uint8")
    rows = tf.data.Dataset.from_tensor_slices((pixels, np.arange(300)))
    targets = {
        "uint8": pixels,
        "labelled": rows,
    }
    model = make_mind()
    targets["codes"] = model.autoencoder.encode(pixels)
    history = model.fit(targets[kind], epochs=2, batch_size=100, verbose=0)
    assert model.codes.count == 300
    for name in LOGS:
        assert history.history[name] == pytest.approx(trained[1].history[name], rel=1e-3)


def test_labels_are_ignored_and_said_once(make_mind, digits, capsys):
    target = tf.data.Dataset.from_tensor_slices((digits[:100], np.arange(100))).batch(50)
    model = make_mind()
    model.fit(target, epochs=2, batch_size=50, verbose=2)
    model.fit(target, batch_size=50, verbose=2)
    assert capsys.readouterr().out.count("ignored the labels") == 1


def test_encoding_shows_a_progress_bar(make_mind, digits, capsys):
    make_mind().fit(digits[:100], batch_size=50)
    assert "100/100" in capsys.readouterr().out


def test_a_second_fit_does_not_encode_again(make_mind, digits, monkeypatch):
    model = make_mind()
    model.fit(digits[:100], batch_size=50, verbose=0)
    assert not model.codes.from_cache
    codes = model.codes.codes
    monkeypatch.setattr(model.autoencoder, "encode_batch", None)  # a call would fail
    model.fit(digits[:100].copy(), batch_size=50, verbose=0)
    assert model.codes.from_cache
    np.testing.assert_array_equal(model.codes.codes, codes)


def test_a_fit_on_another_target_encodes_it_and_keeps_the_statistics(make_mind, digits):
    model = make_mind()
    model.fit(digits[:100], batch_size=50, verbose=0)
    mean = model.statistics.mean.numpy()
    model.fit(digits[100:260], batch_size=50, verbose=0)
    assert not model.codes.from_cache and model.codes.count == 160
    np.testing.assert_array_equal(model.statistics.mean, mean)


def test_codes_kept_in_a_folder_serve_the_next_model(trained, make_mind, digits, tmp_path):
    model = make_mind()
    encode_once(model.autoencoder, digits[:300], tmp_path / "codes", verbose=0)
    settings = {"epochs": 2, "batch_size": 100, "codes_dir": tmp_path / "codes", "verbose": 0}
    history = model.fit(digits[:300], **settings)
    assert model.codes.from_cache
    for name in LOGS:
        assert history.history[name] == pytest.approx(trained[1].history[name], rel=1e-3)


def test_codes_too_large_for_memory_train_the_same_model(trained, make_mind, digits, monkeypatch):
    monkeypatch.setattr("m2m_tf.codes.encode.MEMORY_LIMIT", 1000)
    monkeypatch.setattr("m2m_tf.codes.store.MEMORY_LIMIT", 1000)
    model = make_mind()
    history = model.fit(digits[:300], epochs=2, batch_size=100, verbose=0)
    assert isinstance(model.codes.codes, ShardedCodes)
    for name in LOGS:
        assert history.history[name] == pytest.approx(trained[1].history[name], rel=1e-3)


def test_a_batch_as_large_as_the_target_trains(make_mind, some_codes):
    model = make_mind()
    model.fit(some_codes[:10], epochs=2, batch_size=10, verbose=0)
    assert int(model.generator_optimizer.iterations) == 2


def test_training_before_compiling_is_refused(make_mind, some_codes):
    with pytest.raises(ValueError, match=r"Call model.compile\(\) before model.fit"):
        make_mind(compiled=False).fit(some_codes)


def test_images_of_another_size_are_refused_with_what_mends_it(make_mind):
    with pytest.raises(ValueError) as refusal:
        make_mind().fit(np.zeros((200, 32, 32, 3), "uint8"), verbose=0)
    for part in ("(28, 28, 1)", "(32, 32, 3)", "m2m.data.resize", "--image_size"):
        assert part in str(refusal.value)


def test_images_are_resized_on_request(make_mind, digits):
    larger = m2m.data.resize(digits[:100], (40, 40))
    model = make_mind()
    model.fit(larger, batch_size=50, image_size=28, verbose=0)
    assert model.codes.count == 100


def test_values_outside_the_range_are_refused_with_the_range_seen(make_mind, digits):
    with pytest.raises(ValueError, match=r"\[-1, 1\].*\[-3, 3\]"):
        make_mind().fit(3 * digits[:200], verbose=0)


@pytest.mark.parametrize("kind", ["array", "dataset"])
def test_a_nan_is_refused_with_the_image_that_holds_it(make_mind, digits, kind):
    images = digits[:200].copy()
    images[150, 3, 3] = np.nan
    target = images if kind == "array" else tf.data.Dataset.from_tensor_slices(images).batch(30)
    with pytest.raises(ValueError, match="image 150 .*NaN"):
        make_mind().fit(target, verbose=0)


@pytest.mark.parametrize("prior", ["uniform", "mixture"])
def test_held_out_codes_are_never_trained_on(make_mind, make_mixed, some_codes, prior):
    make = {"uniform": make_mind, "mixture": make_mixed}[prior]
    model = make()
    model.fit(some_codes, batch_size=90, validation_split=0.1, verbose=0)
    rows = held_out_rows(300, 0.1)
    np.testing.assert_array_equal(model.held_out_codes.codes, some_codes[rows])
    other = make()
    other.fit(some_codes[~rows], batch_size=90, verbose=0)
    for ours, expected in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_a_model_remembers_what_it_was_trained_on(make_mind, digits, tmp_path):
    model = make_mind()
    assert model.trained_on is None
    model.fit(digits[:300], batch_size=64, validation_split=0.1, verbose=0)
    assert model.trained_on["images"] == 300
    assert model.trained_on["validation_split"] == 0.1
    for path in (tmp_path / "folder", tmp_path / "file.keras"):
        model.save(path)
        assert m2m.Mind2Mind.load(path).trained_on == model.trained_on


def test_what_is_held_out_counts_not_towards_a_batch(make_mind, digits):
    with pytest.raises(ValueError, match="has 100, 11 of them held out.*batch_size=89"):
        make_mind().fit(digits[:100], batch_size=95, validation_split=0.1, verbose=0)


def test_generated_codes_are_those_of_the_generated_images(trained):
    model, _ = trained
    codes = model.generate_codes(5, seed=3)
    assert codes.dtype == "float32" and codes.shape == (5, 16)
    images = model.autoencoder.decode(codes)
    np.testing.assert_allclose(images, model.generate(5, seed=3), atol=1e-5)


def test_a_target_smaller_than_a_batch_is_refused(make_mind, digits, some_codes):
    for target in (digits[:40], some_codes[:40]):
        with pytest.raises(ValueError, match="one batch of 128 images; the target has 40"):
            make_mind().fit(target, verbose=0)


def test_a_refused_target_leaves_the_model_as_it_was(make_mind, digits):
    model = make_mind()
    model.fit(digits[:100], batch_size=50, verbose=0)
    before = weights_of(model)
    with pytest.raises(ValueError, match="one batch of 128 images"):
        model.fit(digits[:40], verbose=0)
    assert_equal_weights(weights_of(model), before)
    model.fit(digits[:100], batch_size=50, verbose=0)
    assert model.codes.from_cache


# --- optimisers, saving, going on


def test_optimisers_of_ones_own_are_used(make_mind, some_codes):
    model = make_mind()
    model.compile(keras.optimizers.SGD(0.1), "adam", jit_compile=False)
    assert isinstance(model.generator_optimizer, keras.optimizers.SGD)
    assert isinstance(model.critic_optimizer, keras.optimizers.Adam)
    model.fit(some_codes, batch_size=100, verbose=0)
    assert int(model.critic_optimizer.iterations) == 6


def test_one_optimiser_for_both_networks_is_refused(make_mind):
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="two optimisers"):
        make_mind().compile(optimizer, optimizer)


def test_the_default_optimisers_are_built_adams(make_mind):
    model = make_mind()
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(2e-3)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.9)
        assert optimizer.built


def test_a_model_that_is_compiled_again_stays_trained(make_mind, some_codes, tmp_path):
    model = make_mind()
    model.compile()
    assert not model.is_trained
    model.fit(some_codes, batch_size=100, validation_split=0.1, verbose=0)
    assert model.steps_made == 2
    model.generator_optimizer.iterations.assign(1000)  # as if it had trained that long
    mean, average = model.statistics.mean.numpy(), weights_of(model.average)
    model.compile("sgd", "sgd", jit_compile=False, run_eagerly=True)
    assert model.is_trained and model.steps_made == 1000
    model.save(tmp_path / "model")
    assert m2m.Mind2Mind.load(tmp_path / "model").steps_made == 1000
    model.fit(some_codes[:200] + 1, batch_size=100, verbose=0)
    assert model.steps_made == 1002 and int(model.generator_optimizer.iterations) == 2
    np.testing.assert_array_equal(model.statistics.mean, mean)
    kept, moved = weights_of(model.average)[0] - average[0], model.generator.weights[0] - average[0]
    assert 0 < np.abs(kept).max() < 0.1 * np.abs(moved).max()  # its decay is that of 1,000 steps


@pytest.mark.parametrize("prior", ["uniform", "mixture"])
def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(
    make_mind, make_mixed, some_codes, tmp_path, prior
):
    model = {"uniform": make_mind, "mixture": make_mixed}[prior]()
    model.fit(some_codes, batch_size=100, verbose=0)
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    optimizers = ("generator_optimizer", "critic_optimizer")
    for one in optimizers:
        ours, theirs = getattr(model, one).variables, getattr(loaded, one).variables
        assert [v.path for v in ours] == [v.path for v in theirs]
        assert_equal_weights([v.numpy() for v in theirs], [v.numpy() for v in ours])
        assert any("velocity" in v.path and np.any(v.numpy()) for v in theirs)
    assert_equal_weights(weights_of(loaded), weights_of(model))
    assert loaded.is_trained
    for one in (model, loaded):
        one.fit(some_codes, batch_size=100, verbose=0)
    np.testing.assert_allclose(loaded.generate(8, seed=0), model.generate(8, seed=0), atol=1e-4)


def test_a_model_that_was_not_compiled_is_saved_too(make_mind, tmp_path):
    model = make_mind(compiled=False)
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.generate(4, seed=0), model.generate(4, seed=0))


def test_keras_callbacks_save_the_model_and_resume(make_mind, some_codes, tmp_path):
    model = make_mind()
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras")
    history = model.fit(some_codes, epochs=2, batch_size=100, callbacks=[checkpoint], verbose=0)
    assert history.epoch == [0, 1]
    loaded = m2m.Mind2Mind.load(tmp_path / "2.keras")
    np.testing.assert_array_equal(loaded.generate(4, seed=0), model.generate(4, seed=0))
    history = loaded.fit(some_codes, epochs=4, initial_epoch=2, batch_size=100, verbose=0)
    assert history.epoch == [2, 3]


def test_what_is_there_already_is_kept_on_request(make_mind, tmp_path):
    (tmp_path / "a.keras").write_text("mine")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "notes.txt").write_text("mine")
    model = make_mind()
    for name in ("a.keras", "model"):
        with pytest.raises(ValueError, match=f"{name}' holds something already"):
            model.save(tmp_path / name, overwrite=False)
    assert (tmp_path / "a.keras").read_text() == "mine"
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["notes.txt"]
    model.save(tmp_path / "new", overwrite=False)
