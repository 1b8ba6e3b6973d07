"""A table that can be read by ear, on a phone and on paper."""

from m2m_tf.reports.cells import number_columns, write_cell
from m2m_tf.reports.markup import tag

DENSE_FROM = 8  # columns: more of them fit a screen in smaller letters


def build_table(columns, rows, caption, highlight=None):
    """A table in a frame of its own, which scrolls where the table is wide, also by keyboard.

    Args:
        columns, rows, caption, highlight: As `Page.table` takes them.

    Returns:
        `Markup`.

    Raises:
        ValueError: As `Page.table`.
    """
    columns, rows = list(columns), [[write_cell(cell) for cell in row] for row in rows]
    _check_table(columns, rows, highlight)
    numeric = number_columns(rows)
    sides = ["number" if index in numeric else None for index in range(len(columns))]
    head = tag("tr", *(_head(*pair) for pair in zip(columns, sides, strict=True)))
    body = [_row(row, sides, index == highlight) for index, row in enumerate(rows)]
    parts = tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", *body)
    table = tag("table", *parts, class_="dense" if len(columns) >= DENSE_FROM else None)
    frame = {"role": "region", "aria_label": caption, "tabindex": "0"}
    return tag("div", table, class_="wide", **frame)


def _check_table(columns, rows, highlight):
    if not columns:
        raise ValueError("Page.table expects one column or more; got none.")
    for index, row in enumerate(rows):
        if len(row) != len(columns):
            raise ValueError(
                f"Page.table expects rows of {len(columns)} cells, one a column ({columns}); row "
                f"{index} has {len(row)}. Give None where there is nothing to tell."
            )
    if highlight is not None and highlight not in range(len(rows)):
        raise ValueError(f"Page.table can highlight rows 0 to {len(rows) - 1}; got {highlight!r}.")


def _head(name, side):
    if not str(name).strip():
        return tag("td", class_=side)  # a header cell that says nothing heads nothing
    return tag("th", name, scope="col", class_=side)


def _row(row, sides, highlighted):
    first = tag("th", row[0], scope="row", class_=sides[0])
    rest = [tag("td", text, class_=side) for text, side in zip(row[1:], sides[1:], strict=True)]
    return tag("tr", first, *rest, class_="highlight" if highlighted else None)
