"""The memorisation audit: in features, in codes and in pixels, against what was trained on."""

import dataclasses

import numpy as np
import tensorflow as tf

from m2m_tf.data.passes import count_of
from m2m_tf.evaluation.survey import survey
from m2m_tf.features import Features
from m2m_tf.metrics.memorisation import LEAST_HELD_OUT, Memorisation, memorisation
from m2m_tf.progress import show_progress

SIDE = 16  # pixels a side at most, of the images that are compared in pixels


@dataclasses.dataclass(frozen=True)
class Audit:
    """What was found in each space.

    Attributes:
        found: A dict of `"features"`, `"codes"` and `"pixels"` to `Memorisation`; empty where too
            few images are held out.
        train_codes: A dict of the same to the codes of the training images that `pairs` number.
    """

    found: dict[str, Memorisation]
    train_codes: dict[str, np.ndarray]


def audit(autoencoder, sides, generated, seed=0, verbose=0, kept_work=None):
    """Audits what a model generated: is it nearer to training images than held-out ones are?

    All sides are compared as the decoder draws them. In codes and in pixels they are compared with
    all images that were trained on, looked at or not; in features with those looked at.

    Args:
        autoencoder: The model's `Autoencoder`.
        sides: The `Sides` that it is judged by.
        generated: The model's `Contender`.
        seed: Seed of the intervals.
        verbose: 1 shows a progress bar over the images that were not looked at.
        kept_work: A `KeptWork` for what is seen of them; None keeps nothing.

    Returns:
        An `Audit`.
    """
    training, held_out = sides.training, sides.held_out
    if held_out is None or len(held_out) < LEAST_HELD_OUT:
        return Audit({}, {})
    codes, pixels = _all_trained_on(autoencoder, sides, verbose, kept_work)
    spaces = {
        "features": (
            training.reconstructed.values,
            held_out.reconstructed.values,
            generated.features.values,
        ),
        "codes": tuple(
            each.reshape(len(each), -1) for each in (codes, held_out.codes, generated.codes)
        ),
        "pixels": (
            pixels,
            *(_pixels_of(autoencoder, each.codes) for each in (held_out, generated)),
        ),
    }
    found = {name: memorisation(*points, seed=seed) for name, points in spaces.items()}
    return Audit(found, {"features": training.codes, "codes": codes, "pixels": codes})


def thumbnails(images):
    """Images `(n, height, width, channels)` reduced by area to 16 pixels a side at most.

    A survey takes it for an extractor.

    Returns:
        `Features` of 16 x 16 x channels values at most.
    """
    size = [min(SIDE, side) for side in images.shape[1:3]]
    small = tf.image.resize(images, size, "area")
    return Features(np.reshape(small, (len(images), -1)), "thumbnails", "area")


def _all_trained_on(autoencoder, sides, verbose, kept_work):
    """Codes and thumbnails of all images that were trained on: those looked at come first."""
    codes, pixels = sides.training.codes, _pixels_of(autoencoder, sides.training.codes)
    left = sides.left
    if sides.known is None:
        left = left[left < count_of(sides.images) - len(sides.images.skipped)]
    if not len(left):
        return codes, pixels
    show_progress(verbose, f"Looking for copies among {len(left):,} more training images")
    settings = {"known": sides.known, "kept_work": kept_work}
    rest = survey(autoencoder, sides.images, thumbnails, left, (), verbose, **settings)
    return (
        np.concatenate([codes, rest.codes]),
        np.concatenate([pixels, rest.reconstructed.values]),
    )


def _pixels_of(autoencoder, codes):
    """Thumbnails of what the decoder makes of codes."""
    batch_size = autoencoder.default_batch_size
    return np.concatenate(
        [
            thumbnails(autoencoder.decode(codes[start : start + batch_size])).values
            for start in range(0, len(codes), batch_size)
        ]
    )
