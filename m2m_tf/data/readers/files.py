"""Images from many image files: decoded in parallel, streamed in order, bad ones skipped."""

import collections
import contextlib
import functools
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from m2m_tf.data.convert import channel_notes
from m2m_tf.data.images import Images
from m2m_tf.data.readers.arrays import check_count, size_notes
from m2m_tf.data.readers.decode import (
    MOST,
    READS_AVIF,
    UnreadableImage,
    is_deep,
    kind_of_values,
    opened,
    outside,
    pixels,
    shape_of,
)
from m2m_tf.data.readers.met import Met
from m2m_tf.data.readers.skips import Skips
from m2m_tf.data.readers.sub_folders import labels_of_names
from m2m_tf.data.source_labels import labels_beside
from m2m_tf.data.value_range import BYTES, Like, ValueRange, like_note

EXTENSIONS = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".webp", ".bmp", ".gif", ".tif", ".tiff"),
    *([".avif"] if READS_AVIF else []),
)
# Of files that are passed over and may be pictures, too: they are counted.
UNREAD = (
    *(".avif", ".heic", ".heif", ".jp2", ".jxl", ".svg", ".psd", ".tga", ".ppm", ".pgm", ".exr"),
    *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".dcm", ".ico", ".eps", ".npy", ".mat"),
)
BYTES_LIMIT = 1 << 29  # an encoded image of 100 megapixels is smaller
_LOOKED_AT = 8
_CHUNK_IMAGES = 32
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class ImageFiles:
    """The image files of a source.

    Attributes:
        source: what they lie in, for messages.
        names: the files, in order.
        open_file: `index -> binary file`; raises `UnreadableImage` or OSError.
        content: fingerprint of names and contents.
        others: number of other files.
        unread: the endings of those among them that may be pictures, one each.
        read_labels: `() -> array (n,)`, the labels; None where they are the files' sub-folders.
    """

    source: str
    names: list
    open_file: Callable
    content: str
    others: int = 0
    unread: tuple = ()
    read_labels: Callable | None = None


def from_files(files, options):
    """Images from files.

    Args:
        files: an `ImageFiles`.
        options: a `LoadOptions`.

    Raises:
        ValueError: fewer than 2 files; another size than asked for; too many bad files (some while
            streaming).
    """
    name, names, open_file = files.source, files.names, files.open_file
    check_count(len(names), name, options.at_least)
    skips = Skips(name, names, options.max_bad, options.at_least)
    found, kind, notes, sizes = _look(name, open_file, len(names), skips)
    shape = options.settle(name, found)
    notes += [note for note in channel_notes(found[2], shape[2]) if note not in notes]
    notes += size_notes(found, shape, options.fit, sizes) + _unread_notes(files.unread)
    value_range, is_given = _range_of(options.value_range, kind, open_file, len(names))
    is_told = is_given and isinstance(options.value_range, Like)
    if is_told and (kind, value_range) != ("uint8", BYTES):
        notes.append(like_note(value_range))
    met = Met(notes, value_range)

    def range_of(image):
        return value_range if is_given or is_deep(image) else None

    decode = _decoder(files, shape, options, range_of, skips, met)
    stored = value_range and ValueRange(*value_range, 0, "whole")
    resized = options.image_size is not None
    fingerprint = options.fingerprint(files.content, shape, resized, stored)
    open_blocks, open_pairs = _openers(decode, len(names), shape)
    read_labels = files.read_labels or functools.partial(labels_of_names, names, name)
    labels = labels_beside(open_pairs, read_labels, len(names), name)
    images = Images(name, shape, len(names), fingerprint, open_blocks, notes, skips, labels)
    images.value_range, images.range_given_for = value_range or BYTES, kind if is_given else None
    return images


def _range_of(wanted, kind, open_file, count):
    """(black, white) of the stored values, or None for all that their bits hold; whether it is
    given, here or to the fit of a model: what that found holds for more than 8 bits alone."""
    if not isinstance(wanted, Like):
        return (wanted, True) if isinstance(wanted, tuple) else (None, False)
    if wanted.given_for == kind and _lie_in(wanted.pair, open_file, count):
        return wanted.pair, True
    return (wanted.pair if wanted.pair[1] > BYTES[1] else None), False


def _lie_in(pair, open_file, count):
    """Whether a few files have most of their values in a range."""
    shares = []
    for index in _spread(count):
        with contextlib.suppress(UnreadableImage, OSError):
            with open_file(index) as file, opened(file) as image:
                shares.append(outside(image, *pair)[0])
    # the median: a fit skips a few files that lie outside, and the rest must be read as it did
    return bool(shares) and bool(np.median(shares) <= MOST)


def only_files(folder, is_one, passed_over=()):
    """The files of a folder by their names, if all of them are of one kind; else none.

    Args:
        folder: a path.
        is_one: `Path -> bool`.
        passed_over: endings of files that may lie beside them.
    """
    found = []
    with contextlib.suppress(OSError):  # the reader of folders says what is wrong
        for path in Path(folder).iterdir():
            if path.name.startswith(".") or path.suffix.lower() in passed_over:
                continue
            if not is_one(path):
                return []
            found.append(path)
    return sorted(found)


