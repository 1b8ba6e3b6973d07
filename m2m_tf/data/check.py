"""The contract's checks on pixels: kind of number, range, no NaN."""

import numpy as np

TOLERANCE = 1e-4  # float16 and resampling round a little past 1; clipped, not refused


def check_dtype(dtype, name):
    """Raise ValueError unless the dtype is uint8 or floating."""
    dtype = np.dtype(dtype)
    # bfloat16 is a kind of its own to NumPy
    if dtype != np.uint8 and dtype.kind != "f" and dtype.name != "bfloat16":
        raise ValueError(
            f"load expects images as uint8 in [0, 255] or as floats in [-1, 1]; got {dtype.name} "
            f"from {name!r}. Convert first: images.astype('uint8') if the values lie in [0, 255]."
        )


def check_pixels(images, name, start=0):
    """Raise ValueError for a value outside [-1, 1], NaN or infinite; uint8 always passes.

    Args:
        images: (n, ...) array of a dtype that `check_dtype` lets pass.
        name: where the images come from.
        start: number of images before these, to name the bad one.

    Returns:
        (lowest, highest) value, or None for uint8 or no image at all.
    """
    if images.dtype == np.uint8 or images.size == 0:
        return None
    low, high = float(images.min()), float(images.max())
    if not np.isfinite(low) or not np.isfinite(high):
        raise ValueError(_not_finite(images, name, start))
    if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(_out_of_range(low, high, images.dtype, name))
    return low, high


def _not_finite(images, name, start):
    flat = np.asarray(images, np.float32).reshape(len(images), -1)
    bad = int(np.argmin(np.isfinite(flat).all(axis=1)))
    kind = "NaN" if np.isnan(flat[bad]).any() else "an infinite value"
    return (
        f"load expects finite values; image {start + bad} of {name!r} (counted from 0) holds "
        f"{kind}. Leave it out, or repair it with numpy.nan_to_num."
    )


def _out_of_range(low, high, dtype, name):
    mend = "Rescale them so that black is -1 and white is 1."
    if low >= 0 and high <= 255:
        mend = "Convert first: images.astype('uint8'), or images / 127.5 - 1."
    return (
        f"load expects uint8 in [0, 255] or floats in [-1, 1]; got {np.dtype(dtype).name} values "
        f"in [{low:g}, {high:g}] from {name!r}. {mend}"
    )
