"""Evaluation's figures are among the logs, right, and usable by every other callback."""

import csv

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.callbacks import Evaluation
from m2m_tf.features import get_extractor
from m2m_tf.metrics import (
    Figure,
    frechet_distance,
    kernel_distance,
    sliced_wasserstein,
)

pytestmark = pytest.mark.slow

ON_CODES = {"codes_sliced_w1", "codes_frechet_distance"}
ON_IMAGES = {"frechet_distance", "kernel_distance"}
SHAPE = (28, 28, 1)


def fit(model, target, *callbacks, epochs=2, **settings):
    settings = {"batch_size": 300, "verbose": 0, **settings}
    return model.fit(target, epochs=epochs, callbacks=list(callbacks), **settings).history


def flat(model, codes):
    return (codes - model.statistics.mean.numpy()) @ model.statistics.forward.numpy()


def by_hand(model, codes, images, count, seed, extractor):
    """The four figures of a model, from codes and images of the target."""
    real, generated = flat(model, codes), flat(model, model.generate_codes(count, seed=seed))
    features = [extractor(x).values for x in (images, model.generate(count, seed=seed))]
    return {
        "codes_sliced_w1": sliced_wasserstein(real, generated, seed=seed),
        "codes_frechet_distance": frechet_distance(real, generated),
        "frechet_distance": frechet_distance(*features),
        "kernel_distance": kernel_distance(*features, seed=seed)[0],
    }


def assert_last(history, figures):
    for name, figure in figures.items():
        assert history[name][-1] == pytest.approx(figure, rel=1e-4, abs=1e-6), name


def test_the_figures_are_those_of_the_metrics_on_held_out_codes(make_mind, digits):
    model = make_mind()
    evaluation = Evaluation(num_images=40, seed=3)
    history = fit(model, digits[:300], evaluation, validation_split=0.2, batch_size=120)
    assert ON_CODES | ON_IMAGES <= set(history)
    assert all(len(history[name]) == 2 for name in ON_CODES | ON_IMAGES)
    held_out = model.held_out_codes.codes
    rows = np.sort(np.random.default_rng(3).choice(len(held_out), 40, replace=False))
    extractor = get_extractor("digits_fashion", SHAPE)
    images = model.autoencoder.decode(held_out[rows])
    assert_last(history, by_hand(model, held_out[rows], images, 40, 3, extractor))
    assert evaluation.compared_with == "held-out codes"


def test_the_figures_of_images_are_measured_on_the_images_themselves(make_mind, digits):
    model = make_mind()
    evaluation = Evaluation(digits[300:380], extractor="pixels", num_images=100)
    history = fit(model, digits[:300], evaluation)
    codes = model.autoencoder.encode(digits[300:380])
    extractor = get_extractor("pixels", SHAPE)
    assert_last(history, by_hand(model, codes, digits[300:380], 100, 0, extractor))
    assert evaluation.compared_with == "target images"


def test_every_epoch_has_every_log_and_repeats_what_was_not_measured(make_mind, some_codes):
    evaluation = Evaluation(every=2, image_every=4, extractor="pixels", num_images=30)
    history = fit(make_mind(), some_codes, evaluation, epochs=7)
    assert {name: len(history[name]) for name in ON_CODES | ON_IMAGES} == dict.fromkeys(
        ON_CODES | ON_IMAGES, 7
    )
    measured = {epoch: set(figures) for epoch, figures in evaluation.measured.items()}
    both = ON_CODES | ON_IMAGES
    assert measured == {1: both, 2: ON_CODES, 4: both, 6: ON_CODES, 7: both}
    for name in both:
        epochs = [epoch for epoch in measured if name in measured[epoch]]
        for epoch, value in enumerate(history[name], start=1):
            latest = max(number for number in epochs if number <= epoch)
            assert value == float(evaluation.measured[latest][name])
    assert len(set(history["codes_sliced_w1"])) == 5


def test_each_figure_says_how_it_was_measured(make_mind, some_codes):
    evaluation = Evaluation(num_images=30)
    fit(make_mind(), some_codes, evaluation, epochs=1)
    figures = evaluation.measured[1]
    assert all(isinstance(figure, Figure) for figure in figures.values())
    assert figures["frechet_distance"].extractor == "digits_fashion"
    assert figures["codes_frechet_distance"].extractor == "standardised codes"
    assert figures["frechet_distance"].real_count == figures["frechet_distance"].generated_count
    assert any("rank 29" in note for note in figures["frechet_distance"].notes)


def test_other_metrics_can_be_asked_for(make_mind, some_codes):
    evaluation = Evaluation(
        image_every=1,
        extractor="pixels",
        num_images=30,
        code_metrics="precision",
        image_metrics=["coverage", "sliced_w1"],
    )
    history = fit(make_mind(), some_codes, evaluation, epochs=1)
    new = set(history) - set(fit(make_mind(), some_codes, epochs=1))
    assert new == {"codes_precision", "coverage", "sliced_w1"}


def test_the_figures_fall_as_a_mind_learns(make_mind, some_codes):
    model = make_mind(critic_steps=2)
    model.run_eagerly = False
    evaluation = Evaluation(every=50, image_every=None, num_images=300)
    history = fit(model, some_codes, evaluation, epochs=100, batch_size=50)
    for name in ON_CODES:
        assert history[name][-1] < 0.7 * history[name][0]


