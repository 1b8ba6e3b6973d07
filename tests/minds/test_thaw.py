"""Thawing: below the frozen decoder's floor, and nothing else moves."""

import dataclasses
import json
from dataclasses import dataclass

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import m2m_tf as m2m
from m2m_tf.codes import held_out_rows
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.minds import thaw as thawing

pytestmark = pytest.mark.slow

COUNT, SPLIT, HELD_OUT = 320, 0.2, 65
BATCH = 50  # five batches
FEW = {"epochs": 1, "batch_size": BATCH, "verbose": 0}


def build_pair():
    """An encoder and a decoder of few layers, one of them batch normalisation; always the same."""
    keras.utils.set_random_seed(0)
    encoder = [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(8)]
    decoder = [keras.Input((8,)), layers.Dense(16, "relu"), layers.BatchNormalization()]
    return keras.Sequential(encoder), keras.Sequential(
        [*decoder, layers.Dense(784), layers.Reshape((28, 28, 1))]
    )


@pytest.fixture
def pair():
    return m2m.Autoencoder(*build_pair(), name="tiny")


@pytest.fixture(scope="module")
def images(digits):
    return digits[:COUNT]


@pytest.fixture
def fitted(make_mind, pair, images):
    """A mind of two steps; a fifth of the images was held out."""
    return fit(make_mind(pair), images)


def fit(model, images, split=SPLIT):
    model.fit(images, batch_size=250, validation_split=split, verbose=0)
    return model


def weights_of(block):
    return [weight.copy() for weight in block.get_weights()]


def are_equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def error(autoencoder, images):
    return np.mean((autoencoder.decode(autoencoder.encode(images)) - images) ** 2)


@dataclass
class Run:
    """A model that was thawed, and what there was before; not to be changed."""

    model: m2m.Mind2Mind
    other: m2m.Mind2Mind  # shares the frozen autoencoder
    frozen: m2m.Autoencoder
    weights: tuple  # of the frozen encoder and decoder
    images: np.ndarray  # generated
    codes: np.ndarray  # generated
    record: dict
    count: int  # of the model's variables
    thawed: thawing.Thawed


@pytest.fixture(scope="module")
def run(make_mind, images):
    frozen = m2m.Autoencoder(*build_pair(), name="tiny")
    frozen.card = {"licence": "MIT", "held_out_mse": 0.1}
    model, other = fit(make_mind(frozen), images), make_mind(frozen)
    model.predict(model.sample_latent(4, 0), verbose=0)
    before = {
        "weights": (weights_of(frozen.encoder), weights_of(frozen.decoder)),
        "images": model.generate(4, seed=0),  # compiles with the frozen decoder
        "codes": model.generate_codes(4, seed=0),
        "record": dict(model.trained_on),
        "count": len(model.variables),
    }
    thawed = model.thaw(images, **{**FEW, "epochs": 3}, learning_rate=1e-2)
    return Run(model, other, frozen, thawed=thawed, **before)


def test_thawing_lowers_the_error_on_images_it_never_saw(run, images):
    unseen, thawed = images[held_out_rows(COUNT, SPLIT)], run.thawed
    assert len(unseen) == HELD_OUT
    assert thawed.before == pytest.approx(error(run.frozen, unseen), rel=1e-5)
    assert thawed.after == pytest.approx(error(run.model.autoencoder, unseen), rel=1e-5)
    assert thawed.after < 0.8 * thawed.before


def test_what_was_done_is_told(run):
    thawed = run.thawed
    assert thawed.measured_on == "held-out images"
    assert (thawed.images, thawed.held_out_images) == (COUNT - HELD_OUT, HELD_OUT)
    assert thawed.after == min(thawed.history["val_loss"])
    assert thawed.best_epoch == 1 + np.argmin(thawed.history["val_loss"])
    assert len(thawed.history["loss"]) == 3 and thawed.seconds > 0
    assert f"held-out images: {thawed.before:.5f} frozen, {thawed.after:.5f} thawed" in str(thawed)


