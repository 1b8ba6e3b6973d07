"""The sizes of a pair: which strides, channels and maps lie between an image and its code."""

import dataclasses
import math

from m2m_tf.checks import check_whole

FIRST_MAP = 64  # pixels: the first convolution shrinks the image to this, where its sides allow it
SMALLEST_MAP = 8  # pixels: for a code vector, convolutions stop halving the image here
THUMBNAIL = 32  # pixels: the linear path to a vector sees the image at most this large
PATCH = 16  # pixels: the linear path to a map sees the patch of one place at most this large
FEWEST_LAST = 8  # channels of the last map, which is as large as the image


@dataclasses.dataclass(frozen=True)
class Plan:
    """The sizes of a pair.

    Attributes:
        image_shape: `(height, width, channels)`.
        code_shape: `(dim,)` or `(height, width, channels)`.
        width: Channels of the finest convolution.
        first_stride: By how much the first convolution shrinks the image; all others halve it.
        filters: Channels after each of them.
        thumbnail_factor: By how much the linear path shrinks the image.
    """

    image_shape: tuple
    code_shape: tuple
    width: int
    first_stride: int
    filters: tuple
    thumbnail_factor: int

    @property
    def is_map(self):
        """Whether codes are maps."""
        return len(self.code_shape) == 3

    @property
    def shrinkage(self):
        """By how much all convolutions shrink the image."""
        return self.first_stride * 2 ** (len(self.filters) - 1)

    @property
    def smallest_map(self):
        """The shape after the last convolution that shrinks."""
        height, length, _ = self.image_shape
        return height // self.shrinkage, length // self.shrinkage, self.filters[-1]

    @property
    def thumbnail_shape(self):
        """The shape of the image as the linear path sees it."""
        height, length, channels = self.image_shape
        return height // self.thumbnail_factor, length // self.thumbnail_factor, channels

    @property
    def patch(self):
        """The side, in the thumbnail's pixels, of what one place of a code map stands for."""
        return self.shrinkage // self.thumbnail_factor

    @property
    def enlargements(self):
        """The decoder's `(channels, stride)`, from the smallest map to the image's size."""
        halvings = [(filters, 2) for filters in reversed(self.filters[:-1])]
        last = max(min(self.width, FEWEST_LAST), 2 * self.width // self.first_stride)
        return [*halvings, (last, self.first_stride)]


def plan_pair(image_shape, code_shape, width):
    """Plans a pair.

    Raises:
        ValueError: If the image or the code has a shape outside the family.
    """
    image_shape, code_shape = tuple(image_shape), tuple(code_shape)
    _check_image_shape(image_shape)
    shrinkage = _shrinkage_of(image_shape, code_shape)
    stride = _first_stride(image_shape, shrinkage)
    if shrinkage is None:
        halvings, factor = _halvings(image_shape, stride), _thumbnail_factor(image_shape)
    else:
        halvings, factor = int(math.log2(shrinkage // stride)), max(1, shrinkage // PATCH)
        _check_channels(image_shape, code_shape, shrinkage // factor)
    filters = tuple(width * min(2**index, 4) for index in range(1 + halvings))
    return Plan(image_shape, code_shape, width, stride, filters, factor)


def _shrinkage_of(image_shape, code_shape):
    """The image's sides over those of a code map; None for a vector."""
    if len(code_shape) == 1:
        check_whole("code_dim", code_shape[0])
        return None
    shrinkage = image_shape[0] // max(1, code_shape[0]) if len(code_shape) == 3 else 0
    fits = (
        len(code_shape) == 3
        and shrinkage >= 2
        and shrinkage & (shrinkage - 1) == 0
        and tuple(shrinkage * side for side in code_shape[:2]) == image_shape[:2]
        and code_shape[2] >= 1
    )
    if not fits:
        maps = ", ".join(
            f"({image_shape[0] // s}, {image_shape[1] // s}, channels)"
            for s in _powers(image_shape)
        )
        raise ValueError(
            "build_pair expects a code_shape (dim,), or a map whose sides are the image's divided "
            f"by the same power of 2; for images {image_shape} one of {maps}; got {code_shape}."
        )
    return shrinkage


def _powers(image_shape):
    """The powers of 2 by which both sides can be divided."""
    power = 2
    while all(side % power == 0 for side in image_shape[:2]):
        yield power
        power *= 2


def _first_stride(image_shape, shrinkage):
    stride, longest = 2, max(image_shape[:2])
    for power in _powers(image_shape):
        if longest / stride > FIRST_MAP and (shrinkage is None or shrinkage % power == 0):
            stride = max(stride, power)
    return stride


def _halvings(image_shape, stride):
    """After the first convolution: one at least, then until the map is 8 pixels or odd."""
    halvings, sides = 0, [side // stride for side in image_shape[:2]]
    while halvings < 1 or (min(sides) > SMALLEST_MAP and not any(s % 2 for s in sides)):
        halvings += 1
        sides = [side // 2 for side in sides]
    return halvings


def _thumbnail_factor(image_shape):
    factor, longest = 1, max(image_shape[:2])
    while longest / factor > THUMBNAIL and all(
        side % (factor * 2) == 0 for side in image_shape[:2]
    ):
        factor *= 2
    return factor


def _check_image_shape(image_shape):
    sides = image_shape[:2]
    if len(image_shape) != 3 or image_shape[2] not in (1, 3) or any(s % 4 or s < 8 for s in sides):
        raise ValueError(
            "build_pair expects an image_shape (height, width, channels) with sides that are "
            f"multiples of 4, 8 or more, and 1 or 3 channels; got {image_shape}. Resize the "
            "images first: m2m.data.resize(images, size), or pass --image_size on the command line."
        )


def _check_channels(image_shape, code_shape, patch):
    values = patch * patch * image_shape[2]
    if code_shape[2] > values:
        raise ValueError(
            f"A code map of {code_shape[2]} channels holds more than the {values} values of the "
            f"patch that each of its places stands for; give {values} channels or fewer."
        )
