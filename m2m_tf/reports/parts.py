"""The parts of a page: `at(place)` is a part's HTML, with identifiers that no other place has."""

from dataclasses import dataclass

from m2m_tf.reports.embed import data_url, draw_svg, place_svg, plot_png
from m2m_tf.reports.markup import Markup, tag

TOP_LEVEL = 2


@dataclass(frozen=True)
class Still:
    """A part that is the same at any place."""

    html: Markup

    def at(self, place):
        return self.html


@dataclass(frozen=True)
class Heading:
    """A heading, which the contents point to."""

    text: str
    level: int = TOP_LEVEL

    def at(self, place):
        return tag(f"h{min(self.level, 6)}", self.text, id=f"part-{place}")


@dataclass(frozen=True)
class Plot:
    """A plot: an SVG element's text that has no identifiers of its own yet, or an image."""

    drawn: str
    caption: str
    alt: str

    def at(self, place):
        drawn = self.drawn
        if not isinstance(drawn, Markup):
            drawn = place_svg(drawn, self.alt, f"part-{place}")
        frame = {"role": "group", "aria_label": self.caption, "tabindex": "0"}
        return with_caption(tag("div", drawn, class_="wide plot", **frame), self.caption)


def drawn_plot(figure, alt):
    """The figure's SVG, still without a place; or an image where that is too large."""
    svg = draw_svg(figure)
    if svg is not None:
        return svg
    content, (width, height) = plot_png(figure)
    return tag("img", src=data_url(content, "image/png"), alt=alt, width=width, height=height)


def with_caption(content, caption):
    """A figure element."""
    return tag("figure", content, tag("figcaption", caption))
