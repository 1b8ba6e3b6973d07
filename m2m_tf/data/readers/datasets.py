"""Images from a tf.data.Dataset that the user made: batched or not, with or without labels."""

import threading
import uuid
import weakref

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import check_pixels
from m2m_tf.data.convert import channel_notes, convert, with_axis
from m2m_tf.data.images import IGNORED_LABELS, Images
from m2m_tf.data.readers.arrays import check_count, mapped, size_notes
from m2m_tf.data.readers.elements import (
    image_path,
    images_with_labels,
    label_path,
    only_images,
)
from m2m_tf.data.source_labels import SourceLabels

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
    content = content or token_of(dataset)
    images = only_images(dataset, name)
    notes = [IGNORED_LABELS] if image_path(dataset.element_spec, name) else []
    if images.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError(
            f"load expects a tf.data.Dataset that ends, to encode it once; {name!r} repeats for "
            "ever. Remove .repeat()."
        )
    first, batched = peek(images, name, options.at_least)
    found = with_axis(first).shape[1:]
    shape = options.settle(name, found)
    notes += channel_notes(found[2], shape[2]) + size_notes(found, shape, options.fit)
    convert_one = _converter(shape, name, options, found)
    open_elements = _opener(batched, len(first), convert_one, shape)
    labels = SourceLabels(
        lambda size, skip: open_elements(images_with_labels(dataset, name), size, skip),
        lambda: _check_labelled(dataset, name),
    )
    return Images(
        name,
        shape,
        _count(images, batched),
        options.fingerprint(content, shape, shape[:2] != found[:2]),
        lambda size, skip: open_elements(images, size, skip),
        notes,
        labels=labels,
    )


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


def peek(images, name, at_least=1):
    """(the first images as a batch, whether the elements are batches), checked."""
    elements = [element.numpy() for element in images.take(2)]
    if not elements:
        check_count(0, name, max(1, at_least))
    first = elements[0]
    if first.ndim not in (2, 3, 4) or (first.ndim == 4 and first.shape[3] not in (1, 3, 4)):
        raise ValueError(
            "load expects a tf.data.Dataset of images (height, width, 1 or 3 channels), batched or "
            f"not; got elements of shape {first.shape} from {name!r}. Reshape them with .map first."
        )
    batched = is_batched(first.shape)
    seen = sum(len(e) for e in elements) if batched else len(elements)
    check_count(seen, name, at_least)
    first = first if batched else first[np.newaxis]
    check_pixels(first, name)
    return first, batched


def _count(images, batched):
    count = int((images.unbatch() if batched else images).cardinality())
    return count if count >= 0 else None


def _converter(shape, name, options, found):
    """The function from (number of images before, batch) to the contract."""

    def convert_batch(start, batch):
        got = with_axis(batch).shape[1:]
        if got[:2] != tuple(found[:2]) and options.image_size is None:
            raise ValueError(
                f"load expects images of one size, {tuple(found[:2])} as the first; image {start} "
                f"of {name!r} has {got[:2]}. Pass image_size=, or --image_size on the command line."
            )
        return convert(batch, shape, name, options.method, start, options.fit)

    return convert_batch


def _opener(batched, first_length, convert_batch, shape):
    """`(elements, size, skip) -> dataset`: converted a batch at a time wherever sizes allow it.

    The elements are images, or pairs of images and labels.
    """
    contract = mapped(convert_batch, (None, *shape))

    def convert_each(elements, length):
        def convert_numbered(i, element):
            image, *label = element if isinstance(element, tuple) else (element,)
            converted = contract(i * length, image)
            return (converted, *label) if label else converted

        return elements.enumerate().map(convert_numbered, tf.data.AUTOTUNE, deterministic=True)

    def open_all(elements, size):
        if batched:
            return convert_each(elements, first_length).rebatch(size)
        image = tf.nest.flatten(elements.element_spec)[0]
        if image.shape.is_fully_defined():
            return convert_each(elements.batch(size), size)
        return convert_each(elements.map(_as_batch), 1).unbatch().batch(size)

    return lambda elements, size, skip: open_all(elements, size).skip(skip)


def _as_batch(*element):
    """A batch of one."""
    batch = tuple(part[tf.newaxis] for part in element)
    return batch if len(batch) > 1 else batch[0]
