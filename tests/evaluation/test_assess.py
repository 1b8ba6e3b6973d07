"""An assessment holds every figure it promises, and says plainly what suits and what does not."""

import json

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.evaluation import assess
from m2m_tf.metrics import Figure, frechet_distance

pytestmark = pytest.mark.slow


def test_its_figures_are_written(assessment, tmp_path):
    assessment.save(tmp_path / "report")
    figures = json.loads((tmp_path / "report" / "report.json").read_text())
    assert figures["verdict"] == assessment.verdict
    assert figures["rows"]["floor"]["frechet_distance"]["extractor"] == "digits_fashion"
    assert set(figures["rows"]) == {
        "prior",
        "mixture",
        "gaussian",
        "floor",
        "held_out",
    }
    assert figures["reconstruction"]["interval"][0] < figures["reconstruction"]["mean"]


def test_the_floor_is_the_fid_of_the_reconstructions(assessment, reported_autoencoder, digits):
    from m2m_tf.codes import held_out_rows
    from m2m_tf.features import get_extractor

    images = digits[:600][~held_out_rows(600, 0.1)]
    extractor = get_extractor("digits_fashion", (28, 28, 1))
    decoded = reported_autoencoder.decode(reported_autoencoder.encode(images))
    expected = frechet_distance(extractor(images).values, extractor(decoded).values)
    assert float(assessment.figures["floor"]) == pytest.approx(expected, rel=1e-4)


def test_every_distance_says_how_it_was_measured(assessment):
    for row in assessment.figures["rows"].values():
        for figure in row.values():
            assert isinstance(figure, Figure)
            assert figure.real_count == 540 and figure.resize == "none"


def test_an_autoencoder_that_cannot_draw_the_target_is_called_poor(digits):
    keras.utils.set_random_seed(0)
    untrained = m2m.Autoencoder(*m2m.build_pair((28, 28, 1), code_dim=4, width=4), name="untrained")
    result = assess(untrained, digits[:300], verbose=0)
    assert result.level == "poor"
    assert "does not suit this target" in result.verdict


def test_grey_images_in_a_colour_extractor_are_converted_and_said(reported_autoencoder, digits):
    image = keras.Input((8, 8, 3))
    colour = keras.Model(image, keras.layers.Flatten()(image), name="colour")
    result = assess(reported_autoencoder, digits[:250], extractor=colour, verbose=0)
    assert any("colour" in note for note in result.figures["floor"].notes)
    assert result.figures["floor"].extractor == "colour"


def test_what_is_no_autoencoder_is_refused(digits):
    expected = "Expected a m2m.Autoencoder, a preset's name or a folder; got"
    with pytest.raises(ValueError, match=expected):
        assess(3, digits, verbose=0)


def test_images_that_are_all_the_same_are_refused(reported_autoencoder):
    images = np.full((150, 28, 28, 1), -1, "float32")
    with pytest.raises(ValueError, match="Expected images that differ; all 150 of"):
        assess(reported_autoencoder, images, verbose=0)


def test_a_small_target_is_assessed_without_the_held_out_row(reported_autoencoder, digits):
    result = assess(reported_autoencoder, digits[:60], extractor="pixels", verbose=0)
    assert set(result.figures["rows"]) == {"prior", "mixture", "gaussian", "floor"}
    assert "rank" in " ".join(result.figures["floor"].notes)  # how far it can be trusted


def test_too_few_images_are_refused_with_how_many_are_needed(reported_autoencoder, digits):
    with pytest.raises(ValueError, match="Figures need 12 images or more.*got 8"):
        assess(reported_autoencoder, digits[:10], extractor="pixels", verbose=0)


def test_cut_off_it_goes_on_with_what_it_had_looked_at(
    reported_autoencoder, digits, tmp_path, monkeypatch
):
    settings = {"num_images": 600, "verbose": 0, "checkpoint": tmp_path / "work"}
    whole = m2m.assess(reported_autoencoder, digits[:600], num_images=600, verbose=0).figures
    looked_at = []

    def cut_off(autoencoder, images):
        if len(looked_at) == 3:  # the probe and two of three batches
            raise KeyboardInterrupt
        looked_at.append(len(images))
        return encode_batch(autoencoder, images)

    encode_batch = m2m.Autoencoder.encode_batch
    monkeypatch.setattr(m2m.Autoencoder, "encode_batch", cut_off)
    with pytest.raises(KeyboardInterrupt):
        m2m.assess(reported_autoencoder, digits[:600], **settings)
    looked_at.clear()
    monkeypatch.setattr(
        m2m.Autoencoder,
        "encode_batch",
        lambda autoencoder, images: (
            looked_at.append(len(images)) or encode_batch(autoencoder, images)
        ),
    )
    again = m2m.assess(reported_autoencoder, digits[:600], **settings).figures
    assert looked_at[:2] == [2, 88]  # the probe, and the third batch alone
    for name in ("rows", "predicted", "reconstruction", "bound"):
        assert str(again[name]) == str(whole[name])
    assert not (tmp_path / "work").exists()
