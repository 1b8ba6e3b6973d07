"""Pictures and plots as parts of a page: nothing is read from another file."""

import base64
import contextlib
import io
import re
import struct
import warnings

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from m2m_tf.pictures import grid
from m2m_tf.pictures.files import to_picture
from m2m_tf.pictures.pixels import to_pixels
from m2m_tf.reports.markup import Markup, clean, escape

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_PNG = 200_000  # bytes; a picture that takes more goes in as WebP: pages stay small
LONGEST_WEBP = 16_383  # pixels a side
LARGEST_SVG = 1_500_000  # characters; a plot of more points than that goes in as pixels
SETTINGS = {
    "svg.fonttype": "none",  # text stays text: it can be searched, and takes the page's font
    "svg.hashsalt": "m2m_tf",  # the same plot gives the same file
}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def picture_bytes(image, widest=None):
    """A picture file of an image, of many images laid out as a grid, or of a PNG file's own bytes.

    It is a PNG file, or a WebP file, with small losses, where that would be large.

    Args:
        image: float in [-1, 1] or uint8, `(height, width)`, `(height, width, channels)` or
            `(batch, height, width, channels)`, channels 1 or 3; or the bytes of a PNG file.
        widest: Pixels; what is wider is shrunk to it, but for a PNG file's bytes. None: as it is.

    Returns:
        `(bytes, kind, (width, height))`: the kind is `"image/png"` or `"image/webp"`, the size is
        in pixels.

    Raises:
        ValueError: For another shape or range, or bytes that are no PNG file.
    """
    if isinstance(image, bytes):
        return image, "image/png", _png_size(image)
    image = np.asarray(image)
    if image.ndim == 2:
        image = image[..., None]
    pixels = grid(image) if image.ndim == 4 else to_pixels(image[None])[0]
    picture = to_picture(pixels)
    if widest and picture.width > widest:
        picture.thumbnail((widest, picture.height))
    content = _file_of(picture, "PNG")
    if len(content) <= LARGEST_PNG or max(picture.size) > LONGEST_WEBP:
        return content, "image/png", picture.size
    return _file_of(picture, "WEBP", quality=85), "image/webp", picture.size


def _file_of(picture, kind, **settings):
    file = io.BytesIO()
    picture.save(file, kind, **settings)
    return file.getvalue()


def _png_size(content):
    if not content.startswith(PNG_SIGNATURE) or len(content) < 24:
        raise ValueError(
            "A picture is an image array or the bytes of a PNG file; got bytes that begin with "
            f"{content[:8]!r}. Decode other formats first: m2m.data.load reads them."
        )
    return struct.unpack(">II", content[16:24])


def data_url(content, kind):
    """A `data:` address that holds the bytes themselves."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def check_figure(figure):
    """Refuses what is no matplotlib figure."""
    if not isinstance(figure, Figure):
        raise ValueError(
            f"A plot is a matplotlib.figure.Figure; got {type(figure).__name__}. Make one with "
            "m2m_tf.reports.plots, or with matplotlib.figure.Figure()."
        )


def draw_svg(figure):
    """A figure as the text of an SVG element; None where it is too large for a browser to draw."""
    file = io.StringIO()
    with quiet_about_letters(), matplotlib.rc_context(SETTINGS):
        figure.savefig(file, format="svg", transparent=True, metadata=NO_METADATA)
    svg = file.getvalue()
    if len(svg) > LARGEST_SVG:
        return None
    svg = clean(svg[svg.index("<svg") :]).strip()
    return re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)


def place_svg(svg, alt, prefix):
    """An SVG element that takes the page's colours: black is ink, white is paper.

    Args:
        svg: What `draw_svg` gave.
        alt: What the plot shows, in words.
        prefix: Begins each of its identifiers, so that two plots on a page do not share one.

    Returns:
        `Markup`.
    """
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(\burl\(|\bhref=")#', rf"\1#{prefix}-", svg)
    svg = re.sub(r"((?:fill|stroke): )#000000\b", r"\1currentColor", svg)
    svg = re.sub(r"((?:fill|stroke): )#ffffff\b", r"\1var(--paper)", svg)
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1))


def plot_png(figure):
    """A figure as a PNG file on white, at twice the screen's points: `(bytes, (width, height))`."""
    file = io.BytesIO()
    with quiet_about_letters():
        figure.savefig(file, format="png", dpi=192, facecolor="white")
    width, height = _png_size(file.getvalue())
    return file.getvalue(), (width // 2, height // 2)


@contextlib.contextmanager
def quiet_about_letters():
    """matplotlib warns of letters that its own font lacks; the browser's fonts have them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield
