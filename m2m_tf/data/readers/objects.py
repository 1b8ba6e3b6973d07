"""Images from what Python programs hold them in: lists, generators, other libraries' data sets."""

import dataclasses
import hashlib
import io
import itertools
import os
import uuid
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import check_dtype
from m2m_tf.data.convert import channels_last
from m2m_tf.data.errors import kept_errors
from m2m_tf.data.readers.arrays import check_count, from_array
from m2m_tf.data.readers.datasets import from_dataset, token_of
from m2m_tf.data.readers.decode import UnreadableImage, is_deep, opened, pixels, shape_of
from m2m_tf.data.readers.elements import (
    KEYS,
    LABEL_KEYS,
    image_path,
    label_path,
    pick,
    weight_notes,
)
from m2m_tf.data.source_labels import check_one_each

HELD = 1 << 30  # bytes of what a generator gives, which gives it only once
ONCE = "took the images once: both parts of the pair are the same"
_NOTHING = object()
_LOOKED_AT = 8  # elements of a list, as of a folder's files


@dataclasses.dataclass(frozen=True)
class Elements:
    """A source that gives its elements one by one.

    Attributes:
        name: For messages.
        open: `() -> iterator`, a pass from the start.
        count: How many elements; None where nobody knows.
    """

    name: str
    open: Callable
    count: int | None = None


def from_object(source, options):
    """Images from an object that holds or gives images.

    Args:
        source: A list of paths or of images; a pair (images, labels) or a dictionary of arrays; a
            function that makes a generator, or a generator; what has a length and items, as
            `keras.utils.PyDataset`, a torch or a Hugging Face dataset; or what can be iterated, as
            a torch `DataLoader`. Elements are images, (image, label) or dictionaries; images are
            arrays, tensors or Pillow's.
        options: A `LoadOptions`.

    Returns:
        `Images`; None for an object that is none of these.

    Raises:
        ValueError: An element that holds no image, or what the readers of arrays, datasets and
            files refuse.
    """
    if isinstance(source, dict) or _is_pair(source):
        return _from_arrays(source, options)
    _check_is_one_set(source)
    if _is_twice(source):
        images = from_array(np.asarray(source[0]), options)
        images.notes.append(ONCE)
        return images
    if hasattr(source, "__array__") and not _are_names(source):
        return from_array(np.asarray(source), options)
    if isinstance(source, (list, tuple)) or _are_names(source):
        images = _from_list(list(source), options)
        images.notes.extend(_note_of_both(source))
        return images
    if hasattr(source, "__next__") and not _has_items(source):
        return _from_list(_all_of(source), options)
    elements = _elements(source)
    return elements and _from_elements(elements, options, _token(source), is_stream=True)


def _from_arrays(source, options):
    """Images beside their labels: (images, labels), or {"image": images, "label": labels}."""
    labels = None
    if isinstance(source, dict):
        key = next((key for key in KEYS if key in source), None)
        if key is None:
            raise ValueError(_no_key(source))
        images = source[key]
        labels = next((source[key] for key in LABEL_KEYS if key in source), None)
    else:
        images, labels = source
    read_labels = None if labels is None else lambda: labels
    if _are_names(images) or _are_of_sizes(images):
        return _from_list_beside(images, labels, options)
    images = np.asarray(images)
    if images.ndim and _shape(labels):
        check_one_each(_shape(labels)[0], len(images), "array")
    loaded = from_array(images, options, "array", read_labels)
    loaded.notes.extend(weight_notes(source) if isinstance(source, dict) else [])
    return loaded


def _from_list_beside(images, labels, options):
    """Files, or images of several sizes, in a list, and one label each where there are labels."""
    images = [str(each) if isinstance(each, str) else each for each in images]
    if labels is None:
        return _from_list(images, options)
    kind = "list of files" if isinstance(images[0], str) else "list"
    check_one_each(len(labels), len(images), kind)
    return _from_list(list(zip(images, np.asarray(labels), strict=True)), options)


