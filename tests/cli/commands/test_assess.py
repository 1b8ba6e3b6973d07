"""`m2m assess` leaves a report of one autoencoder, or a ranking of several."""

import json

import numpy as np
import pytest

from m2m_tf.autoencoders import Autoencoder

pytestmark = pytest.mark.slow

FEW = ("--num_images=60", "--extractor=digits_fashion")


@pytest.fixture
def other_folder(tiny_autoencoder_folder, tmp_path):
    """The same autoencoder under another name."""
    autoencoder = Autoencoder.load(tiny_autoencoder_folder)
    Autoencoder(autoencoder.encoder, autoencoder.decoder, name="twin").save(tmp_path / "twin")
    return tmp_path / "twin"


def test_an_assessment_leaves_a_report_and_its_figures(
    m2m, tmp_path, tiny_autoencoder_folder, digits
):
    np.save(tmp_path / "source.npy", digits[500:600])
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits")
    result = m2m("assess", *flags, "--source", "source.npy", "--out", "runs/report", *FEW)
    assert result.status == 0, result.err
    folder = tmp_path / "runs" / "report"
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json"]
    figures = json.loads((folder / "report.json").read_text())
    assert figures["verdict"] in result.out
    assert figures["rows"]["floor"]["frechet_distance"]["extractor"] == "digits_fashion"
    assert figures["source_to_target"]["images"]["count"] == 30
    assert "Wrote runs/report/report.html" in result.out


def test_several_autoencoders_are_ranked(m2m, tmp_path, tiny_autoencoder_folder, other_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, other_folder, "--target", "demo:digits")
    result = m2m("assess", *flags, "--out", "out", *FEW)
    assert result.status == 0, result.err
    figures = json.loads((tmp_path / "out" / "report.json").read_text())
    assert sorted(figures["order"]) == ["tiny", "twin"]


def test_sources_that_do_not_pair_up_are_refused(refused, tiny_autoencoder_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    assert "one source (--source) for each" in refused("assess", *flags, "--source", "a", "b")


def test_an_unknown_extractor_is_refused_with_those_there_are(refused, tiny_autoencoder_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    assert "digits_fashion" in refused("assess", *flags, "--extractor=incepton")


def test_an_extractor_whose_weights_cannot_be_had_says_how_to_get_them(
    refused, tiny_autoencoder_folder, monkeypatch, tmp_path
):
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "home"))
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    assert "--convert" in refused("assess", *flags, "--extractor=inception_2015")


def test_a_fallback_is_taken_where_it_is_asked_for_and_said(
    m2m, tiny_autoencoder_folder, monkeypatch, tmp_path
):
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "home"))
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    asked = ("--extractor=inception_2015", "--fallback_extractor=digits_fashion", "--num_images=60")
    result = m2m("assess", *flags, *asked)
    assert result.status == 0, result.err
    floor = json.loads((tmp_path / "out" / "report.json").read_text())["floor"]
    assert floor["extractor"] == "digits_fashion"
    assert any("instead of 'inception_2015', as asked" in note for note in floor["notes"])
