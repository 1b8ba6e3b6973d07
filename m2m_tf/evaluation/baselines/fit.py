"""Fits a baseline to codes."""

import time

import numpy as np

from m2m_tf.checks import check_choice, check_seed
from m2m_tf.codes import CodeStore
from m2m_tf.evaluation.baselines.baseline import CodeBaseline
from m2m_tf.evaluation.baselines.gaussian import fit_gaussian
from m2m_tf.evaluation.baselines.mixture import fit_mixture
from m2m_tf.evaluation.baselines.prior import fit_prior
from m2m_tf.minds import checks

KINDS = ("gaussian", "mixture", "prior")


def fit_baseline(kind, autoencoder, codes, seed=0):
    """Fits what a user would pick instead of a mind: a simple law on the codes.

    Args:
        kind: `"gaussian"`, one Gaussian; `"mixture"`, a mixture of as many as held-out likelihood
            chooses; or `"prior"`, the finer mixture that a mind starts from.
        autoencoder: The frozen `Autoencoder`; its decoder turns the drawn codes into images.
        codes: The target's codes, floats `(n, *code_shape)`, 2 or more; or a `CodeStore`.
        seed: Seed of the fit; the same one gives the same baseline.

    Returns:
        A `CodeBaseline`: `generate(num_images, seed)`, `generate_codes(num_codes, seed)`, `facts`.

    Raises:
        ValueError: For another kind, or codes that do not fit or are not finite.

    Example:

    ```python
    baseline = fit_baseline("gaussian", autoencoder, autoencoder.encode(images))
    images = baseline.generate(64, seed=0)
    ```
    """
    check_choice("kind", kind, KINDS)
    checks.check_autoencoder(autoencoder)
    began = time.perf_counter()
    points = _check_codes(codes, autoencoder)
    seed = check_seed(seed) % 2**32
    if kind == "prior":
        law, facts = fit_prior(autoencoder, points, seed)
    else:
        law, facts = _fit_standardised(kind, points, seed)
    facts |= {"own": False, "seconds": time.perf_counter() - began}
    return CodeBaseline(kind, autoencoder, law, points.min(axis=0), points.max(axis=0), facts)


def _check_codes(codes, autoencoder):
    """Returns the codes as a float32 array `(n, dim)`, or refuses them."""
    codes = codes.codes if isinstance(codes, CodeStore) else codes
    codes = np.asarray(codes, "float32")
    if codes.shape[1:] != autoencoder.code_shape:
        raise ValueError(
            f"A baseline of '{autoencoder.name}' is fitted to codes of shape "
            f"(n, {', '.join(map(str, autoencoder.code_shape))}); got {codes.shape}. Make codes "
            "with autoencoder.encode(images)."
        )
    if len(codes) < 2:
        raise ValueError(f"A baseline needs 2 codes or more; got {len(codes)}. Encode more images.")
    codes = codes.reshape(len(codes), -1)
    bad = np.flatnonzero(~np.isfinite(codes).all(axis=1))
    if len(bad):
        raise ValueError(
            f"Codes must be finite; {len(bad)} of {len(codes)} have a NaN or an infinite value, "
            f"the first is code {bad[0]}."
        )
    return codes


def _fit_standardised(kind, points, seed):
    """Fits a Gaussian or a mixture to codes of which each value has mean 0 and deviation 1."""
    mean = points.mean(axis=0, dtype="float64").astype("float32")
    scale = points.std(axis=0, dtype="float64").astype("float32")
    standardised = (points - mean) / np.where(scale > 0, scale, np.float32(1))
    law, facts = (
        fit_gaussian(standardised) if kind == "gaussian" else fit_mixture(standardised, seed)
    )
    return Restored(law, mean, scale), facts


class Restored:
    """A law of standardised codes, seen as a law of codes."""

    def __init__(self, law, mean, scale):
        self.law, self.mean, self.scale = law, mean, scale

    def sample(self, count, rng):
        """Draws: floats `(count, dim)`."""
        return self.law.sample(count, rng) * self.scale + self.mean
