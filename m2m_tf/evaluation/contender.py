"""A contender: what a model generates, as codes and features, with some images to look at."""

import dataclasses

import numpy as np

from m2m_tf.features import Features
from m2m_tf.features.extractor import of_scaled
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


def contend(name, model, extractor, count, seed=0, verbose=0):
    """Generates codes, decodes them batch by batch and extracts their features.

    Args:
        name: What tables call it.
        model: A `Mind2Mind`, or a `CodeBaseline`.
        extractor: An `Extractor`.
        count: How many to generate.
        seed: Seed of what is generated.
        verbose: 1 shows a progress bar.

    Returns:
        A `Contender`.
    """
    codes = model.generate_codes(count, seed)
    values, shown = [], None
    progress = Bar(count, verbose)
    batch_size = model.autoencoder.default_batch_size
    for start in range(0, count, batch_size):
        images = model.autoencoder.decode(codes[start : start + batch_size])
        features = of_scaled(extractor, images)
        values.append(features.values)
        shown = images[:SHOWN] if shown is None else shown
        progress.update(min(start + batch_size, count))
    return Contender(
        name, codes, dataclasses.replace(features, values=np.concatenate(values)), shown
    )