def test_a_mind_trains_as_if_nobody_watched(make_mind, some_codes):
    alone, watched = make_mind(), make_mind()
    fit(alone, some_codes)
    fit(watched, some_codes, Evaluation(extractor="pixels", num_images=30, image_every=1))
    for one, other in zip(alone.weights, watched.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_early_stopping_stops_on_a_figure(make_mind, some_codes):
    evaluation = Evaluation(image_every=None, num_images=30)
    stop = keras.callbacks.EarlyStopping("codes_sliced_w1", min_delta=1e9, patience=2, mode="min")
    history = fit(make_mind(), some_codes, evaluation, stop, epochs=20)
    assert len(history["codes_sliced_w1"]) == 3


def test_the_best_model_by_a_figure_is_kept(make_mind, some_codes, tmp_path):
    path = tmp_path / "best.keras"
    best = keras.callbacks.ModelCheckpoint(
        path, monitor="codes_frechet_distance", mode="min", save_best_only=True
    )
    evaluation = Evaluation(image_every=None, num_images=50)
    history = fit(make_mind(), some_codes, evaluation, best, epochs=4)
    model = m2m.Mind2Mind.load(path)
    rows = np.sort(np.random.default_rng(0).choice(300, 50, replace=False))
    kept = frechet_distance(
        flat(model, some_codes[rows]), flat(model, model.generate_codes(50, seed=0))
    )
    assert kept == pytest.approx(min(history["codes_frechet_distance"]), rel=1e-4)


def test_loggers_further_down_the_list_get_all_figures(
    make_mind, some_codes, tmp_path, events, capsys
):
    history = fit(
        make_mind(),
        some_codes,
        Evaluation(every=2, image_every=2, extractor="pixels", num_images=30),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        keras.callbacks.TensorBoard(tmp_path / "board"),
        epochs=3,
        verbose=2,
    )
    printed = capsys.readouterr().out
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    board = events(tmp_path / "board")
    for name in ON_CODES | ON_IMAGES:
        assert [float(row[name]) for row in rows] == pytest.approx(history[name])
        shown = dict(board[f"epoch_{name}"])
        assert [float(shown[epoch]) for epoch in range(3)] == pytest.approx(history[name])
        assert f"{name}: " in printed


def test_a_second_fit_measures_anew_from_its_first_epoch_on(make_mind, some_codes):
    model = make_mind()
    evaluation = Evaluation(every=5, image_every=None, num_images=30)
    fit(model, some_codes, evaluation, epochs=2)
    assert set(evaluation.measured) == {1, 2}
    fit(model, some_codes, evaluation, epochs=4, initial_epoch=2)
    assert set(evaluation.measured) == {3, 4}


class Diverge(keras.callbacks.Callback):
    """Spoils the average of the generator in the second epoch."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1:
            variable = self.model.average.weights[0]
            variable.assign(np.full(variable.shape, np.nan))


def test_a_mind_that_diverged_gives_nan_and_no_error(make_mind, some_codes):
    evaluation = Evaluation(extractor="pixels", image_every=1, num_images=30)
    history = fit(make_mind(), some_codes, Diverge(), evaluation, epochs=2)
    for name in ON_CODES | ON_IMAGES:
        assert np.isfinite(history[name][0]) and np.isnan(history[name][1])
    assert set(evaluation.measured) == {1}


BAD = [
    ({"every": 0}, "every must be a whole number of 1 or more; got 0"),
    ({"image_every": 1.5}, "image_every must be a whole number"),
    ({"every": None, "image_every": None}, "measures nothing"),
    ({"extractor": "vgg"}, "got 'vgg'"),
    ({"extractor": None}, "an Extractor; got None"),
    ({"num_images": 11}, "num_images must be a whole number of 12 or more; got 11"),
    ({"seed": -1}, "seed must be a whole number"),
    ({"code_metrics": ()}, r"code_metrics expects one name or more .* got \(\)"),
    ({"image_metrics": "fid"}, r"image_metrics expects .* got \('fid',\)"),
    ({"target": [1, 2]}, "got list"),
    ({"target": 3}, "got int"),
]


@pytest.mark.parametrize("settings, message", BAD)
def test_a_bad_setting_is_refused_before_anything_trains(settings, message):
    with pytest.raises(ValueError, match=message):
        Evaluation(**settings)


def test_another_model_is_refused():
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    with pytest.raises(
        ValueError, match="m2m.callbacks.Evaluation watches a m2m.Mind2Mind; got Se"
    ):
        model.fit(np.zeros((4, 2)), np.zeros((4, 1)), callbacks=[Evaluation()], verbose=0)


@pytest.mark.parametrize(
    "target, message",
    [
        (np.zeros((20, 32, 32, 1), "float32"), "28"),
        (np.zeros((20, 7), "float32"), "20, 7"),
        ("no_such_folder", "no_such_folder"),
    ],
)
def test_a_target_that_does_not_fit_is_refused_before_anything_trains(
    make_mind, some_codes, target, message
):
    model = make_mind()
    with pytest.raises(ValueError, match=message):
        fit(model, some_codes, Evaluation(target, extractor="pixels"))
    assert not model.is_trained


def test_too_few_held_out_codes_are_refused_before_anything_trains(make_mind, some_codes):
    model = make_mind()
    with pytest.raises(ValueError, match="12 images or more; there are 3 held-out codes"):
        fit(model, some_codes, Evaluation(), validation_split=0.01, batch_size=100)
    assert not model.is_trained