def test_held_out_images_are_not_trained_on(make_mind, pair, images, digits):
    others = images.copy()
    rows = held_out_rows(COUNT, SPLIT)
    others[rows] = digits[1000 : 1000 + HELD_OUT]
    trained = []
    for target in (images, others):
        model = fit(make_mind(pair), target)
        assert model.thaw(target, **FEW).best_epoch == 1
        trained.append(weights_of(model.autoencoder.decoder))
    assert are_equal(*trained)


def test_only_the_decoder_of_this_model_changes(run):
    encoder, decoder = run.weights
    assert run.other.autoencoder is run.frozen and run.model.autoencoder is not run.frozen
    assert are_equal(encoder, run.frozen.encoder.get_weights())
    assert are_equal(decoder, run.frozen.decoder.get_weights())
    assert are_equal(encoder, run.model.autoencoder.encoder.get_weights())
    assert not are_equal(decoder, run.model.autoencoder.decoder.get_weights())


def test_batch_normalisation_stays_as_it_was(run):
    pairs = zip(run.frozen.decoder.layers, run.model.autoencoder.decoder.layers, strict=True)
    for old, new in pairs:
        same = are_equal(old.get_weights(), new.get_weights())
        assert same == (not old.weights or isinstance(old, layers.BatchNormalization)), old.name


def test_images_are_generated_by_the_thawed_decoder(run):
    after = run.model.generate(4, seed=0)
    decoded = run.model.autoencoder.decode(run.model.generate_codes(4, seed=0))
    np.testing.assert_allclose(after, decoded, atol=1e-5)
    predicted = run.model.predict(run.model.sample_latent(4, 0), verbose=0)
    np.testing.assert_allclose(predicted, decoded, atol=1e-5)
    assert np.abs(after - run.images).max() > 0.01


def test_codes_and_the_law_of_codes_stay_valid(run):
    np.testing.assert_array_equal(run.model.generate_codes(4, seed=0), run.codes)
    # The fingerprint names the encoder, and by it the codes that were kept.
    assert run.model.autoencoder.fingerprint == run.frozen.fingerprint
    assert run.model.trained_on == run.record


def test_the_card_says_what_was_thawed_and_no_figures_of_the_frozen_one(run, images, tmp_path):
    run.model.autoencoder.save(tmp_path / "thawed")
    loaded = m2m.Autoencoder.load(tmp_path / "thawed")
    assert (loaded.name, loaded.card["thawed_from"]) == ("tiny_thawed", "tiny")
    assert loaded.card["licence"] == "MIT" and "held_out_mse" not in loaded.card
    assert error(loaded, images) == pytest.approx(error(run.model.autoencoder, images), rel=1e-6)


def test_a_thawed_model_saves_and_loads_as_before(run, tmp_path):
    run.model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    assert len(run.model.variables) == len(loaded.variables) == run.count
    assert loaded.autoencoder.name == "tiny_thawed" and loaded.trained_on == run.record
    np.testing.assert_array_equal(loaded.generate(3, seed=0), run.model.generate(3, seed=0))


def test_a_thawed_model_exports_the_thawed_decoder(run, tmp_path):
    run.model.export(tmp_path / "1", check=False)
    served = tf.saved_model.load(str(tmp_path / "1")).signatures["serving_default"]
    latent = run.model.sample_latent(3, seed=0)
    pixels = served(latent=tf.constant(latent))["images"].numpy() / 127.5 - 1
    shown = np.clip(run.model.generate_from(latent), -1, 1)
    np.testing.assert_allclose(pixels, shown, atol=1.1 / 127.5)


def test_a_loaded_model_thaws_and_a_second_time(fitted, images, tmp_path):
    fitted.save(tmp_path / "model.keras")
    loaded = m2m.Mind2Mind.load(tmp_path / "model.keras")
    for model in (loaded, fitted):
        model.thaw(images, **FEW)
    np.testing.assert_allclose(loaded.generate(2, seed=0), fitted.generate(2, seed=0), atol=1e-4)
    assert loaded.thaw(images, **FEW).after < fitted.thaw(images, **FEW).before
    assert loaded.autoencoder.name == "tiny_thawed"


