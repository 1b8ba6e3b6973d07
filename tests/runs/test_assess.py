"""An assessment checks what it is given before it makes or reads anything."""

import json

import pytest

from m2m_tf.runs.assess import assess

BAD = [
    ({"num_images": 0}, "num_images"),
    ({"seed": -1}, "seed"),
    ({"extractor": "incepton"}, "got 'incepton'"),
    ({"fallback_extractor": "pixel"}, "got 'pixel'"),
    ({"fit": "squash"}, "fit"),
    ({"sources": ["a", "b"]}, "one source .*for each of 1 autoencoders .*got 2"),
]


@pytest.mark.parametrize("settings, said", BAD)
def test_a_bad_argument_is_refused_before_the_target_is_touched(settings, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        assess("not/there", tmp_path / "out", ["not/there"], **settings)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_report_is_left_of_images_and_an_autoencoder_in_memory(
    shared_autoencoder, digits, tmp_path
):
    settings = {"extractor": "pixels", "verbose": 0}
    result = assess(digits[:60], tmp_path / "out", [shared_autoencoder], **settings)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "report.html",
        "report.json",
    ]
    figures = json.loads((tmp_path / "out" / "report.json").read_text())
    assert figures["verdict"] == result.verdict
