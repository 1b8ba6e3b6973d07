"""Which values of a source are black and white: told by the values, or by the user."""

import dataclasses
import numbers

import numpy as np

CONTRACT = (-1.0, 1.0)
BYTES = (0.0, 255.0)
UNIT = (0.0, 1.0)
HALVES = (-0.5, 0.5)
DEPTHS = (1023, 4095, 16383, 65535)  # the highest value of 10, 12, 14 and 16 bits
LEAST = 32  # images: fewer may be bright or dark by chance
TOLERANCE = 1e-4  # float16 and resampling round a little past 1; clipped, not refused
SLACK = 0.1  # of the width of a range: what resampling overshoots; clipped, too
REACHED = 0.05  # how near to black the darkest of many images comes
BRIGHT = 64  # of 255: what the brightest value of many images reaches
DARK = 32  # of 255: what no value of maps of classes reaches, as a rule


@dataclasses.dataclass(frozen=True)
class Seen:
    """The values of images, as far as they were looked at.

    Attributes:
        kind: `"float"`, `"whole"`, `"uint8"` or `"bool"`.
        low, high: The lowest and the highest.
        count: How many images.
    """

    kind: str
    low: float
    high: float
    count: int


@dataclasses.dataclass(frozen=True)
class ValueRange:
    """The values that are black and white.

    Attributes:
        low, high: Black and white.
        slack: By how much values may lie outside; they are clipped.
        kind: That of the values, see `Seen`.
        is_given: Whether the user gave it, to this call or to the fit of a model.
    """

    low: float
    high: float
    slack: float
    kind: str
    is_given: bool = False

    @property
    def pair(self):
        """`(low, high)`."""
        return (self.low, self.high)

    @property
    def given_for(self):
        """The kind of values that it was given for; None for a range that was found."""
        return self.kind if self.is_given else None

    @property
    def is_usual(self):
        """Whether values of this kind have this range where nothing is said."""
        return self.pair == (BYTES if self.kind == "uint8" else CONTRACT)

    def holds(self, low, high):
        """Whether all values from `low` to `high` lie inside."""
        return low >= self.low - self.slack and high <= self.high + self.slack

    def scaled(self, images):
        """Values of the range as float32 in [-1, 1]."""
        images = images.astype(np.float32)
        if self.pair != CONTRACT:
            images -= np.float32(self.low)
            images *= np.float32(2 / (self.high - self.low))
            images -= 1
        return np.clip(images, -1, 1, out=images)

    def unscaled(self, images, dtype):
        """Floats in [-1, 1] as values of the range again: whole numbers, or float32."""
        if self.pair != CONTRACT:
            images = (images + 1) * ((self.high - self.low) / 2) + self.low
        if self.kind == "float":
            return images.astype(np.float32)
        return np.rint(images).astype(dtype)


@dataclasses.dataclass(frozen=True)
class Like:
    """`"auto"` for a model that was fitted to images of a range: it decides what else would not.

    Attributes:
        pair: The `(low, high)` that the model was fitted to.
        given_for: The kind of those values, see `Seen`, where the user gave the range: it then
            decides for all of that kind that lie in it. None where it was found.
    """

    pair: tuple
    given_for: str | None = None

    def decides(self, seen):
        """Whether values are to be read as those for which the range was given."""
        if seen.kind != self.given_for or not _given(self.pair, seen.kind).holds(
            seen.low, seen.high
        ):
            return False
        is_of_one = seen.kind == "float" and seen.high <= 1 + SLACK  # floats have two scales
        return not (is_of_one and self.pair[1] >= BRIGHT)


def like(record):
    """`"auto"`, or `Like` what a model's `trained_on` says."""
    record = record or {}
    if record.get("value_range") is None:
        return "auto"
    return Like(tuple(map(float, record["value_range"])), record.get("range_given_for"))


