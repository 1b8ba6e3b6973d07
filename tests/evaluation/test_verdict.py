"""A verdict says what the figures say, and nothing better."""

from types import SimpleNamespace

import numpy as np
import pytest

from m2m_tf.evaluation.verdict import judge_model, judge_target, spread_of, variance_lost
from m2m_tf.features import Features
from m2m_tf.metrics import Figure


def fid(value, metric="frechet_distance"):
    return Figure(value, metric, "pixels", "none", 100, 100)


def prediction(floor, mixture, gaussian):
    """A prediction whose target has a spread of 100 in features."""
    values = np.repeat([[-10.0], [10.0]], 50, axis=0)
    return SimpleNamespace(
        autoencoder=SimpleNamespace(name="tiny"),
        training=SimpleNamespace(features=Features(values, "pixels")),
        floor=fid(floor),
        predicted=fid(floor),
        figures={
            "gaussian": {"frechet_distance": fid(gaussian)},
            "mixture": {"frechet_distance": fid(mixture)},
            "prior": {"frechet_distance": fid(mixture + 1)},
        },
    )


def model_figures(model, mixture=10.0, gaussian=30.0, floor=2.0):
    values = {"generated": model, "mixture": mixture + 5, "prior": mixture}
    values |= {"gaussian": gaussian, "floor": floor}
    return {
        row: {"frechet_distance": fid(value), "kernel_distance": fid(value, "kernel_distance")}
        for row, value in values.items()
    }


CERTIFICATES = {
    "generated": SimpleNamespace(total=8.0, reconstruction=2.0, mind=6.0, noise_mind=4.5, count=500)
}


@pytest.mark.parametrize(
    "floor, level", [(0.0, "good"), (3.0, "good"), (3.1, "fair"), (10.0, "fair"), (10.1, "poor")]
)
def test_the_floor_against_the_targets_spread_decides_the_level(floor, level):
    judged, text = judge_target(prediction(floor, 20, 40), lost=0.1)
    assert judged == level
    assert "10 % of the images' variance" in text and "below 20" in text


def test_a_mixture_at_the_floor_is_said():
    assert "at the floor already" in judge_target(prediction(5, 4, 40), lost=0.1)[1]
    assert "at the floor already" not in judge_target(prediction(4, 5, 40), lost=0.1)[1]


@pytest.mark.parametrize(
    "model, level, opening",
    [
        (9.4, "good", "Better than mixtures"),
        (9.6, "fair", "Level with the better mixture"),
        (10.4, "fair", "Level with the better mixture"),
        (10.6, "fair", "Not as good as a mixture"),
        (30.1, "poor", "Not even better than one Gaussian"),
    ],
)
def test_a_model_is_judged_by_what_a_user_would_pick_instead(model, level, opening):
    judged, text = judge_model(model_figures(model), CERTIFICATES, {})
    assert judged == level
    assert text.startswith(opening)
    assert f"FID {model:.3g} (pixels) against 10 of" in text and "15 of the likeliest" in text
    assert "2 is what the decoder loses, 6 what the mind has not learned" in text
    assert "real codes show 4.5" in text and "memorisation" not in text


def test_a_model_that_is_better_in_fid_alone_is_no_better():
    figures = model_figures(5.0)
    figures["generated"]["kernel_distance"] = fid(10.5, "kernel_distance")
    judged, text = judge_model(figures, CERTIFICATES, {})
    assert judged == "fair" and "in FID, behind in KID" in text


def test_a_model_that_repeats_its_training_images_is_poor_however_good_its_fid():
    audits = {"features": SimpleNamespace(flagged=False), "codes": SimpleNamespace(flagged=True)}
    judged, text = judge_model(model_figures(3.0), CERTIFICATES, audits)
    assert judged == "poor"
    assert "repeats training images (in codes)" in text


def test_without_a_flag_that_is_said():
    audits = {"codes": SimpleNamespace(flagged=False)}
    assert judge_model(model_figures(3.0), CERTIFICATES, audits)[1].endswith(
        "No sign of memorisation."
    )


def test_the_spread_is_the_fid_of_the_mean():
    values = np.random.default_rng(0).normal(size=(500, 4)) * [1, 2, 3, 4]
    assert spread_of(Features(values, "pixels")) == pytest.approx(
        values.var(axis=0).sum(), rel=1e-5
    )


def test_losing_everything_loses_all_the_variance():
    points = np.random.default_rng(0).normal(size=(400, 6))
    errors = np.linalg.norm(points - points.mean(axis=0), axis=1)
    assert variance_lost(errors, points.var(axis=0).sum()) == pytest.approx(1)