def _are_names(source):
    """Whether it is a list or an array of names, which are files'."""
    if not isinstance(source, (list, np.ndarray)) or not len(source):
        return False
    return np.ndim(source[0]) == 0 and all(isinstance(each, str) for each in source)


def _are_of_sizes(source):
    """Whether it is a list of images that are no array together."""
    if not isinstance(source, list) or _shape(source):
        return False
    return all(_is_picture(each) or len(_shape(each)) in (2, 3) for each in source)


def _check_is_one_set(source):
    """Refuses a set for training beside one for tests.

    Raises:
        ValueError: With which part to pass.
    """
    if not isinstance(source, tuple) or len(source) != 2:
        return
    if all(isinstance(part, tuple) and _is_pair(part) for part in source):
        got = "two pairs of images and labels, as keras.datasets' load_data gives them"
        raise ValueError(f"load expects one set of images; got {got}. Pass one: data[0].")


def _note_of_both(source):
    """What is said of two sets, as of noisy and clean images, that are read as one."""
    if not isinstance(source, (list, tuple)) or len(source) != 2:
        return []
    first, second = map(_shape, source)
    if first != second or not _is_set(first):
        return []
    return [f"took both arrays of the pair, {first} each, as images one after the other"]


def _no_key(source):
    """Why a dictionary is refused; Hugging Face has one of splits, `{"train": data set, ...}`."""
    got = f"got the keys {', '.join(map(repr, source))}"
    if source and not any(hasattr(value, "__array__") for value in source.values()):
        first = next(iter(source))
        return f"load expects one data set; {got}. Pass one of its parts, as data[{first!r}]."
    keys = ", ".join(map(repr, KEYS))
    return (
        f"load expects one of {keys} in a dictionary of arrays; {got}. Pass the array of images "
        "itself."
    )


def _is_pair(source):
    """Whether it is (images, labels): with fewer axes than one image, or two and one length."""
    if not isinstance(source, (list, tuple)) or len(source) != 2:
        return False
    images, labels = map(_shape, source)
    if _are_names(source[0]) and labels[:1] == images:
        return True
    if _are_of_sizes(source[0]):
        return len(labels) == 1 or (len(labels) == 2 and labels[0] == len(source[0]))
    if not _is_set(images) or not labels:
        return False
    return len(labels) < len(images) - 1 or (len(labels) == 2 and labels[0] == images[0])


def _is_twice(source):
    """Whether it is (images, images), as autoencoders are trained."""
    if not isinstance(source, (list, tuple)) or len(source) != 2:
        return False
    first, second = source
    if not _is_set(_shape(first)) or _shape(first) != _shape(second):
        return False
    return first is second or np.array_equal(first, second)


def _is_set(shape):
    """Whether an array of this shape can hold several images."""
    return len(shape) > 3 or (len(shape) == 3 and shape[2] not in (1, 3, 4))


def _shape(part):
    """The shape of an array or of lists of numbers; () of what has none."""
    try:
        return tuple(np.shape(part))
    except ValueError:  # parts of several shapes, as an image beside its label
        return ()


def _from_list(source, options):
    if not source:
        check_count(0, "list", max(1, options.at_least))
    if all(isinstance(each, (str, os.PathLike)) for each in source):
        from m2m_tf.data.readers.listed import from_list_of_files

        return from_list_of_files(source, options)
    if all(hasattr(each, "__array__") and not _is_picture(each) for each in source):
        arrays = [np.asarray(each) for each in source]
        if len({(each.shape, each.dtype) for each in arrays}) == 1 and arrays[0].ndim in (2, 3):
            return from_array(np.stack(arrays), options, "list")
    source = [_plain(each) for each in source]
    elements = Elements("list", lambda: iter(source), len(source))
    return _from_elements(elements, options, _digest(source), is_stream=False)


