"""What a mind in training is compared with: codes of the target, and features of its images."""

import dataclasses
import os
from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.codes import CodeStore, encode_once
from m2m_tf.codes.encode import is_codes
from m2m_tf.data.passes import count_of
from m2m_tf.evaluation.survey import choose_rows, survey
from m2m_tf.features import Features
from m2m_tf.features.extractor import of_scaled
from m2m_tf.minds.labels import in_range_of

LEAST = 12  # images: as many as any metric needs
KINDS = (CodeStore, str, os.PathLike, Iterable)


@dataclasses.dataclass(frozen=True)
class Target:
    """A part of the target, drawn at random.

    Attributes:
        kind: What it was made from, in words.
        codes: float32 `(n, *code_shape)`.
        features: `Features` of its images, or None where none are wanted. Where only codes are
            known, of the images that the decoder makes of them.
    """

    kind: str
    codes: np.ndarray
    features: Features | None


def check_target(target):
    """Refuses what can be neither images nor codes, before anything is trained."""
    if target is not None and not _may_be_images(target):
        raise ValueError(
            "Evaluation expects its target as Mind2Mind.fit takes one: a path or name, an array, a "
            "tf.data.Dataset, another data set or a list of images, m2m.data.Images or a "
            f"CodeStore; got {type(target).__name__}."
        )


def _may_be_images(target):
    if isinstance(target, (list, tuple)):
        return not any(isinstance(each, (int, float)) for each in target)
    known = isinstance(target, KINDS) or tf.is_tensor(target)
    return known or callable(target) or hasattr(target, "__getitem__")


def sample_target(model, target, extractor, num_images, seed):
    """Draws images of the target, with their codes.

    Args:
        model: A `Mind2Mind` in training.
        target: Images or codes, as `Mind2Mind.fit` takes them; None takes the model's held-out
            codes, or else those that it trains on.
        extractor: An `Extractor`, or None.
        num_images: How many to draw, at most.
        seed: Seed of the draw.

    Returns:
        A `Target`.

    Raises:
        ValueError: If the target does not fit the autoencoder, or has fewer than 12 images.
    """
    autoencoder = model.autoencoder
    kind, store = _known_codes(model, target)
    if store is None:
        loading = in_range_of(model, {"image_shape": autoencoder.image_shape})
        images = data.load(target, **loading)
        return _of_images(autoencoder, images, extractor, num_images, seed)
    rows = choose_rows(np.arange(store.count), num_images, seed)
    _check_count(len(rows), kind)
    codes = np.asarray(store.codes[rows])
    return Target(kind, codes, extractor and decoded_features(autoencoder, codes, extractor))


def decoded_features(autoencoder, codes, extractor, batch_size=None):
    """Decodes codes batch by batch, and extracts features of the images.

    Args:
        autoencoder: An `Autoencoder`.
        codes: float `(n, *code_shape)`.
        extractor: An `Extractor`.
        batch_size: Images at once; None is 256, fewer where they are large.

    Returns:
        `Features`.
    """
    batch_size = batch_size or autoencoder.default_batch_size
    starts = range(0, len(codes), batch_size)
    parts = [of_scaled(extractor, autoencoder.decode(codes[i : i + batch_size])) for i in starts]
    values = np.concatenate([part.values for part in parts])
    return dataclasses.replace(parts[0], values=values)


def _known_codes(model, target):
    """What the target is, in words, and its codes; None where they are to be made of images."""
    if target is None and model.held_out_codes is not None:
        return "held-out codes", model.held_out_codes
    if target is None:
        return "training codes", model.codes
    if isinstance(target, CodeStore) or is_codes(target, model.autoencoder):
        return "target codes", encode_once(model.autoencoder, target, verbose=0)
    return "target images", None


def _of_images(autoencoder, images, extractor, num_images, seed):
    rows = choose_rows(np.arange(count_of(images)), num_images, seed)
    if extractor is None:
        found = _encoded(autoencoder, images, rows), None
    else:
        seen = survey(autoencoder, images, extractor, rows, keep=rows[:1])
        found = seen.codes, seen.features
    _check_count(len(found[0]), "target images")
    return Target("target images", *found)


def _encoded(autoencoder, images, rows):
    """The codes of those rows, rising; of no others."""
    found, seen = [np.empty((0, *autoencoder.code_shape), "float32")], 0
    for batch in images.batches(autoencoder.default_batch_size):
        chosen = rows[(rows >= seen) & (rows < seen + len(batch))] - seen
        if len(chosen):
            found.append(autoencoder.encode(data.scaled(batch.numpy()[chosen])))
        seen += len(batch)
    return np.concatenate(found)


def _check_count(count, kind):
    if count < LEAST:
        raise ValueError(
            f"Evaluation compares with {LEAST} images or more; there are {count} {kind}. Give more "
            "images, or a larger validation_split."
        )
