"""An evaluation judges a model by images that it never saw."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.codes import CodeStore, held_out_rows
from m2m_tf.evaluation import evaluate
from m2m_tf.evaluation.baselines import CodeBaseline, fit_baseline
from m2m_tf.evaluation.evaluate import _look

pytestmark = pytest.mark.slow

UNSEEN = held_out_rows(1000, 0.1)


class Copier:
    """A model that gives back the codes it was trained on."""

    name = "copier"

    def __init__(self, model, codes):
        self.autoencoder, self.trained_on, self.codes = model.autoencoder, model.trained_on, codes

    def generate_codes(self, num_codes, seed=None):
        return self.codes[np.random.default_rng(seed).integers(len(self.codes), size=num_codes)]


def test_its_figures_are_written(evaluation, tmp_path):
    evaluation.save(tmp_path)
    figures = json.loads((tmp_path / "report.json").read_text())
    assert set(figures["rows"]) == {
        "generated",
        "prior",
        "mixture",
        "gaussian",
        "floor",
        "held_out",
    }
    assert set(figures["rows"]["generated"]) >= {
        "frechet_distance",
        "kernel_distance",
        "precision",
        "recall",
        "density",
        "coverage",
    }
    assert figures["rows"]["generated"]["kernel_distance"]["error"] > 0


def test_the_model_is_compared_with_what_it_trained_on_and_judged_by_what_it_did_not(evaluation):
    figures = evaluation.figures
    assert figures["held_out_images"] == UNSEEN.sum()
    assert figures["training_images"] == 1000 - UNSEEN.sum()
    assert figures["certificates"]["generated"].count == UNSEEN.sum()
    assert figures["notes"] == []


def test_the_certificate_bounds_w1_and_its_terms_add_up(evaluation):
    for certificate in evaluation.figures["certificates"].values():
        assert certificate.total == certificate.reconstruction + certificate.mind
        assert certificate.total >= certificate.w1 * (1 - 1e-6)


def test_the_fid_lies_where_the_floor_says(evaluation):
    interval = evaluation.figures["floor_interval"]
    fid = float(evaluation.figures["rows"]["generated"]["frechet_distance"])
    assert interval["low"] * (1 - 1e-6) <= fid <= interval["high"] * (1 + 1e-6)


def test_a_model_that_learned_something_is_not_flagged(evaluation):
    assert not any(audit.flagged for audit in evaluation.figures["memorisation"].values())


def test_a_model_that_returns_training_codes_is_flagged(trained, digits):
    copier = Copier(trained, trained.codes.codes)
    result = evaluate(copier, digits[:1000], verbose=0)
    assert all(audit.flagged for audit in result.figures["memorisation"].values())
    assert result.level == "poor"
    assert "repeats training images" in result.verdict


def test_a_model_that_returns_images_that_were_not_looked_at_is_flagged_too(trained, digits):
    copier = Copier(trained, trained.codes.codes[:150])
    result = evaluate(copier, digits[:1000], num_images=100, extractor="pixels", verbose=0)
    audits = result.figures["memorisation"]
    assert audits["pixels"].flagged and audits["codes"].flagged
    assert (audits["pixels"].train_count, audits["features"].train_count) == (900, 100)
    assert result.level == "poor"


def test_a_model_trained_on_everything_says_what_it_cannot_tell(trained, digits):
    model = m2m.Mind2Mind(trained.autoencoder, generator=trained.generator, seed=0)
    model.trained_on = {**trained.trained_on, "validation_split": 0.0}
    result = evaluate(model, digits[:1000], num_images=200, verbose=0)
    assert result.figures["memorisation"] == {} and result.figures["held_out_images"] == 0
    assert "trained on all of these images" in result.figures["notes"][0]
    given = evaluate(model, digits[:1000], held_out=digits[1000:1150], num_images=200, verbose=0)
    assert given.figures["held_out_images"] == 150
    assert set(given.figures["memorisation"]) == {"features", "codes", "pixels"}


def test_long_steps_say_that_they_live(trained, digits, capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.LONG", 0.0)
    m2m.evaluate(trained, digits, num_images=500, extractor="pixels", verbose=2)
    said = capsys.readouterr().out
    assert "  still evaluating, " in said.partition("Certifying\n")[2]


def test_other_images_are_taken_for_unseen_ones(trained, digits):
    result = evaluate(trained, digits[1000:1200], verbose=0)
    assert "keeps no record of these images" in result.figures["notes"][0]
    stream = tf.data.Dataset.from_tensor_slices(digits[1000:1200])
    unknown = _look(trained, stream, None, "pixels", 100, {}, 0, 0).note
    assert "known again only as the object that fit was given" in unknown


def test_held_out_images_of_a_dataset_that_shuffles_anew_were_not_trained_on(trained, digits):
    keras.utils.set_random_seed(0)
    shape = trained.autoencoder.code_shape
    networks = (
        m2m.build_generator(8, shape, widths=(16,)),
        m2m.build_critic(shape, widths=(16,)),
    )
    model = m2m.Mind2Mind(trained.autoencoder, *networks, seed=0)
    model.compile(jit_compile=False)
    model.run_eagerly = True
    target = tf.data.Dataset.from_tensor_slices(digits[:300]).shuffle(300, seed=1).batch(64)
    model.fit(target, batch_size=200, validation_split=0.2, verbose=0)
    seen = _look(model, target, None, "pixels", 100, {}, 0, 0)
    for side, codes in ((seen.held_out, model.held_out_codes), (seen.training, model.codes)):
        near = np.abs(side.codes[:, None] - codes.codes[None]).max(axis=2).min(axis=1)
        assert len(side) == min(100, codes.count) and near.max() < 1e-4
    result = evaluate(model, target, num_images=100, extractor="pixels", verbose=0)
    assert result.figures["notes"] == []
    assert result.figures["held_out_images"] == model.held_out_codes.count
    assert result.figures["memorisation"]["codes"].train_count == model.codes.count
    model._encoded.fingerprints = None  # as where codes were found in a folder
    with pytest.raises(ValueError, match="by their order, and those of 'dataset' come in another"):
        evaluate(model, target, num_images=100, extractor="pixels", verbose=0)


def test_a_model_of_floats_in_0_1_is_evaluated_alike(trained, digits):
    record = {**trained.trained_on, "value_range": [0, 1], "validation_split": 0.0}
    few, scaled = digits[:31], digits[:31] / 2 + 0.5
    results = []
    for record_of, images in ((trained.trained_on, few), (record, scaled)):
        model = Copier(trained, trained.codes.codes)
        model.trained_on = record_of
        found = evaluate(model, images, digits[1000:1040], "pixels", verbose=0)
        results.append(found.figures["rows"]["floor"]["frechet_distance"].value)
    assert results[0] == pytest.approx(results[1], rel=1e-3)


def test_a_baseline_is_evaluated_like_a_model(trained, digits):
    baseline = fit_baseline("gaussian", trained.autoencoder, trained.codes.codes)
    assert isinstance(baseline, CodeBaseline)
    result = evaluate(baseline, digits[:1000], digits[1000:1100], num_images=500, verbose=0)
    rows = result.figures["rows"]
    ours, same = rows["generated"]["frechet_distance"], rows["gaussian"]["frechet_distance"]
    assert ours.value == pytest.approx(same.value, rel=0.1)


def test_images_of_another_size_are_refused(trained, digits):
    with pytest.raises(ValueError, match="image_size"):
        evaluate(trained, np.zeros((20, 14, 14, 1), "float32"), verbose=0)


@pytest.mark.parametrize("num_images", [40, 150])
def test_a_model_that_is_its_start_has_its_figures_at_any_number_of_images(
    num_images, reported_autoencoder, digits
):
    model = m2m.Mind2Mind(reported_autoencoder, prior="mixture", seed=0)
    model.codes = CodeStore(reported_autoencoder.encode(digits[:400]), fingerprint="")
    model.measure_codes()
    result = evaluate(
        model, digits[:400], digits[400:460], "pixels", num_images=num_images, verbose=0
    )
    rows = result.figures["rows"]
    for metric, figure in rows["generated"].items():
        assert rows["prior"][metric].value == pytest.approx(figure.value, abs=1e-6)
    assert result.figures["baselines"]["prior"]["own"]
    assert "the mixture that it starts from" in result.page.to_html()


@pytest.mark.parametrize("kind", ["path", "images", "autoencoder"])
def test_what_is_no_model_is_refused_with_the_way_to_one(shared_autoencoder, digits, kind):
    given = {"path": "runs/photos/model", "images": digits, "autoencoder": shared_autoencoder}[kind]
    said = {"path": "runs/photos/model", "images": "ndarray", "autoencoder": "Autoencoder"}[kind]
    with pytest.raises(ValueError, match=rf"Mind2Mind first.*{said}.*Mind2Mind.load\(path\)"):
        evaluate(given, digits)


def test_fewer_images_than_figures_need_are_refused_by_the_argument():
    with pytest.raises(ValueError, match="num_images must be a whole number of 12 or more; got 1"):
        evaluate(None, None, num_images=1)


def test_a_model_that_was_never_fitted_is_refused(shared_autoencoder, digits):
    model = m2m.Mind2Mind(shared_autoencoder, name="new")
    with pytest.raises(ValueError, match=r"'new' was never fitted. Call model.fit\(target\) first"):
        evaluate(model, digits)
