"""The contract's checks on pixels: kind of number, range, no NaN."""

import numpy as np

from m2m_tf.data.value_range import BRIGHT, DEPTHS, Seen, kind_of, out_of_range


def check_dtype(dtype, name):
    """Raise ValueError unless images can be made of such numbers."""
    if kind_of(dtype) is None:
        is_objects = np.dtype(dtype) == object  # images of several sizes, as a rule
        mend = "Give a list: list(images)" if is_objects else "Convert: images.astype('float32')"
        raise ValueError(
            f"load expects images as uint8 in [0, 255] or as floats in [-1, 1], or as other whole "
            f"numbers, or floats of another range that can be told; got {np.dtype(dtype).name} "
            f"from {name!r}. {mend}."
        )


def look_at(images, name, start=0):
    """What is `Seen` of the values of an array (n, ...).

    Args:
        images: an array of a dtype that `check_dtype` lets pass.
        name: where the images come from.
        start: number of images before these, to name the bad one.

    Raises:
        ValueError: NaN or an infinite value.
    """
    kind = kind_of(images.dtype)
    if images.size == 0:
        return Seen(kind, np.inf, -np.inf, 0)
    low, high = float(images.min()), float(images.max())
    if not np.isfinite(low) or not np.isfinite(high):
        raise ValueError(_not_finite(images, name, start))
    if images.ndim == 4 and images.shape[3] in (2, 4):
        _check_opacity(images[..., :-1], images[..., -1], name)
    return Seen(kind, low, high, len(images))


def _check_opacity(colours, opacity, name):
    """Refuses an opacity of a lower range than the colours have: it would count as nearly 0."""
    low, high, brightest = (float(each) for each in (opacity.min(), opacity.max(), colours.max()))
    is_of_one = 0 <= low and 0 < high <= 1
    if kind_of(colours.dtype) == "float" and 0 <= low < 1 and colours.min() < -0.5:
        range_of, mend = "[-1, 1]", "opacity * 2 - 1"
    elif _is_deep(colours.dtype, brightest) and 0 <= low <= high <= 255 and 0 < high:
        top = next(depth for depth in DEPTHS if brightest <= depth)
        range_of, mend = f"[0, {top}]", f"(opacity / {1 if is_of_one else 255} * {top}).astype(int)"
    elif is_of_one and brightest >= BRIGHT:
        range_of, mend = "[0, 255]", "opacity * 255"
    else:
        return
    raise ValueError(
        f"load expects the opacity of images, their last channel, in the range of the colours, "
        f"{range_of}; got values in [{low:g}, {high:g}] from {name!r}. Give {mend}, or the "
        "colours alone: images[..., :-1]."
    )


def _is_deep(dtype, highest):
    """Whether whole numbers need so many bits that an opacity of 8 is none of theirs."""
    # of 10 bits, an opacity of 255 may well be a quarter
    return kind_of(dtype) == "whole" and DEPTHS[0] < highest <= DEPTHS[-1]


def joined(parts):
    """What is `Seen` of several parts of a source."""
    return Seen(
        parts[0].kind,
        min(part.low for part in parts),
        max(part.high for part in parts),
        sum(part.count for part in parts),
    )


def check_pixels(images, value_range, name, start=0):
    """Raise ValueError for a value outside the range that was found, NaN or infinite.

    Args:
        images: (n, ...) array.
        value_range: the `ValueRange`.
        name, start: as `look_at` takes them.
    """
    if images.dtype == np.uint8 and value_range.is_usual:
        return
    seen = look_at(images, name, start)
    if not value_range.holds(seen.low, seen.high):
        where = f" among the images from number {start} on (counted from 0)" if start else ""
        raise ValueError(
            f"{out_of_range(seen.low, seen.high, name)} Those before were taken for "
            f"[{value_range.low:g}, {value_range.high:g}]; these came{where or ' later'}."
        )


def _not_finite(images, name, start):
    flat = np.asarray(images, np.float32).reshape(len(images), -1)
    bad = int(np.argmin(np.isfinite(flat).all(axis=1)))
    kind = "NaN" if np.isnan(flat[bad]).any() else "an infinite value"
    return (
        f"load expects finite values; image {start + bad} of {name!r} (counted from 0) holds "
        f"{kind}. Leave it out, or repair it with numpy.nan_to_num."
    )
