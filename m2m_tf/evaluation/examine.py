"""What the theory says of an autoencoder and a target: errors, codes, distances, constants."""

import dataclasses

import numpy as np

from m2m_tf import data
from m2m_tf.metrics import sliced_wasserstein, wasserstein
from m2m_tf.progress import show_progress
from m2m_tf.theory import effective_dimension, saturation, theorem_bound
from m2m_tf.theory.reconstruction import reconstruction_error, summarise_errors
from m2m_tf.theory.sample import sample_images

COMPARED = 2000  # points of an exact assignment


@dataclasses.dataclass(frozen=True)
class Distance:
    """How far the source is from the target, in one space, beside what no difference gives.

    Attributes:
        w1: Wasserstein-1 between `count` source and `count` target points, exact assignment.
        w1_noise: The same between two disjoint sets of as many target points.
        sliced_w1, sliced_w1_noise: The same for sliced Wasserstein-1.
        count: Points in each set.
    """

    w1: float
    w1_noise: float
    sliced_w1: float
    sliced_w1_noise: float
    count: int


def examine(prediction, source=None, seed=0, verbose=0, **loading):
    """Measures all that `assess` reports beside the prediction.

    Args:
        prediction: A `Prediction`.
        source: What the autoencoder was trained on, as `m2m.data.load` takes it; or None.
        seed: Seed of all that is drawn.
        verbose: 1 says what is done.
        **loading: `image_size` and `resize`, for `m2m.data.load`.

    Returns:
        A dict: `reconstruction` and `source_reconstruction` (`ReconstructionError`; the second None
        without a source), `worst_images` (their numbers in the target), `share_of_variance_lost`,
        `effective_dimension`, `saturation`, `bound` (`TheoremBound`, for the mixture's codes) and
        `source_to_target` (a dict of space to `Distance`; None without a source).
    """
    autoencoder, whole = prediction.autoencoder, prediction.whole
    if source is not None:
        loading = {**loading, "value_range": "auto"}  # a range that is given is the target's
        source = data.load(source, image_shape=autoencoder.image_shape, **loading)
        source = sample_images(
            source, autoencoder.image_shape, COMPARED, np.random.default_rng(seed)
        )
    show_progress(verbose, "Estimating the bounds' constants")
    errors = summarise_errors(whole.errors, autoencoder.image_shape, seed=seed)
    codes = prediction.contenders["mixture"].codes
    images = data.scaled(whole.images)
    scaled_source = None if source is None else data.scaled(source)
    bound = theorem_bound(autoencoder, images, codes, scaled_source, limit=COMPARED, seed=seed)
    return {
        "reconstruction": errors,
        "source_reconstruction": _source_reconstruction(autoencoder, source),
        "worst_images": whole.rows[errors.worst],
        "share_of_variance_lost": prediction.lost,
        "effective_dimension": effective_dimension(whole.codes),
        "saturation": saturation(autoencoder.encoder, whole.codes),
        "bound": bound,
        "source_to_target": source_to_target(autoencoder, source, whole, seed),
    }


def _source_reconstruction(autoencoder, source):
    return None if source is None else reconstruction_error(autoencoder, data.scaled(source))


def source_to_target(autoencoder, source, whole, seed=0):
    """The distances between source and target in images and in codes; None without a source."""
    if source is None:
        return None
    order = np.random.default_rng(seed).permutation(len(whole.images))
    targets, codes = whole.images[order], whole.codes[whole.kept][order]
    return {
        "images": _distance(source, targets, seed),
        "codes": _distance(autoencoder.encode(data.scaled(source)), codes, seed),
    }


def _distance(source, target, seed):
    source, target = (points.reshape(len(points), -1) for points in (source, target))
    count = min(COMPARED, len(source), len(target) // 2)
    first, second = target[:count], target[count : 2 * count]
    return Distance(
        w1=wasserstein(source[:count], first, seed=seed).value,
        w1_noise=wasserstein(first, second, seed=seed).value,
        sliced_w1=sliced_wasserstein(source[:count], first, seed=seed),
        sliced_w1_noise=sliced_wasserstein(first, second, seed=seed),
        count=count,
    )
