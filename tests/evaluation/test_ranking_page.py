"""The page of a ranking."""

import pytest

pytestmark = pytest.mark.slow


def test_the_page_shows_each_with_a_plot(ranking, tmp_path):
    ranking.save(tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert page.index("Ranking") < page.index("tiny") < page.index("untrained")
    assert "<svg" in page and "predicted FID" in page