def _all_of(generator):
    """What a generator gives, in memory: it gives it once."""
    taken, size = [], 0
    for each in generator:
        taken.append(_plain(each))
        size += sum(np.asarray(part).nbytes for part in tf.nest.flatten(taken[-1]))
        if size > HELD:
            raise ValueError(
                f"load keeps what a generator gives, as it gives it once, and {len(taken):,} "
                f"elements take over {HELD >> 30} GiB: it may never end. Bound it by "
                "itertools.islice, or pass the function that makes it, if that ends."
            )
    if not taken:
        raise ValueError(
            "load expects a generator that gives images; this one gives none: it may be used up "
            "by an earlier pass. Pass the function that makes it."
        )
    return taken


def _elements(source):
    """The `Elements` of an object; None where it gives none."""
    name = getattr(source, "__name__", type(source).__name__)
    if callable(source) and not hasattr(source, "__getitem__") and not hasattr(source, "__iter__"):
        return None if isinstance(source, type) else Elements(name, lambda: iter(source()))
    if _has_items(source):
        return Elements(name, lambda: (source[i] for i in range(len(source))), len(source))
    return Elements(name, lambda: iter(source)) if hasattr(source, "__iter__") else None


def _has_items(source):
    """Whether it has a length and items by number; Keras' own iterators have, and never end."""
    return hasattr(source, "__getitem__") and hasattr(source, "__len__")


def _from_elements(elements, options, content, is_stream):
    name, first = elements.name, next(_opened(elements), _NOTHING)
    if first is _NOTHING:
        check_count(0, name, max(1, options.at_least))
    found = _spec(_plain(first))
    paths = _paths(found, name)
    image, *labels = _parts(first, paths, name)
    if not is_stream and options.channels is None and _has_colour(elements, paths):
        options = dataclasses.replace(options, channels=3)
    spec = (
        tf.TensorSpec(_loose(image.shape), image.dtype),
        *(tf.TensorSpec((None,) * label.ndim, _label_type(label)) for label in labels),
    )

    def generate():
        with kept_errors():
            for number, element in enumerate(_opened(elements)):
                parts = _parts(element, paths, name, number)
                parts[0] = _like_first(parts[0], image, number, name)
                yield tuple(parts) if labels else parts[0]

    signature = spec if labels else spec[0]
    dataset = tf.data.Dataset.from_generator(generate, output_signature=signature)
    if elements.count is not None:
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(elements.count))
    loaded = from_dataset(dataset, options, name, content)
    loaded.is_stream = is_stream
    loaded.notes.extend(weight_notes(found))
    return loaded


def _has_colour(elements, paths):
    """Whether one of a few elements of a list is in colour."""
    some = set(np.linspace(0, elements.count - 1, _LOOKED_AT).astype(int).tolist())
    looked_at = ((i, each) for i, each in enumerate(elements.open()) if i in some)
    images = (_parts(each, paths, elements.name, i)[0] for i, each in looked_at)
    return any(image.ndim > 2 and _last_axis(image) in (3, 4) for image in images)


def _last_axis(image):
    """How many channels; (3, h, w) may as well be three grey images."""
    return (channels_last(image) if image.ndim == 4 else image).shape[-1]


def _opened(elements):
    """A pass over the elements.

    Raises:
        ValueError: The object has no first one.
    """
    try:
        passed = elements.open()
        first = next(passed)
    except StopIteration:
        return iter(())
    except (KeyError, TypeError, NotImplementedError) as error:
        raise ValueError(
            f"load expects items 0, 1, 2... that hold images; {elements.name!r} gives none "
            f"({type(error).__name__}: {error}). Pass an array, a path or a tf.data.Dataset."
        ) from None
    return itertools.chain([first], passed)


def _plain(element):
    """Tuples for lists of arrays and arrays for lists of numbers; dictionaries stay."""
    if isinstance(element, dict):
        return {key: _plain(value) for key, value in element.items()}
    if isinstance(element, (list, tuple)):
        if len(element) and not any(hasattr(part, "__array__") for part in element):
            if all(isinstance(part, (list, int, float)) for part in element):
                return np.asarray(element)
        return tuple(_plain(part) for part in element)
    return element


