"""A table that can be read by ear, on a phone and on paper."""

import re

import pytest

from m2m_tf.reports.table import DENSE_FROM, build_table


def test_a_table_is_told_by_its_caption_heads_and_first_column():
    made = build_table(["", "FID"], [["the model", 1.5], ["floor", None]], "By row")
    assert "<caption><span>By row</span></caption>" in made
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', made) == ["FID"]  # "" heads nothing
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', made) == ["the model", "floor"]
    assert 'role="region" aria-label="By row" tabindex="0"' in made


def test_columns_of_numbers_are_set_as_numbers():
    made = build_table(["name", "FID"], [["a", 1.5], ["b", 20.25]], "c")
    assert 'scope="col" class="number">FID' in made and 'scope="col">name' in made


def test_wide_tables_are_dense_and_others_not():
    for count in (DENSE_FROM - 1, DENSE_FROM):
        made = build_table([f"c{i}" for i in range(count)], [range(count)], "c")
        assert ('<table class="dense">' in made) == (count >= DENSE_FROM)


def test_text_is_never_html():
    made = build_table(["<b>"], [["<script>"]], "<i>")
    assert "<script>" not in made and "<b>" not in made and "<i>" not in made


@pytest.mark.parametrize(
    ("columns", "rows", "highlight", "said"),
    [
        ([], [], None, "one column or more; got none"),
        (["a", "b"], [[1, 2], [3]], None, "rows of 2 cells.*row 1 has 1. Give None"),
        (["a"], [[1]], 1, "highlight rows 0 to 0; got 1"),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(columns, rows, highlight, said):
    with pytest.raises(ValueError, match=said):
        build_table(columns, rows, "c", highlight)
