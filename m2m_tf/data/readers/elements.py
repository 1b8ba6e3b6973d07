"""Where the images are in the elements of a user's tf.data.Dataset."""

import tensorflow as tf

from m2m_tf.data.check import check_dtype

_KEYS = ("image", "images", "x")
_LABEL_KEYS = ("label", "labels", "y")


def image_path(spec, name):
    """The keys that lead to the images: () for images alone, (0,) for (images, labels).

    Raises:
        ValueError: a dict that does not say which of its entries holds the images.
    """
    if isinstance(spec, (tuple, list)) and spec:
        return (0, *image_path(spec[0], name))
    if isinstance(spec, dict):
        key = next((k for k in _KEYS if k in spec), next(iter(spec)) if len(spec) == 1 else None)
        if key is None:
            raise ValueError(
                "load expects a tf.data.Dataset of dicts to hold 'image' or 'images'; got the keys "
                f"{', '.join(map(repr, spec))} from {name!r}. Select one: ds.map(lambda x: x[...])."
            )
        return (key, *image_path(spec[key], name))
    return ()


def label_path(spec, name):
    """The keys that lead to the labels: (1,) for (images, labels), ("label",) in a dict.

    Raises:
        ValueError: elements without labels.
    """
    where = (1,) if isinstance(spec, (tuple, list)) and len(spec) > 1 else ()
    inside = pick(spec, where)
    if where and isinstance(inside, tf.TensorSpec):
        return where
    key = next((key for key in _LABEL_KEYS if isinstance(inside, dict) and key in inside), None)
    if key is not None:
        return (*where, key)
    raise ValueError(
        "load_labels expects a tf.data.Dataset of (image, label), or of dicts that hold 'label'; "
        f"got {spec} from {name!r}. Give the labels: fit(target, labels), one label an image."
    )


def only_images(dataset, name):
    """The dataset without labels: uint8 or float32 tensors.

    Raises:
        ValueError: the images are ragged or sparse, or neither uint8 nor floats.
    """
    spec = dataset.element_spec
    where = image_path(spec, name)
    inner = pick(spec, where)
    if not isinstance(inner, tf.TensorSpec):
        raise ValueError(
            f"load expects a tf.data.Dataset of dense image tensors; got {inner} from {name!r}. "
            "Decode or densify the images with .map first."
        )
    check_dtype(inner.dtype.as_numpy_dtype, name)
    if not where and inner.dtype in (tf.uint8, tf.float32):
        return dataset
    return dataset.map(lambda *parts: standard(pick(packed(spec, parts), where)))


def images_with_labels(dataset, name):
    """The dataset of pairs: images as `only_images` gives them, and their labels.

    Raises:
        ValueError: elements without labels, and what `only_images` refuses.
    """
    spec = dataset.element_spec
    where, labels = image_path(spec, name), label_path(spec, name)
    only_images(dataset, name)  # refuses images that are none

    def pair(*parts):
        element = packed(spec, parts)
        return standard(pick(element, where)), pick(element, labels)

    return dataset.map(pair)


def packed(spec, parts):
    """The element, from the arguments that tf.data gives to a mapped function."""
    return parts if isinstance(spec, (tuple, list)) else parts[0]


def pick(element, where):
    """What lies at a path of keys."""
    for key in where:
        element = element[key]
    return element


def put(element, where, value):
    """The element with another value at a path of keys."""
    if not where:
        return value
    key, *rest = where
    if isinstance(element, dict):
        return {**element, key: put(element[key], rest, value)}
    return (put(element[0], rest, value), *element[1:])


def standard(images):
    """uint8 as it is, any float as float32."""
    return images if images.dtype == tf.uint8 else tf.cast(images, tf.float32)
