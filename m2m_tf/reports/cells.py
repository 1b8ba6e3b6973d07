"""The cells of a table: how values are written, and which columns are numbers."""

import numbers
import re

import numpy as np

MISSING = "–"
_NUMBER = r"[+\-−]?\d[\d,]*(\.\d+)?(e[+\-]?\d+)?"
_NUMBERS = rf"{_NUMBER}(\s*(±|to|–|,|/|of)\s*{_NUMBER})*"
# Numbers, with a bound, an error, a range or a unit: "3.92 ± 0.1", "0.9 (0.8 to 1)", "< 5 ms".
NUMERIC = re.compile(
    rf"[<>≤≥≈~]?\s*[\[(]?{_NUMBERS}[\])]?(\s*\({_NUMBERS}\))?(\s?[%×°a-zA-Zµ]{{1,5}})?"
)


def write_cell(value):
    """A cell's text: numbers with four digits that count, whole numbers with separators.

    Args:
        value: Text, a number, a truth value, or None where there is nothing to tell.

    Returns:
        The text.

    Example:
        >>> write_cell(3.92041), write_cell(60000), write_cell(None), write_cell(True)
        ('3.92', '60,000', '–', 'yes')
    """
    if value is None:
        return MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}"
    if isinstance(value, numbers.Real):
        return _write_real(float(value))
    return str(value)


def _write_real(value):
    if value != value:
        return "not a number"
    if abs(value) >= 1e3 and abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def is_number(text):
    """Whether a cell's text is a number, so that it stands to the right."""
    return bool(NUMERIC.fullmatch(text.strip()))


def number_columns(rows):
    """The indices of the columns that hold numbers alone, dashes aside.

    Args:
        rows: Lists of texts, all of one length.

    Returns:
        A set of ints.
    """
    found = set()
    for index, column in enumerate(zip(*rows, strict=True)):
        told = [text for text in column if text.strip() not in ("", MISSING)]
        if told and all(map(is_number, told)):
            found.add(index)
    return found
