"""The page of an evaluation shows all that it found."""

import pytest

pytestmark = pytest.mark.slow


def test_every_section_is_shown(evaluation, tmp_path):
    evaluation.save(tmp_path)
    page = (tmp_path / "report.html").read_text()
    for part in (
        "Reals beside generated",
        "Quality",
        "Certificate",
        "mind has not learned",
        "Memorisation",
        "nearest training image",
        "The closest pairs, in features",
        "The closest pairs, in pixels",
        "floor: reconstructions",
        "the mixture of a mind, fitted to these codes",
        "the model itself starts from something else",
        "likeliest mixture on the codes",
    ):
        assert part in page, part
