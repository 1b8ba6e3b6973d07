"""Page: a report in one HTML file, with its pictures inside."""

from collections.abc import Mapping
from importlib import resources

from m2m_tf import __version__
from m2m_tf.evaluation.report.cells import number_columns, write_cell
from m2m_tf.evaluation.report.embed import (
    check_figure,
    data_url,
    picture_bytes,
    plot_png,
    plot_svg,
)
from m2m_tf.evaluation.report.markup import Markup, tag
from m2m_tf.pictures.files import check_suffix, replacing

LEVELS = {"good": "Good", "fair": "Fair", "poor": "Poor"}
COLUMN_WIDTH = 736  # CSS pixels of the text's column, as in page.css
LARGEST_SCALE = 4
CONTENTS_FROM = 3  # headings
# Nothing but what the file holds may be loaded, whoever wrote the names in it.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


class Page:
    """A report that grows from top to bottom and is written as one self-contained HTML file.

    The file opens from disk with no network, on a phone, in dark and in light mode, and prints.
    Every method but `write` and `to_html` returns the page, so that calls can be chained. All text
    is escaped: names and paths may hold anything.

    Args:
        title: The page's title.
        subtitle: A line below it.

    Example:

    ```python
    page = Page("Fashion-MNIST to digits", "10,000 images, extractor digits_fashion")
    page.verdict("good", "The autoencoder keeps what the digits are made of.")
    page.heading("Figures")
    page.table(["model", "Fréchet distance"], [["mixture", 3.92], ["mind", 3.21]], "On 9,000")
    page.picture(model.generate(64, seed=0), "Generated images")
    page.write("runs/report.html")
    ```
    """

    def __init__(self, title, subtitle=""):
        self.title = title
        self.subtitle = subtitle
        self._parts = []
        self._headings = []
        self._plots = 0

    def verdict(self, level, text):
        """Adds a judgement that stands out.

        Args:
            level: `"good"`, `"fair"` or `"poor"`; written out before the text.
            text: The judgement, in words.

        Raises:
            ValueError: For another level.
        """
        if level not in LEVELS:
            raise ValueError(f"A verdict's level is 'good', 'fair' or 'poor'; got {level!r}.")
        word = tag("strong", f"{LEVELS[level]}.")
        return self._add(tag("p", word, " ", text, class_=f"verdict {level}"))

    def heading(self, text):
        """Begins a section; pages of three or more list them at the top."""
        self._headings.append(text)
        return self._add(tag("h2", text, id=f"section-{len(self._headings)}"))

    def text(self, text):
        """Adds text; an empty line begins a new paragraph."""
        return self._paragraphs(text, None)

    def note(self, text):
        """Adds text in smaller letters: how a figure was made, what it does not say."""
        return self._paragraphs(text, "note")

    def facts(self, facts):
        """Adds names with their values, one a line.

        Args:
            facts: A dict of name to text, number, truth value, None, or a list of them.

        Raises:
            ValueError: If it is no dict, or empty.
        """
        if not isinstance(facts, Mapping) or not facts:
            raise ValueError(f"Page.facts expects a dict with one entry or more; got {facts!r}.")
        pairs = [tag("div", tag("dt", key), tag("dd", _told(facts[key]))) for key in facts]
        return self._add(tag("dl", *pairs))

    def table(self, columns, rows, caption, highlight=None):
        """Adds a table.

        Args:
            columns: The columns' names; the first column names the rows.
            rows: Sequences as long as `columns`, of texts, numbers, truth values or None. Write a
                number with its error as text: `"3.92 ± 0.1"`. Columns of numbers stand right.
            caption: What the table shows.
            highlight: The index of a row to show in bold, or None.

        Raises:
            ValueError: If a row has another length, or there is no such row to highlight.
        """
        columns, rows = list(columns), [[write_cell(cell) for cell in row] for row in rows]
        _check_table(columns, rows, highlight)
        numeric = number_columns(rows)
        sides = ["number" if index in numeric else None for index in range(len(columns))]
        head = tag("tr", *(_head(*pair) for pair in zip(columns, sides, strict=True)))
        body = [_row(row, sides, index == highlight) for index, row in enumerate(rows)]
        table = tag(
            "table", tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", *body)
        )
        # Wide tables scroll by themselves, and by keyboard.
        frame = {"role": "region", "aria_label": caption, "tabindex": "0"}
        return self._add(tag("div", table, class_="wide", **frame))

    def picture(self, image, caption, alt=None, scale=None):
        """Adds a picture; small ones are enlarged, pixel by pixel.

        Args:
            image: float in [-1, 1] or uint8: an image `(height, width[, channels])`, a grid as
                `m2m.pictures.grid` makes it, or images `(batch, height, width, channels)`, which
                become a grid; or the bytes of a PNG file.
            caption: The line below it.
            alt: What it shows, for those who do not see it; by default the caption.
            scale: Screen pixels that each pixel becomes, each way; by default as many as fit, four
                at most.

        Raises:
            ValueError: For another shape or range, bytes that are no PNG file, or a scale below 1.
        """
        content, (width, height) = picture_bytes(image)
        if scale is None:
            scale = max(1, min(LARGEST_SCALE, COLUMN_WIDTH // width))
        if scale < 1:
            raise ValueError(f"Page.picture expects a scale of 1 or more; got {scale!r}.")
        return self._figure(
            tag(
                "img",
                src=data_url(content, "image/png"),
                alt=caption if alt is None else alt,
                width=round(width * scale),
                height=round(height * scale),
                class_="pixels" if scale > 1 else None,
            ),
            caption,
        )

    def plot(self, figure, caption, alt):
        """Adds a plot. What is black in it takes the colour of the page's text, white the page's.

        Args:
            figure: A `matplotlib.figure.Figure`: `m2m_tf.evaluation.report.plots` makes some.
            caption: The line below it.
            alt: What it shows, for those who do not see it: the finding, not the colours.

        Raises:
            ValueError: If it is no figure.
        """
        check_figure(figure)
        self._plots += 1
        svg = plot_svg(figure, alt, f"plot-{self._plots}")
        if svg is None:
            content, (width, height) = plot_png(figure)
            url = data_url(content, "image/png")
            svg = tag("img", src=url, alt=alt, width=width, height=height)
        frame = {"role": "group", "aria_label": caption, "tabindex": "0"}
        return self._figure(tag("div", svg, class_="wide plot", **frame), caption)

    def to_html(self):
        """The whole file's text."""
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
            tag("title", self.title),
            tag("style", Markup(_style())),
        )
        top = [tag("h1", self.title)]
        if self.subtitle:
            top.append(tag("p", self.subtitle, class_="subtitle"))
        foot = tag("footer", f"Made by m2m_tf {__version__}. This file needs no network.")
        parts = [tag("header", *top), *self._contents(), *self._parts]
        body = tag("body", tag("main", *(Markup(f"\n{part}") for part in parts)), foot)
        return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"

    def write(self, path):
        """Writes the file, whole or not at all.

        Args:
            path: A file name that ends in .html; its folder is made where it is missing.

        Returns:
            The path.

        Raises:
            ValueError: For another file name.
        """
        check_suffix(path, (".html",))
        with replacing(path) as temporary:
            temporary.write_text(self.to_html(), encoding="utf-8", newline="\n")
        return path

    def _add(self, part):
        self._parts.append(part)
        return self

    def _paragraphs(self, text, kind):
        for paragraph in str(text).split("\n\n"):
            if paragraph.strip():
                self._add(tag("p", paragraph, class_=kind))
        return self

    def _figure(self, content, caption):
        return self._add(tag("figure", content, tag("figcaption", caption)))

    def _contents(self):
        if len(self._headings) < CONTENTS_FROM:
            return []
        links = [
            tag("li", tag("a", text, href=f"#section-{number}"))
            for number, text in enumerate(self._headings, start=1)
        ]
        return [tag("nav", tag("ul", *links), aria_label="Contents")]


def _style():
    return resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _told(value):
    if isinstance(value, list | tuple):
        return ", ".join(map(write_cell, value)) or write_cell(None)
    return write_cell(value)


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
    return tag("th", name, scope="col", class_=side)


def _row(row, sides, highlighted):
    first = tag("th", row[0], scope="row", class_=sides[0])
    rest = [tag("td", text, class_=side) for text, side in zip(row[1:], sides[1:], strict=True)]
    return tag("tr", first, *rest, class_="highlight" if highlighted else None)
