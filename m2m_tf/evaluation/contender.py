"""A contender: what a model generates, as codes and features, with some images to look at."""

import dataclasses
import functools

import numpy as np

from m2m_tf.evaluation.survey import noise
from m2m_tf.features import Features
from m2m_tf.features.extractor import of_scaled
from m2m_tf.features.features import arrays_of, features_of
from m2m_tf.files.kept_work import KeptWork
from m2m_tf.progress import Bar

SHOWN = 64


@dataclasses.dataclass(frozen=True)
class Contender:
    """What a model generated.

    Attributes:
        name: What tables call it.
        codes: float32 `(n, *code_shape)`.
        features: `Features` of the decoded codes.
        images: float32 `(64 at most, height, width, channels)`, the first of them.
    """

    name: str
    codes: np.ndarray
    features: Features
    images: np.ndarray


def contend(name, model, extractor, count, seed=0, verbose=0, kept_work=None):
    """Generates codes, decodes them batch by batch and extracts their features.

    Args:
        name: What tables call it.
        model: A `Mind2Mind`, or a `CodeBaseline`.
        extractor: An `Extractor`.
        count: How many to generate.
        seed: Seed of what is generated.
        verbose: 1 shows a progress bar.
        kept_work: A `KeptWork` in which each batch's features are kept; None keeps none.

    Returns:
        A `Contender`.
    """
    autoencoder, codes = model.autoencoder, model.generate_codes(count, seed)
    progress, found = Bar(count, verbose), []
    look_at = (kept_work or KeptWork()).of(
        functools.partial(_look_at, autoencoder, extractor), noise(codes.shape[1:])
    )
    for start in range(0, count, autoencoder.default_batch_size):
        found.append(look_at(codes[start : start + autoencoder.default_batch_size]))
        progress.update(min(start + autoencoder.default_batch_size, count))
    shown = autoencoder.decode(codes[:SHOWN])
    return Contender(name, codes, features_of(found, "features"), shown)


def _look_at(autoencoder, extractor, codes):
    return arrays_of(of_scaled(extractor, autoencoder.decode(codes)), "features")
