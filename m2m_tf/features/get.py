"""`get_extractor`: an extractor from its name, a Keras model, or itself."""

import copy

import keras

from m2m_tf.errors import WeightsUnavailable, did_you_mean
from m2m_tf.features.catalogue import BUILDERS
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.model import check_model, from_model

AUTO = "auto"
SMALL = 32  # the largest side, in pixels, of images that "auto" gives to "digits_fashion"


def get_extractor(extractor, image_shape, fallback=None):
    """Returns an extractor.

    Args:
        extractor: A name that `available_extractors` lists; `"auto"`: `"digits_fashion"` for grey
            images of at most 32 pixels a side, `"efficientnet_lite0"` for others; any built
            `keras.Model`; or an `Extractor`, returned as it is.
        image_shape: (height, width, channels) of the images, channels 1 or 3.
        fallback: The extractor to take where the weights of the first cannot be had; by default
            none, and that is an error. What was taken is said in the notes of its features.

    Returns:
        An `Extractor`.

    Raises:
        ValueError: For an unknown name, a model that cannot be an extractor, or weights that
            cannot be had (with how to get them).

    Example:

    ```python
    extractor = get_extractor("auto", image_shape=(28, 28, 1))
    extractor.name, extractor.dim  # ("digits_fashion", 128)
    ```
    """
    image_shape = _check_shape(image_shape)
    check_extractor(extractor, fallback)
    if fallback is None:
        return _get(extractor, image_shape)
    try:
        return _get(extractor, image_shape)
    except WeightsUnavailable as error:
        taken = copy.copy(_get(fallback, image_shape))  # it may be the caller's own
        note = f"took the extractor {taken.name!r} instead of {extractor!r}, as asked: {error}"
        taken.notes = (*taken.notes, note)
        return taken


def check_extractor(extractor, fallback=None):
    """Refuses what `get_extractor` takes for no image, before one is read.

    Args:
        extractor, fallback: As `get_extractor` takes them.

    Raises:
        ValueError: For an unknown name, an object that is none, or a model that cannot be one.
    """
    for each in (extractor,) if fallback is None else (extractor, fallback):
        if isinstance(each, keras.Model):
            _check_name(each)
            check_model(each)
        elif not isinstance(each, Extractor) and not _is_name(each):
            raise ValueError(_unknown(each))


def _is_name(extractor):
    return isinstance(extractor, str) and extractor in (AUTO, *BUILDERS)


def _check_name(model):
    if model.name in BUILDERS:
        raise ValueError(
            f"The name {model.name!r} belongs to an extractor of this package; give the model "
            "another, so that figures are not mixed up: keras.Model(..., name=...)."
        )


def _get(extractor, image_shape):
    if isinstance(extractor, Extractor):
        return extractor
    if isinstance(extractor, keras.Model):
        return from_model(extractor, image_shape)
    if extractor == AUTO:
        small = max(image_shape[:2]) <= SMALL and image_shape[2] == 1
        extractor = "digits_fashion" if small else "efficientnet_lite0"
    return BUILDERS[extractor](image_shape)


def _check_shape(image_shape):
    shape = tuple(image_shape)
    if len(shape) != 3 or min(shape) < 1 or shape[2] not in (1, 3):
        raise ValueError(
            "get_extractor expects image_shape as (height, width, channels), channels 1 or 3; got "
            f"{shape}."
        )
    return shape


def _unknown(extractor):
    offer = did_you_mean(extractor, BUILDERS, most=2, cutoff=0.4)
    return (
        f"get_extractor expects {', '.join(map(repr, (AUTO, *BUILDERS)))}, a built keras.Model or "
        f"an Extractor; got {extractor!r}.{offer}"
    )