def check_value_range(value_range):
    """Returns `"auto"`, a `Like`, or `(low, high)` as floats; refuses everything else."""
    if isinstance(value_range, Like) or (isinstance(value_range, str) and value_range == "auto"):
        return value_range
    pair = tuple(value_range) if isinstance(value_range, (tuple, list)) else ()
    if len(pair) != 2 or not all(_is_number(each) for each in pair) or not pair[0] < pair[1]:
        raise ValueError(
            "value_range is 'auto', or the values that are black and white, such as (0, 1), "
            f"(-1, 1) or (0, 255); got {value_range!r}."
        )
    return float(pair[0]), float(pair[1])


def kind_of(dtype):
    """`"float"`, `"whole"`, `"uint8"` or `"bool"`; None for what images are not made of."""
    dtype = np.dtype(dtype)
    if dtype == np.uint8:
        return "uint8"
    if dtype.kind == "f" or dtype.name == "bfloat16":  # which is a kind of its own to NumPy
        return "float"
    return {"b": "bool", "i": "whole", "u": "whole"}.get(dtype.kind)


def is_decided(seen, value_range="auto"):
    """Whether no further images of the source would change what its range is found to be."""
    low, high = seen.low, seen.high
    if isinstance(value_range, Like) and value_range.decides(seen):
        return False  # others may lie outside
    if seen.kind in ("bool", "uint8"):
        return seen.kind == "bool" or high > 1
    if seen.kind == "whole":
        return high > DEPTHS[-2]
    return low < -0.6 or (high >= BRIGHT and seen.count >= LEAST)


def is_dark(seen):
    """Whether bytes are so low as those of maps of classes, and of very dark photographs."""
    return seen.kind == "uint8" and 1 < seen.high < DARK


def find_range(seen, name, value_range="auto"):
    """The range of a source, and what is to be said of it.

    Args:
        seen: What was `Seen` of its values.
        name: The source, for messages.
        value_range: What `check_value_range` returned.

    Returns:
        The `ValueRange`; a note, or None where the range is the one that values of their kind have
        anyway and not all is dark, or was given to this call.

    Raises:
        ValueError: no range fits, several do, or not the one that was given.
    """
    if isinstance(value_range, tuple):
        return given_range(seen, name, value_range), None
    if isinstance(value_range, Like) and value_range.decides(seen):
        found = _given(value_range.pair, seen.kind)
        return found, None if found.is_usual else like_note(value_range.pair)
    fitting, sure = _fitting(seen)
    if not fitting:
        raise ValueError(out_of_range(seen.low, seen.high, name))
    if not sure:
        wanted = value_range.pair if isinstance(value_range, Like) else None
        if wanted not in fitting:
            raise ValueError(_cannot_tell(seen, name, fitting))
        fitting = [wanted]
    found = _range(fitting[0], seen.kind)
    if is_dark(seen) and seen.count >= LEAST:
        return found, _dark_note(seen)
    doubt = found.pair == CONTRACT and seen.low > -0.6 and seen.high < 0.6
    return found, None if found.is_usual and not doubt else _note(seen, found)


def given_range(seen, name, pair):
    """The `ValueRange` that the user gave.

    Raises:
        ValueError: values lie outside it.
    """
    found = _given(pair, seen.kind)
    if not found.holds(seen.low, seen.high):
        raise ValueError(
            f"load expects values in [{pair[0]:g}, {pair[1]:g}], as value_range says; got values "
            f"in [{seen.low:g}, {seen.high:g}] from {name!r}. Give the values that are black and "
            "white there, or leave value_range out."
        )
    return found


def out_of_range(low, high, name):
    """The sentence for values that no range fits."""
    return (
        "load expects uint8 in [0, 255], floats in [-1, 1], [0, 1] or [0, 255], or whole numbers "
        f"of a range that can be told; got values in [{low:g}, {high:g}] from {name!r}. Say which "
        "are black and white: value_range=(black, white), here or in m2m.data.load(...)."
    )


