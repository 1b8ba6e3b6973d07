"""HTML elements out of text that may hold anything."""

import html
import re

# What HTML cannot hold: control characters, and halves of pairs (from undecodable file names).
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
VOID = ("img", "meta")


class Markup(str):
    """Text that is HTML already."""


def clean(text):
    """The text with a replacement character for each that no page can show."""
    text = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("\ufffd", text)


def escape(text):
    """The text as HTML that shows it; `Markup` stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(clean(text), quote=True))


def tag(name, /, *parts, **attributes):
    """An element.

    Args:
        name: The element's name.
        *parts: What it holds: text, which is escaped, or `Markup`.
        **attributes: Its attributes: `class_` for `class`, `aria_label` for `aria-label`; those of
            value None are left out.

    Returns:
        `Markup`.

    Example:
        >>> tag("p", "1 < 2", class_="note")
        '<p class="note">1 &lt; 2</p>'
    """
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    shown = "".join(f' {key}="{escape(value)}"' for key, value in pairs if value is not None)
    if name in VOID:
        return Markup(f"<{name}{shown}>")
    return Markup(f"<{name}{shown}>{''.join(map(escape, parts))}</{name}>")
