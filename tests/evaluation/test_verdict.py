"""A verdict says what the figures say, and nothing better."""

from types import SimpleNamespace

import numpy as np
import pytest

from m2m_tf.evaluation.beside_real import BesideReal
from m2m_tf.evaluation.verdict import (
    judge_model,
    judge_target,
    opponent_of,
    spread_of,
    variance_lost,
)
from m2m_tf.features import Features
from m2m_tf.metrics import Figure
from m2m_tf.metrics.difference import Difference


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


def judge(model, beside=None, audits=None, own=True, interval=0.5, figures=None):
    figures = figures or model_figures(model)
    start = figures[opponent_of(figures, own)]["frechet_distance"].value
    difference = Difference(model - start, model - start - interval, model - start + interval)
    return judge_model(figures, CERTIFICATES, audits or {}, beside or BESIDE, difference, own)


def beside(generated, real, spread=400.0):
    excess = Difference(generated - real, generated - real - 1, generated - real + 1)
    values = generated, 2 * generated, 3.0, real
    return BesideReal("held-out real images", 90, *values, excess, spread)


BESIDE = beside(4.5, 2.2)


@pytest.mark.parametrize(
    "generated, real, level, opening",
    [
        (4.5, 2.2, "good", "Near real images"),
        (30.0, 2.2, "fair", "Not far from real images, with differences that can be seen"),
        (98.6, 18.7, "poor", "Far from real images"),
        (208.0, 122.0, "poor", "Far from real images"),
        (100.0, 122.0, "good", "Near real images"),
    ],
)
def test_the_level_says_how_far_from_held_out_real_images_the_model_is(
    generated, real, level, opening
):
    judged, text = judge(9.0, beside(generated, real))
    assert judged == level
    assert text.startswith(f"{opening}: FID {generated:.3g} (pixels) of 90 generated images")
    assert f"held-out real images have {real:.3g}" in text
    assert "reconstructions (the floor) 3, its start" in text
    assert "2 is what the decoder loses, 6 what the mind has not learned" in text
    assert "real codes show 4.5" in text and "memorisation" not in text


def test_a_model_that_images_cannot_tell_from_real_ones_is_said_to_be():
    assert (
        "from real ones, from which so many images cannot tell it." in judge(9.0, beside(3, 2.2))[1]
    )
    assert "cannot tell" not in judge(9.0, beside(4, 2.2))[1]


@pytest.mark.parametrize(
    "model, interval, relation",
    [
        (9.4, 0.5, "Better than the mixture that it starts from"),
        (9.4, 0.7, "Level with the mixture that it starts from"),
        (9.6, 0.1, "Level with the mixture that it starts from"),
        (10.4, 0.1, "Level with the mixture that it starts from"),
        (10.6, 0.5, "Behind the mixture that it starts from"),
        (13.0, 4.0, "Level with the mixture that it starts from"),
    ],
)
def test_the_start_is_compared_with_apart_and_with_an_interval(model, interval, relation):
    judged, text = judge(model, interval=interval)
    assert judged == "good"  # near real images, whatever it started from
    low, high = model - 10 - interval, model - 10 + interval
    assert f"{relation}: FID {model:.3g} against 10, a difference of" in text
    assert f"({low:.3g} to {high:.3g}); likeliest mixture 15, one Gaussian 30" in text


def test_where_no_start_is_known_the_better_mixture_takes_its_place():
    figures = model_figures(5.0, mixture=10.0)
    figures["mixture"]["frechet_distance"] = fid(8.0)
    _, text = judge(5.0, own=False, figures=figures)
    assert "Better than the better mixture of Gaussians on the same codes: FID 5 against 8" in text
    assert "a mind's mixture" in text and "starts from" not in text


def test_a_model_that_is_better_in_fid_alone_is_said_to_be():
    figures = model_figures(5.0)
    figures["generated"]["kernel_distance"] = fid(10.5, "kernel_distance")
    assert "starts from, behind in KID: FID 5" in judge(5.0, figures=figures)[1]


def an_audit(flagged=False, doubtful=False, blind=False):
    counts = {"near_copies": 3, "generated_count": 200}
    counts |= {"held_out_near_copies": 40, "held_out_count": 400}
    return SimpleNamespace(flagged=flagged, is_doubtful=doubtful, is_blind=blind, **counts)


def test_a_model_that_repeats_its_training_images_is_poor_however_good_its_fid():
    judged, text = judge(3.0, audits={"features": an_audit(), "codes": an_audit(flagged=True)})
    assert judged == "poor"
    assert "repeats training images (in codes)" in text


def test_without_a_flag_that_is_said():
    assert judge(3.0, audits={"codes": an_audit()})[1].endswith("No sign of memorisation.")


def test_a_few_copies_are_said_in_place_of_no_sign():
    text = judge(3.0, audits={"codes": an_audit(), "pixels": an_audit(doubtful=True)})[1]
    assert "No sign" not in text
    assert "3 of 200 generated images lie close to a single training image (in pixels)" in text


def test_held_out_images_that_blind_the_audit_are_said():
    text = judge(3.0, audits={"codes": an_audit(), "pixels": an_audit(blind=True)})[1]
    assert "No sign of memorisation. But 40 of 400 held-out images are near-copies" in text


def test_the_spread_is_the_fid_of_the_mean():
    values = np.random.default_rng(0).normal(size=(500, 4)) * [1, 2, 3, 4]
    assert spread_of(Features(values, "pixels")) == pytest.approx(
        values.var(axis=0).sum(), rel=1e-5
    )


def test_losing_everything_loses_all_the_variance():
    points = np.random.default_rng(0).normal(size=(400, 6))
    errors = np.linalg.norm(points - points.mean(axis=0), axis=1)
    assert variance_lost(errors, points.var(axis=0).sum()) == pytest.approx(1)