def test_the_thawed_autoencoder_is_frozen_for_the_next_fit(fitted, images):
    fitted.thaw(images, **FEW)
    assert not fitted.autoencoder.encoder.trainable_variables
    assert not fitted.autoencoder.decoder.trainable_variables
    decoder, latent = weights_of(fitted.autoencoder.decoder), fitted.generate_codes(2, seed=0)
    fit(fitted, images)
    assert are_equal(decoder, fitted.autoencoder.decoder.get_weights())
    assert not np.array_equal(latent, fitted.generate_codes(2, seed=0))


def test_where_no_epoch_is_better_the_decoder_stays_as_it_was(fitted, images):
    before = weights_of(fitted.autoencoder.decoder)
    thawed = fitted.thaw(images, **FEW, learning_rate=1e3)
    assert thawed.best_epoch == 0 and thawed.after == thawed.before
    assert thawed.history["val_loss"][0] > thawed.before
    assert are_equal(before, fitted.autoencoder.decoder.get_weights())


def test_where_nothing_is_held_out_the_last_epoch_is_kept(make_mind, pair, images):
    model = fit(make_mind(pair), images, split=0.0)
    thawed = model.thaw(images, epochs=2, batch_size=BATCH, verbose=0)
    assert (thawed.measured_on, thawed.best_epoch) == ("training images", 2)
    assert (thawed.images, thawed.held_out_images) == (COUNT, 0)
    assert thawed.after == pytest.approx(error(model.autoencoder, images), rel=1e-5)
    assert thawed.after < thawed.before


def test_images_that_do_not_fit_in_memory_thaw_the_same(make_mind, pair, images, monkeypatch):
    found = []
    for most in (thawing.IN_MEMORY, 0):
        monkeypatch.setattr(thawing, "IN_MEMORY", most)
        model = fit(make_mind(pair), images)
        found.append(model.thaw(images, epochs=2, batch_size=BATCH, verbose=0).history)
    assert found[0] == found[1]


def test_few_images_at_a_time_are_shuffled_and_all_are_seen(make_mind, pair, images, monkeypatch):
    monkeypatch.setattr(thawing, "SHUFFLED", 0)  # one batch
    pairs = thawing._pairs(m2m.data.load(images), np.arange(COUNT) % 5 > 0, images[:, 14, :, 0])
    seen = list(thawing._batches(pairs, 256, (28, 28, 1), 64, seed=0).take(4))
    codes, shown = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    np.testing.assert_array_equal(codes, shown[:, 14, :, 0])  # each code beside its own image
    expected = images[np.arange(COUNT) % 5 > 0]
    order, wanted = (np.lexsort(part.reshape(256, -1).T) for part in (shown, expected))
    np.testing.assert_array_equal(shown[order], expected[wanted])
    assert not np.array_equal(shown, expected)


class Cut(Exception):
    pass


@pytest.fixture
def cut_after(monkeypatch):
    """A function that cuts off what wrote a checkpoint: of that folder's name, and that number."""
    write, cuts = CheckpointFolder.write, []

    def write_and_cut(checkpoints, number, *content):
        write(checkpoints, number, *content)
        if cuts and cuts[0] == (checkpoints.folder.name, number):
            cuts.pop()
            raise Cut

    monkeypatch.setattr(CheckpointFolder, "write", write_and_cut)
    monkeypatch.setattr("m2m_tf.minds.checkpoints.SECONDS", 0.0)
    return lambda name, number: cuts.append((name, number))


