"""What the caller wants of the images, checked once and settled against what the source holds."""

import dataclasses
import hashlib
import numbers

from m2m_tf.checks import check_number, check_whole
from m2m_tf.data.value_range import check_value_range

METHODS = ("area", "lanczos")
FITS = ("crop", "pad", "stretch")


@dataclasses.dataclass(frozen=True)
class LoadOptions:
    """The options of `load`: shape to give, how to resize, how many bad files to bear, range."""

    image_shape: tuple | None = None
    image_size: tuple | None = None
    channels: int | None = None
    method: str = "area"
    max_bad: float = 0.05
    at_least: int = 2
    fit: str = "crop"
    value_range: object = "auto"

    @classmethod
    def of(cls, image_shape, image_size, channels, method, max_bad, at_least, fit="crop"):
        """Check the arguments of `load`; raises ValueError on the first that makes no sense."""
        if image_shape is not None:
            image_shape = _shape(image_shape)
            if channels is not None and channels != image_shape[2]:
                raise ValueError(
                    f"load expects channels={image_shape[2]}, as image_shape={image_shape} says; "
                    f"got channels={channels!r}. Leave channels out."
                )
            channels = image_shape[2]
        return cls(
            image_shape,
            size_of(image_size),
            channels_of(channels),
            method_of(method),
            _share(max_bad),
            max(1, check_whole("load expects at_least, which", at_least, at_least=0)),
            fit_of(fit),
        )

    def settle(self, name, found):
        """The (height, width, channels) to give, from those found; ValueError if they disagree."""
        size = self.image_size or tuple(found[:2])
        channels = self.channels or (1 if found[2] <= 2 else 3)
        if self.image_shape is not None and size != self.image_shape[:2]:
            raise ValueError(self._disagreement(name, tuple(found)))
        return (*size, channels)

    def _disagreement(self, name, found):
        height, width, channels = self.image_shape
        got = found if self.image_size is None else f"image_size={self.image_size}"
        size = height if height == width else (height, width)
        flag = f"--image_size={size}" if height == width else f"--image_size={height}x{width}"
        return (
            f"load expects images of shape {self.image_shape}, as the autoencoder takes them; got "
            f"{got} from {name!r}. Resize and convert first: m2m.data.resize(images, "
            f"({height}, {width}), channels={channels}), or m2m.data.load(..., image_size={size}), "
            f"or pass {flag} on the command line."
        )

    def with_range(self, value_range):
        """The same options, with a range that is checked."""
        return dataclasses.replace(self, value_range=check_value_range(value_range))

    def fingerprint(self, content, image_shape, resized, value_range=None):
        """sha256 of the content's own fingerprint and of what is made of it."""
        how = self.method if self.fit == "crop" else f"{self.method} {self.fit}"
        made = f"{content} {tuple(image_shape)} {how if resized else ''}"
        if value_range is not None and not value_range.is_usual:
            made += f" {value_range.pair}"
        return hashlib.sha256(made.encode()).hexdigest()


def check_loading(image_size=None, resize="area", fit="crop", value_range=None):
    """Refuses what `load` would not take; returns its keyword arguments.

    A range is among them where one is given, `"auto"` included.
    """
    checked = {"image_size": size_of(image_size), "resize": method_of(resize), "fit": fit_of(fit)}
    if value_range is not None:
        checked["value_range"] = check_value_range(value_range)
    return checked


def size_of(size):
    """(height, width) from an int or a pair, or None."""
    if size is None:
        return None
    pair = (size, size) if not hasattr(size, "__len__") else tuple(size)
    if len(pair) != 2 or not all(map(_is_side, pair)):
        raise ValueError(
            f"load expects image_size as a positive int or (height, width); got {size!r}."
        )
    return int(pair[0]), int(pair[1])


def _is_side(side):
    """Whether it is a whole number above 0, 64.0 included."""
    is_number = isinstance(side, numbers.Real) and not isinstance(side, bool)
    return is_number and side >= 1 and side == side // 1


def channels_of(channels):
    """1, 3 or None."""
    if channels is not None and not (_is_side(channels) and channels in (1, 3)):
        raise ValueError(f"load expects channels=1 (grey) or 3 (colour); got {channels!r}.")
    return channels and int(channels)


def method_of(method):
    """The name of a way to shrink."""
    if method not in METHODS:
        raise ValueError(f"load expects resize to be one of {METHODS}; got {method!r}.")
    return method


def fit_of(fit):
    """The name of a way to bring an image to another aspect ratio."""
    if fit not in FITS:
        raise ValueError(f"load expects fit to be one of {FITS}; got {fit!r}.")
    return fit


def _shape(image_shape):
    shape = tuple(image_shape) if hasattr(image_shape, "__len__") else ()
    if len(shape) != 3 or not all(map(_is_side, shape)) or shape[2] not in (1, 3):
        raise ValueError(
            "load expects image_shape=(height, width, channels) with 1 or 3 channels; "
            f"got {image_shape!r}."
        )
    return tuple(int(side) for side in shape)


def _share(max_bad):
    said = "load expects max_bad, the share of files that may be bad, in [0, 1]"
    check_number(said, max_bad, most=1)
    return float(max_bad)
