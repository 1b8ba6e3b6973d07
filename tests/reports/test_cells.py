"""Cells are written briefly, and numbers are told from words."""

import numpy as np
import pytest

from m2m_tf.reports.cells import is_number, number_columns, write_cell

WRITTEN = [
    (3.92041, "3.92"),
    (np.float32(0.5), "0.5"),
    (60_000, "60,000"),
    (np.int64(-7), "-7"),
    (123_456.7, "123,457"),
    (1234.5, "1,234"),
    (2.5e12, "2.5e+12"),
    (1.5e-7, "1.5e-07"),
    (float("nan"), "not a number"),
    (float("-inf"), "-inf"),
    (True, "yes"),
    (np.bool_(False), "no"),
    (None, "–"),
    ("3.20", "3.20"),
]


@pytest.mark.parametrize("value, text", WRITTEN)
def test_a_cell_is_written_as_a_person_would(value, text):
    assert write_cell(value) == text


NUMBERS = ["3", "-0.5", "1,200", "3.92 ± 0.1", "[0.1, 2]", "1 to 2", "5.3 of 64", "< 5 ms", "12 %"]
NUMBERS += ["1e-7", "0.9 (0.8 to 1)", "≥2", "−3"]
WORDS = ["", "three", "28x28", "v1.2.3", "3 blind mice", "2026-11-22", "1 Gaussian (codes)", "±"]


def test_numbers_are_told_from_words():
    assert all(map(is_number, NUMBERS))
    assert not any(map(is_number, WORDS))


def test_a_column_of_numbers_may_hold_dashes_but_no_words_and_not_dashes_alone():
    rows = [["a", "1", "–", "2"], ["b", "–", "–", "two"]]
    assert number_columns(rows) == {1}
    assert number_columns([]) == set()
