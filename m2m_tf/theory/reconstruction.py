"""The reconstruction error: what an autoencoder loses of each image."""

from dataclasses import dataclass

import numpy as np

from m2m_tf import data
from m2m_tf.checks import check_whole

RESAMPLES = 1000
AT_ONCE = 1 << 22  # indices drawn at once


@dataclass(frozen=True)
class ReconstructionError:
    """What an autoencoder loses, `r(x) = |x - g(c(x))|`, on a sample.

    Attributes:
        errors: float64 `(n,)`, Euclidean norms on flattened images in [-1, 1].
        mean: Their mean.
        interval: `(low, high)`, 95 % bootstrap interval of the mean over draws of images.
        mse: Mean squared error a pixel value, images in [-1, 1].
        worst: int `(k,)`, indices of the largest errors, the largest first.
        count: Number of images.
    """

    errors: np.ndarray
    mean: float
    interval: tuple
    mse: float
    worst: np.ndarray
    count: int

    def to_json(self):
        """The figures, without those of each image."""
        return {"mean": self.mean, "interval": self.interval, "mse": self.mse, "count": self.count}


def reconstruction_error(autoencoder, images, worst=16, batch_size=None, seed=0):
    """Measures what an autoencoder loses of images; streams them.

    Source: r of Frégier and Gouray, arXiv 1906.11613; interval: the percentile bootstrap (Efron and
    Tibshirani, An Introduction to the Bootstrap, chapter 13).

    Args:
        autoencoder: A `m2m.Autoencoder`.
        images: Anything that `m2m.data.load` takes; two images or more.
        worst: How many of the worst images to name, 1 or more.
        batch_size: Images at once, 1 or more; None is 256, fewer where they are large.
        seed: Seed of the bootstrap.

    Returns:
        A `ReconstructionError`.

    Raises:
        ValueError: If the images do not fit the autoencoder, hold a NaN, or are fewer than two; if
            a reconstruction is not finite.

    Example:

    ```python
    error = reconstruction_error(autoencoder, "digits/")
    print(error.mean, error.interval, error.worst[:3])
    ```
    """
    batch_size = batch_size or autoencoder.default_batch_size
    check_whole("worst", worst)
    check_whole("batch_size", batch_size)
    images = data.load(images, image_shape=autoencoder.image_shape, at_least=2)
    batches = [_norms(autoencoder, batch) for batch in images.batches(batch_size)]
    errors = np.concatenate(batches)
    _check_errors(errors, autoencoder)
    return summarise_errors(errors, autoencoder.image_shape, worst, seed)


def summarise_errors(errors, image_shape, worst=16, seed=0):
    """The mean of errors that were measured already, its interval and the worst.

    Args:
        errors: float64 `(n,)`, Euclidean norms on flattened images.
        image_shape: (height, width, channels) of the images.
        worst, seed: As `reconstruction_error` takes them.

    Returns:
        A `ReconstructionError`.
    """
    return ReconstructionError(
        errors=errors,
        mean=float(errors.mean()),
        interval=_interval(errors, seed),
        mse=float(np.mean(errors**2) / np.prod(image_shape)),
        worst=np.argsort(-errors, kind="stable")[:worst],
        count=len(errors),
    )


def _norms(autoencoder, batch):
    reconstructions = autoencoder.decode_batch(autoencoder.encode_batch(batch))
    difference = batch.numpy().astype("float64") - reconstructions.numpy()
    return np.linalg.norm(difference.reshape(len(difference), -1), axis=1)


def _check_errors(errors, autoencoder):
    if len(errors) < 2:
        raise ValueError(f"Expected at least 2 images; got {len(errors)}. Give more.")
    if not np.isfinite(errors).all():
        raise ValueError(
            f"'{autoencoder.name}' gives a reconstruction that is not finite for image "
            f"{np.argmin(np.isfinite(errors))}. Its weights are damaged or it was trained on "
            "images of another range: m2m_tf gives it [-1, 1]."
        )


def _interval(errors, seed):
    """95 % percentile bootstrap of the mean, in chunks of resamples."""
    random = np.random.default_rng(seed)
    chunk = max(1, AT_ONCE // len(errors))
    means = []
    for start in range(0, RESAMPLES, chunk):
        size = (min(chunk, RESAMPLES - start), len(errors))
        means.append(errors[random.integers(len(errors), size=size)].mean(axis=1))
    low, high = np.quantile(np.concatenate(means), (0.025, 0.975))
    return float(low), float(high)
