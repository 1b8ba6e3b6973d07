"""Images from a tf.data.Dataset that the user made: batched or not, with or without labels."""

import dataclasses
import threading
import uuid
import weakref

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import joined, look_at
from m2m_tf.data.convert import (
    channel_notes,
    channels_last,
    convert,
    has_channels_first,
    with_axis,
)
from m2m_tf.data.errors import clear_errors
from m2m_tf.data.images import IGNORED_LABELS, Images
from m2m_tf.data.readers.arrays import FIRST, check_count, mapped, size_notes
from m2m_tf.data.readers.elements import (
    image_path,
    images_with_labels,
    label_path,
    only_images,
    weight_notes,
)
from m2m_tf.data.source_labels import SourceLabels
from m2m_tf.data.value_range import ValueRange, find_range, is_dark, is_decided

LABEL_FIRST = "took the second part of each element for the image and the first for its label"
_LOOKED_AT = 256  # images at most, until their range is certain; it is checked in the whole pass
_tokens = weakref.WeakKeyDictionary()
_tokens_lock = threading.Lock()


def from_dataset(dataset, options, name="dataset", content=None):
    """Images from a tf.data.Dataset of images, (images, labels) or {"image": images, ...}.

    Args:
        dataset: elements (h, w), (h, w, c), (batch, h, w) or (batch, h, w, c); uint8 or floats.
        options: a `LoadOptions`.
        name: for messages.
        content: a fingerprint of the content; by default a token that the Dataset object keeps.

    Raises:
        ValueError: at once for what the first elements show, while streaming for the rest.
    """
    is_stream, content = content is None, content or token_of(dataset)
    images = only_images(dataset, name)
    where = image_path(dataset.element_spec, name)
    notes = [IGNORED_LABELS] if len(tf.nest.flatten(dataset.element_spec)) > 1 else []
    notes += weight_notes(dataset.element_spec)
    if where[:1] == (1,):
        notes.append(LABEL_FIRST)
    if images.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError(
            f"load expects a tf.data.Dataset that ends, to encode it once; {name!r} repeats for "
            "ever. Remove .repeat()."
        )
    first = peek(images, name, options)
    shape = options.settle(name, first.shape)
    notes += channel_notes(first.shape[2], shape[2]) + size_notes(first.shape, shape, options.fit)
    notes += first.notes
    open_elements = _opener(first, _converter(shape, name, options, first, notes), shape)
    labels = SourceLabels(
        lambda size, skip: open_elements(images_with_labels(dataset, name), size, skip),
        lambda: _check_labelled(dataset, name),
    )
    loaded = Images(
        name,
        shape,
        _count(images, first.batched),
        options.fingerprint(content, shape, shape[:2] != first.shape[:2], first.value_range),
        lambda size, skip: open_elements(images, size, skip),
        notes,
        labels=labels,
    )
    loaded.value_range, loaded.range_given_for = first.value_range.pair, first.value_range.given_for
    loaded.is_stream, loaded.ends = is_stream, bool(images.cardinality() >= 0)
    return loaded


def _check_labelled(dataset, name):
    """Refuses a dataset without labels; those of one that has some are known only by reading it."""
    label_path(dataset.element_spec, name)


def is_batched(shape):
    """Whether elements of this known shape are batches: (b, h, w, c) or (b, h, w)."""
    return len(shape) == 4 or (len(shape) == 3 and shape[2] not in (1, 3, 4))


def token_of(dataset):
    """A name for this very Dataset object: its content is known only by reading it."""
    with _tokens_lock:
        return _tokens.setdefault(dataset, uuid.uuid4().hex)


@dataclasses.dataclass(frozen=True)
class First:
    """What the first elements of a dataset tell of all of them.

    Attributes:
        batched: whether the elements are batches.
        length: images in the first one.
        shape: (height, width, channels) of its images.
        channels_first: whether they come as (channels, height, width).
        value_range: the `ValueRange`.
        notes: sentences about them.
    """

    batched: bool
    length: int
    shape: tuple
    channels_first: bool
    value_range: ValueRange
    notes: list

    def turned(self, batch):
        """A batch of images with their channels last."""
        return channels_last(batch) if self.channels_first else batch