def like_note(pair):
    """What is said of values that are read as those of a model's fit."""
    return (
        f"values were taken for [{pair[0]:g}, {pair[1]:g}], as the model's fit was told; "
        "value_range=(black, white) says otherwise"
    )


def _given(pair, kind):
    return ValueRange(*pair, SLACK * (pair[1] - pair[0]), kind, is_given=True)


def _range(pair, kind):
    slack = TOLERANCE if pair == CONTRACT else SLACK * (pair[1] - pair[0])
    return ValueRange(*pair, slack, kind)


def _fitting(seen):
    """The ranges that values may have, the likeliest first, and whether that one is sure."""
    if seen.kind == "bool":
        return [UNIT], True
    if seen.kind == "uint8":
        masks = seen.high == 1
        return ([UNIT, BYTES], seen.count >= LEAST) if masks else ([BYTES], True)
    if seen.kind == "whole":
        return _fitting_whole(seen)
    return _fitting_floats(seen.low, seen.high, seen.count >= LEAST)


def _fitting_whole(seen):
    low, high, many = seen.low, seen.high, seen.count >= LEAST
    if low < 0:
        return ([CONTRACT], True) if (low, high) == (-1, 1) else ([], False)
    if high <= 1:
        return [UNIT, BYTES], many and high == 1
    if high <= 255:
        return [BYTES, (0.0, 65535.0)], high >= BRIGHT
    top = next((depth for depth in DEPTHS if high <= depth), None)
    if top is None:
        return [], False
    full = (0.0, float(DEPTHS[-1]))
    if top == DEPTHS[-1]:
        return [full], high > top / 2
    return [(0.0, float(top)), full], many and high > top / 2


def _fitting_floats(low, high, many):
    """The same of floats; slightly more than a range is what resampling leaves of it."""
    if -SLACK <= low and high <= 1 + SLACK:
        fitting = [UNIT, CONTRACT] if high <= 1 + TOLERANCE else [UNIT]
        return fitting, many and low <= REACHED and high - low >= SLACK
    if low >= -1 - TOLERANCE and high <= 1 + TOLERANCE:
        halves = -0.5 - TOLERANCE <= low <= -0.49 and 0.49 <= high <= 0.5 + TOLERANCE
        return ([HALVES, CONTRACT], many) if halves else ([CONTRACT], True)
    bright = BRIGHT if low >= 0 else 200
    if -SLACK * 255 <= low and bright <= high <= (1 + SLACK) * 255:
        return [BYTES], many
    return [], False


def _note(seen, found):
    return (
        f"values in [{seen.low:g}, {seen.high:g}] were taken for [{found.low:g}, {found.high:g}]: "
        f"{found.low:g} is black and {found.high:g} white; value_range=(black, white) says "
        "otherwise"
    )


def _dark_note(seen):
    return (
        f"values in [{seen.low:g}, {seen.high:g}] were taken for [0, 255], so all is dark: "
        f"value_range=(0, {seen.high:g}) makes {seen.high:g} white"
    )


def _cannot_tell(seen, name, fitting):
    shown = " or ".join(f"({low:g}, {high:g})" for low, high in fitting)
    few = f" Fewer than {LEAST} images do not tell." if seen.count < LEAST else ""
    return (
        f"load cannot tell which values are black and white: those of {name!r} lie in "
        f"[{seen.low:g}, {seen.high:g}], which fits {shown}.{few} Say it: value_range="
        f"({fitting[0][0]:g}, {fitting[0][1]:g}), here or in m2m.data.load(...). Or scale them to "
        "[-1, 1], a tf.data.Dataset by dataset.map(lambda image: "
        f"{_to_contract(*fitting[0])})."
    )


def _to_contract(low, high):
    """What takes a tensor of the range to [-1, 1], as code."""
    middle, half = (low + high) / 2, (high - low) / 2
    moved = f"tf.cast(image, tf.float32) - {middle:g}" if low + half else "image"
    return f"({moved}) / {half:g}"


def _is_number(value):
    return isinstance(value, numbers.Real) and np.isfinite(value)