@pytest.mark.parametrize("encoder", [False, True])
def test_cut_off_again_and_again_it_ends_bit_for_bit_as_one_that_was_not(
    make_mind, images, tmp_path, cut_after, encoder
):
    settings = {"epochs": 3, "batch_size": BATCH, "verbose": 0, "encoder": encoder}
    settings |= {"mind_epochs": 2, "learning_rate": 1e-2}

    def thaw(**where):
        model = fit(make_mind(m2m.Autoencoder(*build_pair(), name="tiny")), images)
        return model, model.thaw(images, **settings, **where)

    whole, expected = thaw()
    for cut in [("thawing", 1), ("thawing", 2), *([("mind", 1)] if encoder else [])]:
        cut_after(*cut)
        with pytest.raises(Cut):
            thaw(checkpoint=tmp_path)
    model, thawed = thaw(checkpoint=tmp_path)
    assert dataclasses.replace(thawed, seconds=0) == dataclasses.replace(expected, seconds=0)
    ours, theirs = model.get_weights(), whole.get_weights()
    assert len(ours) == len(theirs) and are_equal(ours, theirs)
    with pytest.raises(ValueError, match="is that of another run .*decoder: '"):
        model.thaw(images, **settings, validation_split=SPLIT, checkpoint=tmp_path)


def test_two_replicas_thaw_as_one_does(make_mind, pair, images, two_replicas):
    alone = make_mind(pair)
    with two_replicas.scope():
        shared = make_mind(m2m.Autoencoder(*build_pair()), eager=False)
    results = []
    for model in (alone, shared):
        model.generator_optimizer.iterations.assign(1)  # as if trained: the mind plays no part
        results.append(model.thaw(images, **FEW, validation_split=SPLIT))
    assert results[1].after == pytest.approx(results[0].after, rel=1e-3)
    assert results[1].history["loss"] == pytest.approx(results[0].history["loss"], rel=1e-3)


def test_an_order_that_changes_after_the_first_images_is_refused(make_mind, pair, images):
    target = tf.data.Dataset.from_tensor_slices(images)
    late = target.take(300).concatenate(target.skip(300).shuffle(20, seed=1))
    model = fit(make_mind(pair), late)
    with pytest.raises(ValueError, match="pairs each image with its code, by their order"):
        model.thaw(late, **FEW)


def test_thawing_reads_images_in_the_range_of_the_fit(make_mind, pair, images):
    model = fit(make_mind(pair), images / 2 + 0.5)
    assert model.trained_on["value_range"] == [0, 1]
    few = images[:30] / 2 + 0.5
    thawed = model.thaw(few, **{**FEW, "batch_size": 10}, validation_split=SPLIT)
    with pytest.raises(ValueError, match="value_range is 'auto'"):
        model.thaw(few, **FEW, value_range="0-1")
    again = fit(make_mind(pair), images).thaw(
        images[:30], **{**FEW, "batch_size": 10}, validation_split=SPLIT
    )
    assert thawed.before == pytest.approx(again.before, rel=1e-4)


def test_callbacks_find_the_held_out_error_in_the_logs(fitted, images, capsys):
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, mode="max")
    settings = {**FEW, "epochs": 9, "verbose": 1}
    thawed = fitted.thaw(images, **settings, callbacks=[stop])
    assert len(thawed.history["val_loss"]) < 9
    assert "val_loss" in capsys.readouterr().out


@pytest.mark.parametrize("standardise", ["scale", "decoder"])
def test_with_the_encoder_the_codes_move_and_the_mind_follows(make_mind, pair, images, standardise):
    fitted = fit(make_mind(pair, standardise=standardise, prior="mixture"), images)
    mean, means = fitted.statistics.mean.numpy(), fitted.latent_law.means.numpy()
    frozen, record = fitted.autoencoder, dict(fitted.trained_on)
    steps = int(fitted.generator_optimizer.iterations.numpy())
    thawed = fitted.thaw(images, **FEW, encoder=True, mind_epochs=1)
    assert thawed.after < thawed.before
    assert fitted.autoencoder.fingerprint != frozen.fingerprint
    assert fitted.trained_on["fingerprint"] != record["fingerprint"]
    assert fitted.trained_on["validation_split"] == SPLIT
    assert int(fitted.generator_optimizer.iterations.numpy()) == steps + 1
    codes = fitted.autoencoder.encode(images)
    rows = held_out_rows(COUNT, SPLIT)
    np.testing.assert_allclose(fitted.held_out_codes.codes, codes[rows], atol=1e-5)
    expected = codes[~rows].mean(axis=0) if standardise == "scale" else mean
    np.testing.assert_allclose(fitted.statistics.mean, expected, atol=1e-4)
    assert np.abs(fitted.latent_law.means.numpy() - means).max() > 1e-3
    assert np.abs(codes - frozen.encode(images)).max() > 1e-3