def peek(images, name, options):
    """The `First` of a dataset, checked."""
    with clear_errors():
        elements = (element.numpy() for element in images)
        first = next(elements, None)
        if first is None:
            check_count(0, name, max(1, options.at_least))
        _check_element(first, name)
        channels_first = _is_channels_first(first.shape, images.element_spec)
        batched = is_batched(first.shape) and not (channels_first and first.ndim == 3)
        seen = look_at(first if batched else first[np.newaxis], name)
        for element in elements:
            batch = element if batched else element[np.newaxis]
            seen = joined([seen, look_at(batch, name, seen.count)])
            # maps of classes are dark, and so are the first photographs of a night
            told = is_decided(seen, options.value_range) and not is_dark(seen)
            if told or seen.count >= _LOOKED_AT:
                break
    check_count(seen.count, name, max(1, options.at_least))
    value_range, said = find_range(seen, name, options.value_range)
    notes = [FIRST] * channels_first + [said] * bool(said)
    batch = first if batched else first[np.newaxis]
    batch = channels_last(batch) if channels_first else batch
    shape = with_axis(batch).shape[1:]
    return First(batched, len(batch), shape, channels_first, value_range, notes)


def _check_element(first, name):
    axes = (1, 3, 4)
    if first.ndim not in (2, 3, 4) or (
        first.ndim == 4 and first.shape[3] not in axes and first.shape[1] not in axes
    ):
        raise ValueError(
            "load expects a tf.data.Dataset of images (height, width, 1 or 3 channels), batched or "
            f"not; got elements of shape {first.shape} from {name!r}. Reshape them with .map first."
        )


def _is_channels_first(shape, spec):
    """Whether elements are (channels, h, w) or batches of them; (n, h, w) is a batch of grey ones.

    Of three axes the first is channels where it is 3 or 4 in each element.
    """
    if len(shape) < 3 or not has_channels_first(shape):
        return False
    fixed = spec.shape.rank is None or spec.shape[0] is not None
    return len(shape) == 4 or (fixed and shape[0] in (3, 4))


def _count(images, batched):
    count = int((images.unbatch() if batched else images).cardinality())
    return count if count >= 0 else None


def _converter(shape, name, options, first, notes):
    """The function from (number of images before, batch) to the contract."""
    lock = threading.Lock()

    def say(channels):
        with lock:
            notes.extend(each for each in channel_notes(channels, shape[2]) if each not in notes)

    def convert_batch(start, batch):
        batch = first.turned(batch)
        got = with_axis(batch).shape[1:]
        if got[:2] != tuple(first.shape[:2]) and options.image_size is None:
            raise ValueError(
                f"load expects images of one size, {first.shape[:2]} as the first; image {start} "
                f"of {name!r} has {got[:2]}. Pass image_size=, or --image_size on the command line."
            )
        say(got[2])
        how = (options.method, start, options.fit, first.value_range)
        return convert(batch, shape, name, *how)

    return convert_batch


def _opener(first, convert_batch, shape):
    """`(elements, size, skip) -> dataset`: converted a batch at a time wherever sizes allow it.

    The elements are images, or pairs of images and labels.
    """
    contract = mapped(convert_batch, (None, *shape))

    def convert_each(elements, length):
        def convert_numbered(i, element):
            image, *label = element if isinstance(element, tuple) else (element,)
            converted = contract(i * length, image)
            return (converted, *map(_with_rows, label)) if label else converted

        return elements.enumerate().map(convert_numbered, tf.data.AUTOTUNE, deterministic=True)

    def open_all(elements, size):
        if first.batched:
            return convert_each(elements, first.length).rebatch(size)
        image = tf.nest.flatten(elements.element_spec)[0]
        if image.shape.is_fully_defined():
            return convert_each(elements.batch(size), size)
        return convert_each(elements.map(_as_batch), 1).unbatch().batch(size)

    return lambda elements, size, skip: open_all(elements, size).skip(skip)


def _with_rows(label):
    """Labels of a batch: (1, h, w) may be one grey image, as torch has them, with a label alone."""
    return label[tf.newaxis] if label.shape.rank == 0 else label


def _as_batch(*element):
    """A batch of one."""
    batch = tuple(part[tf.newaxis] for part in element)
    return batch if len(batch) > 1 else batch[0]
