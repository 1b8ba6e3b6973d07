"""The page of an assessment shows all that it found, and says what it could not measure."""

import pytest

from m2m_tf.evaluation import assess

pytestmark = pytest.mark.slow


def test_every_section_is_shown(assessment, tmp_path):
    assessment.save(tmp_path / "report")
    page = (tmp_path / "report" / "report.html").read_text()
    for part in (
        "What the autoencoder keeps",
        "What can be reached",
        "effective dimension",
        "encoder saturation",
        "sliced W1",
        "The theorem&#x27;s bound, term by term",
        "Lip(g)",
        "upper",
        "lower",
        "data:image/png;base64",
        "<svg",
    ):
        assert part in page, part


def test_without_a_source_the_rest_is_told(reported_autoencoder, digits):
    result = assess(reported_autoencoder, digits[:200], verbose=0)
    assert result.figures["source_to_target"] is None
    assert "--source" in result.page.to_html()