def _spec(element):
    """The element with a `TensorSpec` for each part that can be an image or a label."""
    if isinstance(element, dict):
        return {key: _spec(value) for key, value in element.items()}
    if isinstance(element, tuple):
        return tuple(_spec(part) for part in element)
    if _is_picture(element):
        return tf.TensorSpec((None, None, None), tf.uint8)
    array = np.asarray(element)
    if array.dtype.kind in "OSU":
        return tf.TensorSpec(array.shape, tf.string)
    return tf.TensorSpec(array.shape, array.dtype)


def _paths(spec, name):
    """Where the image is and, if there is one, the label."""
    paths = [image_path(spec, name)]
    try:
        paths.append(label_path(spec, name))
    except ValueError:  # without labels
        pass
    return paths


def _parts(element, paths, name, number=0):
    """The image of an element as an array and, where there is one, its label."""
    if element is None:
        raise ValueError(_no_image(None, name, number))
    element = _plain(element)
    image, *labels = [pick(element, path) for path in paths]
    return [_image(image, name, number), *(_label(each, name, number) for each in labels)]


def _label(part, name, number):
    label = np.asarray(part)
    if label.dtype == object and label.ndim == 0:
        what = "None" if part is None else type(part).__name__
        raise ValueError(
            f"load expects a number or a name beside each image; the label of element {number} of "
            f"{name!r} (counted from 0) is {what}. Give it one, or the images alone."
        )
    return label


def _image(part, name, number):
    """An array of an image: Pillow's, encoded bytes and files as they show."""
    if _is_picture(part):
        return _pixels(part)
    if isinstance(part, (bytes, str, os.PathLike)):
        try:
            file = io.BytesIO(part) if isinstance(part, bytes) else open(part, "rb")
            with file, opened(file) as image:
                return _pixels(image)
        except (UnreadableImage, OSError) as error:
            raise ValueError(f"load expects images; one of {name!r} is none: {error}.") from None
    array = np.asarray(part)
    if array.dtype == object:
        raise ValueError(_no_image(part, name, number))
    check_dtype(array.dtype, name)
    return array


def _no_image(part, name, number):
    what = "None" if part is None else type(part).__name__
    return (
        f"load expects images; element {number} of {name!r} (counted from 0) is {what}. Leave it "
        "out, or give an array, a Pillow image or a file in its place."
    )


def _pixels(image):
    if is_deep(image):
        return np.asarray(image).astype(np.int32)
    return pixels(image, None, 1 if shape_of(image)[2] <= 2 else 3)


def _is_picture(part):
    """Whether it is a Pillow image."""
    return hasattr(part, "getbands") and hasattr(part, "tobytes")


def _loose(shape):
    """A shape of images that may differ in size; what tells batches and channels stays."""
    if len(shape) == 3 and shape[0] in (3, 4) and shape[2] not in (1, 3, 4):
        return (shape[0], None, None)
    return (None,) * len(shape)


def _label_type(label):
    return tf.string if label.dtype.kind in "OSU" else label.dtype


def _like_first(image, first, number, name):
    """The image in the first one's kind of number."""
    floats = image.dtype.kind == first.dtype.kind == "f"
    if image.ndim != first.ndim or (image.dtype != first.dtype and not floats):
        raise ValueError(
            f"load expects images of one kind; element {number} of {name!r} (counted from 0) is "
            f"{image.dtype} of shape {image.shape}, the first {first.dtype} of {first.shape}."
        )
    return image.astype(first.dtype, copy=False)


def _digest(source):
    """The sha256 of what a list holds."""
    digest = hashlib.sha256()
    for part in tf.nest.flatten(source):
        if isinstance(part, (str, os.PathLike)):
            digest.update(os.fsencode(part))
        else:
            array = np.ascontiguousarray(part)
            digest.update(f"{array.dtype} {array.shape} ".encode() + array.tobytes())
    return digest.hexdigest()


def _token(source):
    """A name for this very object: its content is known only by reading it."""
    try:
        return token_of(source)
    except TypeError:  # neither a hash nor a weak reference
        return uuid.uuid4().hex
