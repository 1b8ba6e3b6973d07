"""A result: figures for a program, a page for people."""

import json

from m2m_tf.evaluation.result import Result
from m2m_tf.reports import Page


def test_a_result_is_saved_as_a_page_and_as_figures_and_shown_in_a_line(tmp_path):
    page = Page("Assessment")
    result = Result("good", "The floor is low.", {"floor": 1.5}, page)
    result.save(tmp_path / "new" / "report")
    folder = tmp_path / "new" / "report"
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json"]
    figures = json.loads((folder / "report.json").read_text())
    assert figures == {"level": "good", "verdict": "The floor is low.", "floor": 1.5}
    assert "Assessment" in (folder / "report.html").read_text()
    assert str(result) == "good: The floor is low."
