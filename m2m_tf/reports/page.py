"""Page: a report in one HTML file, with its pictures inside."""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Literal, Self

import numpy.typing as npt
from matplotlib.figure import Figure

from m2m_tf.files.durable import write_durably
from m2m_tf.hints import StrPath
from m2m_tf.pictures.files import check_suffix
from m2m_tf.reports.cells import write_cell
from m2m_tf.reports.embed import check_figure, data_url, picture_bytes
from m2m_tf.reports.markup import Markup, clean, tag
from m2m_tf.reports.parts import (
    TOP_LEVEL,
    Heading,
    Plot,
    Still,
    drawn_plot,
    with_caption,
)
from m2m_tf.reports.table import build_table
from m2m_tf.version import __version__

LEVELS = {"good": "Good", "fair": "Fair", "poor": "Poor"}
COLUMN_WIDTH = 868  # CSS pixels of the text's column, as in page.css
LARGEST_SCALE = 4
LARGEST_WIDTH = 1100  # pixels: eight images of 128 as they are; of 256 a report would be 15 MB
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

    def __init__(self, title: str, subtitle: str = "") -> None:
        self.title = title
        self.subtitle = subtitle
        self._parts = []

    def verdict(self, level: Literal["good", "fair", "poor"], text: str) -> Self:
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

    def heading(self, text: str) -> Self:
        """Begins a section; pages of three or more list them at the top."""
        self._parts.append(Heading(text))
        return self

    def text(self, text: str) -> Self:
        """Adds text; an empty line begins a new paragraph."""
        return self._paragraphs(text, None)

    def note(self, text: str) -> Self:
        """Adds text in smaller letters: how a figure was made, what it does not say."""
        return self._paragraphs(text, "note")

    def facts(self, facts: Mapping[str, Any]) -> Self:
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

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        caption: str,
        highlight: int | None = None,
    ) -> Self:
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
        return self._add(build_table(columns, rows, caption, highlight))

    def picture(
        self,
        image: npt.ArrayLike | bytes,
        caption: str,
        alt: str | None = None,
        scale: float | None = None,
    ) -> Self:
        """Adds a picture; small ones are enlarged, pixel by pixel, wide ones shrunk to the page.

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
        content, kind, (width, height) = picture_bytes(image, widest=LARGEST_WIDTH)
        if scale is None:
            scale = max(1, min(LARGEST_SCALE, COLUMN_WIDTH // width))
        if scale < 1:
            raise ValueError(f"Page.picture expects a scale of 1 or more; got {scale!r}.")
        image = tag(
            "img",
            src=data_url(content, kind),
            alt=caption if alt is None else alt,
            width=round(width * scale),
            height=round(height * scale),
            class_="pixels" if scale > 1 else None,
        )
        return self._add(with_caption(image, caption))

    def plot(self, figure: Figure, caption: str, alt: str) -> Self:
        """Adds a plot. What is black in it takes the colour of the page's text, white the page's.

        Args:
            figure: A `matplotlib.figure.Figure`: `m2m_tf.reports.plots` makes some.
            caption: The line below it.
            alt: What it shows, for those who do not see it: the finding, not the colours.

        Raises:
            ValueError: If it is no figure.
        """
        check_figure(figure)
        self._parts.append(Plot(drawn_plot(figure, alt), caption, alt))
        return self

    def extend(self, page: "Page") -> Self:
        """Adds all that another page holds below its title; its headings go one level down.

        Args:
            page: A `Page`.

        Raises:
            ValueError: If it is no page, or this page itself.
        """
        if not isinstance(page, Page) or page is self:
            raise ValueError(f"Page.extend expects another Page; got {page!r}.")
        for part in page._parts:
            deeper = isinstance(part, Heading)
            self._parts.append(Heading(part.text, part.level + 1) if deeper else part)
        return self

    def to_html(self) -> str:
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
        content = (part.at(place) for place, part in enumerate(self._parts))
        parts = [tag("header", *top), *self._contents(), *content]
        body = tag("body", tag("main", *(Markup(f"\n{part}") for part in parts)), foot)
        return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"

    def write(self, path: StrPath) -> StrPath:
        """Writes the file, whole or not at all.

        Args:
            path: A file name that ends in .html; its folder is made where it is missing.

        Returns:
            The path.

        Raises:
            ValueError: For another file name.
        """
        check_suffix(path, (".html",))
        write_durably(path, self.to_html().encode())
        return path

    def _add(self, part):
        self._parts.append(Still(part))
        return self

    def _paragraphs(self, text, kind):
        for paragraph in clean(text).split("\n\n"):
            if paragraph.strip():
                self._add(tag("p", paragraph, class_=kind))
        return self

    def _contents(self):
        places = [
            (place, part)
            for place, part in enumerate(self._parts)
            if isinstance(part, Heading) and part.level == TOP_LEVEL
        ]
        if len(places) < CONTENTS_FROM:
            return []
        links = [tag("li", tag("a", part.text, href=f"#part-{place}")) for place, part in places]
        return [tag("nav", tag("ul", *links), aria_label="Contents")]


def _style():
    return resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _told(value):
    if isinstance(value, list | tuple):
        return ", ".join(map(write_cell, value)) or write_cell(None)
    return write_cell(value)