def is_image_name(name):
    """Whether a file's last name is that of an image, and not a hidden one."""
    return not name.startswith(".") and name.lower().endswith(EXTENSIONS)


def unread_of(name):
    """The ending of a file's name where it may be a picture that is not read, a tuple of one."""
    ending = os.path.splitext(name)[1].lower()
    return (ending,) if ending in UNREAD else ()


def _unread_notes(unread):
    """How many files that may be pictures are passed over."""
    if not unread:
        return []
    counts = collections.Counter(unread)
    shown = ", ".join(f"{count:,} {ending}" for ending, count in counts.most_common())
    return [f"passed over {len(unread):,} files that may be pictures ({shown}): convert them first"]


def no_images(name, what):
    """The sentence for a source in which no image was found."""
    return (
        f"load expects images in {name!r}: files that end in {', '.join(EXTENSIONS)}; got {what}. "
        "Check the path, or convert the files first."
    )


def _look(name, open_file, count, skips):
    """(shape, kind of values, notes, how many sizes) by the headers of a few files: colour if any
    of them is."""
    headers = [found for index in _spread(count) if (found := _header(open_file, index, skips))]
    if not headers:
        headers = [next(filter(None, (_header(open_file, i, skips) for i in range(count))), None)]
    if headers == [None]:
        raise ValueError(f"load expects readable images; none of the {count} in {name!r} is.")
    shapes = [shape for shape, _ in headers]
    has_alpha = any(shape[2] in (2, 4) for shape in shapes)
    colours = 3 if any(shape[2] >= 3 for shape in shapes) else 1
    mixed = colours == 3 and any(shape[2] <= 2 for shape in shapes)
    notes = ["converted grey images to colour (3 equal channels)"] if mixed else []
    sizes = len({shape[:2] for shape in shapes})
    return (*shapes[0][:2], colours + has_alpha), headers[0][1], notes, sizes


def _spread(count):
    """The numbers of a few files, from the first to the last."""
    return np.unique(np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype(int)).tolist()


def _header(open_file, index, skips):
    """The shape and the kind of values of a file; None for one that cannot be read."""
    try:
        with open_file(index) as file, opened(file) as image:
            return shape_of(image), kind_of_values(image)
    except (UnreadableImage, OSError) as error:
        skips.add(index, str(error))
        return None


def _decoder(files, shape, options, range_of, skips, met):
    """`index -> uint8 image`, None for one that could not be read."""
    name, names = files.source, files.names

    def decode(index):
        try:
            with files.open_file(index) as file, opened(file) as image:
                met.header(image)
                how = (options.image_size, shape[2], options.method, options.fit)
                value_range = range_of(image)
                found = pixels(image, *how, value_range)
                met.outside(image, value_range)
        except (UnreadableImage, OSError) as error:
            skips.add(index, str(error))
            return None
        met.pixels(found)
        if found.shape != shape:
            raise ValueError(
                f"load expects images of one size, {shape[:2]} as the first of {name!r}; "
                f"{names[index]} has {found.shape[:2]}. Pass image_size=, or --image_size on the "
                "command line."
            )
        return found

    return decode


def _openers(decode, count, shape):
    """The functions that open blocks of images, and of images with their labels."""
    # several small images a call: threads that take turns at each would mostly wait for each other
    most = max(1, min(_CHUNK_IMAGES, _CHUNK_BYTES // math.prod(shape)))

    def decode_chunk(start, length):
        """The images of some files, and which of them could be read."""
        images = [decode(index) for index in range(start, min(start + length, count))]
        blank = np.zeros(shape, np.uint8)
        good = np.array([image is not None for image in images])
        return np.stack([blank if image is None else image for image in images]), good

    def read(start, length):
        images, good = tf.numpy_function(decode_chunk, [start, length], (tf.uint8, tf.bool))
        return tf.ensure_shape(images, (None, *shape)), tf.ensure_shape(good, (None,))

    def scale(images, good):
        return tf.cast(tf.boolean_mask(images, good), tf.float32) / 127.5 - 1

    def open_candidates(size, skip):
        length = max(each for each in range(1, min(most, size) + 1) if size % each == 0)
        starts = tf.data.Dataset.range(skip * size, count, length)
        chunks = starts.map(lambda start: read(start, length), os.cpu_count(), deterministic=True)
        return chunks.rebatch(size).with_options(_untuned())

    def open_blocks(size, skip):
        return open_candidates(size, skip).map(scale)

    def open_pairs(size, skip, labels):
        def pair(candidates, labels):
            return scale(*candidates), tf.boolean_mask(labels, candidates[1])

        return tf.data.Dataset.zip(open_candidates(size, skip), labels).map(pair)

    return open_blocks, open_pairs


def _untuned():
    """tf.data's tuner sleeps twice as long each time, and the end of a pass may wait for it."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return options
