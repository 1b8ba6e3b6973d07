"""Where the images are in the elements of a user's tf.data.Dataset."""

import tensorflow as tf

from m2m_tf.data.check import check_dtype

KEYS = ("image", "images", "x", "pixel_values", "img", "imgs")
LABEL_KEYS = ("label", "labels", "y", "target", "class", "fine_label")
WEIGHT_KEYS = ("sample_weight", "sample_weights", "weight", "weights")


def image_path(spec, name):
    """The keys that lead to the images: () for images alone, (0,) for (images, labels) and (1,) for
    (labels, images).

    Raises:
        ValueError: a dict that does not say which of its entries holds the images.
    """
    if isinstance(spec, (tuple, list)) and spec:
        first = int(is_label_first(spec))
        return (first, *image_path(spec[first], name))
    if isinstance(spec, dict):
        key = next((k for k in KEYS if k in spec), next(iter(spec)) if len(spec) == 1 else None)
        if key is None:
            raise ValueError(
                f"load expects dicts to hold one of {', '.join(map(repr, KEYS))}; got the keys "
                f"{', '.join(map(repr, spec))} from {name!r}. Select one: ds.map(lambda x: x[...])."
            )
        return (key, *image_path(spec[key], name))
    return ()


def is_label_first(spec):
    """Whether elements are (label, image): numbers or one-hot rows before what can be an image."""
    ranks = [_rank(each) for each in spec]
    if len(ranks) != 2 or None in ranks:
        return False
    return (ranks[0] <= 1 and ranks[1] >= 2) or (ranks[0] == 2 and ranks[1] == 4)


def _rank(spec):
    return spec.shape.rank if isinstance(spec, tf.TensorSpec) else None


def label_path(spec, name):
    """The keys that lead to the labels: (1,) for (images, labels), (0,) for (labels, images),
    ("label",) in a dict.

    Raises:
        ValueError: elements without labels.
    """
    where = ()
    if isinstance(spec, (tuple, list)) and len(spec) > 1:
        where = (1 - int(is_label_first(spec)),)
    inside = pick(spec, where)
    if where and isinstance(inside, tf.TensorSpec):
        return where
    key = next((key for key in LABEL_KEYS if isinstance(inside, dict) and key in inside), None)
    if key is not None:
        return (*where, key)
    raise ValueError(
        "load_labels expects a tf.data.Dataset of (image, label), or of dicts that hold 'label'; "
        f"got {spec} from {name!r}. Give the labels: fit(target, labels), one label an image."
    )


def weight_notes(spec):
    """What is said of weights beside images and labels, as Keras takes them: they are left."""
    if isinstance(spec, dict):
        found = [repr(key) for key in WEIGHT_KEYS if key in spec]
    elif isinstance(spec, (tuple, list)) and len(spec) == 3 and _may_be_weights(spec[2]):
        found = ["the third part of each element, which Keras takes for weights"]
    else:
        found = []
    alike = "all images count alike, so repeat those that are to count more"
    return [f"ignored {each}: {alike}" for each in found]


def _may_be_weights(spec):
    """Whether it is a number for each image."""
    rank = _rank(spec)  # more axes are those of a further image, as of a mask
    return rank is not None and rank <= 1 and spec.dtype != tf.string


def only_images(dataset, name):
    """The dataset without labels: whole numbers as they are, or float32 tensors.

    Raises:
        ValueError: the images are ragged or sparse, encoded, or no numbers.
    """
    spec = dataset.element_spec
    where = image_path(spec, name)
    inner = pick(spec, where)
    if not isinstance(inner, tf.TensorSpec):
        raise ValueError(
            f"load expects a tf.data.Dataset of dense image tensors; got {inner} from {name!r}. "
            "Decode or densify the images with .map first."
        )
    if inner.dtype == tf.string:
        raise ValueError(
            f"load expects decoded images; got strings, as encoded files or their names are, from "
            f"{name!r}. Decode them: ds.map(lambda x: tf.io.decode_image(x, expand_animations="
            "False)), after tf.io.read_file for names; or pass a list of the file names."
        )
    check_dtype(inner.dtype.as_numpy_dtype, name)
    if not where and standard_type(inner.dtype) == inner.dtype:
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
    parts = list(element)
    parts[key] = put(parts[key], rest, value)
    return tuple(parts)


def standard(images):
    """Whole numbers as they are, any float as float32."""
    return tf.cast(images, standard_type(images.dtype))


def standard_type(dtype):
    """float32 for floats."""
    return tf.float32 if dtype.is_floating else dtype
