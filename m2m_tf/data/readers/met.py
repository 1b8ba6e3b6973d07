"""What a pass over files meets that the headers of a few did not show, as notes."""

import threading

import numpy as np

from m2m_tf.data.convert import channel_notes
from m2m_tf.data.readers.decode import is_deep, outside
from m2m_tf.data.value_range import DARK, DEPTHS

[ON_WHITE] = channel_notes(4, 3)


class Met:
    """Looks at each file that is decoded, whichever thread does, and keeps notes up to date.

    Args:
        notes: the list of notes of the source.
        value_range: (black, white) as the user gave it; None where it is told by the files.
    """

    def __init__(self, notes, value_range=None):
        self._notes = notes
        self._given = value_range is not None
        self._highest = {"deep": -1, "pixels": -1, "outside": 0}
        self._said = {}
        self._lock = threading.Lock()

    def header(self, image):
        """Looks at an opened image: transparency, and more than 8 bits."""
        if image.has_transparency_data and ON_WHITE not in self._notes:
            with self._lock:
                if ON_WHITE not in self._notes:
                    self._notes.append(ON_WHITE)
        if is_deep(image) and not self._given:
            self._rise("deep", int(np.asarray(image).max()), _of_deep)

    def pixels(self, pixels):
        """Looks at the bytes of an image, until one is brighter than maps of classes."""
        is_open = not self._given and self._highest["deep"] < 0
        if is_open and self._highest["pixels"] < DARK:
            self._rise("pixels", int(pixels.max()), _of_dark)

    def outside(self, image, value_range):
        """Looks at how much of an image lies outside of the range that it was read in, if any."""
        if value_range is None or image.mode == "1":  # whose values no range changes
            return
        share, *ends = outside(image, *value_range)
        self._rise("outside", share, lambda share: _of_outside(share, ends, value_range))

    def _rise(self, what, highest, say):
        """Replaces a note where a higher value was met than before."""
        with self._lock:
            if highest <= self._highest[what]:
                return
            self._highest[what] = highest
            before, note = self._said.get(what), say(highest)
            if before in self._notes:
                self._notes.remove(before)
            if note and note not in self._notes:
                self._notes.append(note)
            self._said[what] = note


def _of_deep(highest):
    note = "took 16 bits a channel for [0, 65535]"
    top = next(depth for depth in (255, *DEPTHS, highest) if highest <= depth)
    if highest > DEPTHS[-2]:
        return note
    return (
        f"{note}; none of its values is above {highest:,}, so all is dark: "
        f"value_range=(0, {top}) makes {top:,} white"
    )


def _of_outside(share, ends, value_range):
    least, most = (f"[{low:g}, {high:g}]" for low, high in (value_range, ends))
    return (
        f"of one file {max(share, 0.01):.0%} of the values, which are in {most}, lie far outside "
        f"of {least} and were clipped: value_range=(black, white) says otherwise"
    )


def _of_dark(highest):
    if highest == 0 or highest >= DARK:
        return None
    if highest > 1:
        return (
            f"none of its values is above {highest} of 255, so all is dark: "
            f"value_range=(0, {highest}) makes {highest} white"
        )
    return (
        "all values are 0 or 1 of 255, nearly black, as masks are stored: value_range=(0, 1) "
        "makes 1 white"
    )