def test_a_model_that_was_not_trained_is_refused(make_mind, pair, images):
    with pytest.raises(ValueError, match="expects a trained model.*call model.fit"):
        make_mind(pair).thaw(images)


@pytest.mark.parametrize("encoder", [False, True])
def test_saved_models_stay_frozen(make_mind, pair, images, tmp_path, encoder):
    part = "encoder" if encoder else "decoder"
    getattr(pair, part).export(tmp_path / "block", verbose=False)
    parts = {"encoder": pair.encoder, "decoder": pair.decoder}
    parts[part] = m2m.autoencoders.pairs.saved_model.load_block(tmp_path / "block")
    model = make_mind(m2m.Autoencoder(**parts, name="legacy"))
    model.generator_optimizer.iterations.assign(1)  # as if trained
    with pytest.raises(ValueError, match=f"The {part} of 'legacy' is a SavedModel"):
        model.thaw(images, encoder=encoder)


def test_a_training_that_diverges_leaves_the_model_as_it_was(make_mind, pair, images):
    model = fit(make_mind(pair), images, split=0.0)
    with pytest.raises(ValueError, match="diverged at learning_rate=1e\\+30"):
        model.thaw(images, **FEW, learning_rate=1e30)
    assert model.autoencoder is pair


def test_images_in_another_order_at_each_pass_are_refused(make_mind, pair, images):
    shuffled = tf.data.Dataset.from_tensor_slices(images).shuffle(COUNT, seed=0)
    model = fit(make_mind(pair), shuffled)
    with pytest.raises(ValueError, match="in another order than when they were encoded"):
        model.thaw(shuffled, **FEW)
    once = tf.data.Dataset.from_tensor_slices(images)
    once = once.shuffle(COUNT, seed=0, reshuffle_each_iteration=False)
    assert fit(make_mind(pair), once).thaw(once, **FEW).images == COUNT - HELD_OUT


def test_codes_are_refused(run):
    for codes in (np.zeros((200, 8), "float32"), run.model.codes):
        with pytest.raises(ValueError, match="expects images.*got codes"):
            run.model.thaw(codes)


def test_other_images_of_the_kind_thaw_with_a_split_of_their_own(fitted, digits):
    assert fitted.thaw(digits[400:700], **FEW, validation_split=0.5).held_out_images == 150


def test_images_of_which_nobody_knows_the_held_out_are_refused(run, digits):
    with pytest.raises(ValueError, match="validation_split=0.1"):
        run.model.thaw(digits[400:700])


def test_fewer_images_than_a_batch_are_refused(run, images):
    with pytest.raises(ValueError, match="one batch of 300 images.* 320, 65 of them.*size=255"):
        run.model.thaw(images, batch_size=300)


def test_images_of_another_size_are_refused(run):
    with pytest.raises(ValueError, match="image_size"):
        run.model.thaw(np.zeros((200, 32, 32, 1), "uint8"))


@pytest.mark.parametrize(
    "setting", [{"epochs": 0}, {"batch_size": 1.5}, {"learning_rate": 0}, {"mind_epochs": -1}]
)
def test_settings_out_of_range_are_refused(run, images, setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        run.model.thaw(images, **setting)


def test_settings_of_numpy_are_kept_as_pythons_own():
    whole = {name: np.int64(2) for name in ("epochs", "batch_size", "mind_epochs", "image_size")}
    parts = {"learning_rate": np.float32(0.5), "validation_split": np.float64(0.5)}
    settings = vars(thawing.ThawSettings(**whole, **parts, encoder=np.bool_(True)))
    assert json.loads(json.dumps({name: settings[name] for name in (*parts, "encoder")})) == {
        "learning_rate": 0.5,
        "validation_split": 0.5,
        "encoder": True,
    }
    assert all(type(settings[name]) is int for name in ("epochs", "batch_size", "mind_epochs"))
    assert settings["image_size"] == (2, 2)
