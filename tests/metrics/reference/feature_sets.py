"""Feature sets from seeds, so that reference values can be stored without the features.

`RandomState` draws the same numbers in every version of NumPy.
"""

import numpy as np


def feature_sets():
    """`{name: (real, generated)}`, float64 arrays `(n, dim)` and `(m, dim)`."""
    return {
        "independent": _gaussian(1, 8, 500, 400),
        "correlated": _correlated(2, 32, 1000, 1000),
        "far from zero": _shifted(3, 16, 600, 500),
        "nearly singular": _decaying(4, 64, 600, 700),
        "rectified": _rectified(5, 128, 1000, 800),
        "wide": _correlated(6, 256, 400, 300),
        "fewer samples than features": _gaussian(7, 64, 50, 40),
    }


def lines():
    """`{name: (real, generated)}` of one feature, for distances along a line."""
    rng = np.random.RandomState(8)
    return {
        "equal counts": (rng.normal(size=(200, 1)), 0.5 + rng.normal(size=(200, 1))),
        "unequal counts": (rng.normal(size=(200, 1)), rng.exponential(size=(131, 1))),
        "ties": (rng.randint(0, 5, (90, 1)) * 1.0, rng.randint(0, 7, (60, 1)) * 1.0),
    }


def clouds():
    """`{name: (real, generated)}` of few points, for exact assignments."""
    rng = np.random.RandomState(9)
    return {
        f"{dim} features": (rng.normal(size=(60, dim)), 0.3 + 1.5 * rng.normal(size=(60, dim)))
        for dim in (2, 8, 64)
    }


def _gaussian(seed, dim, real_count, generated_count):
    rng = np.random.RandomState(seed)
    real = rng.normal(size=(real_count, dim))
    return real, 0.4 + 1.3 * rng.normal(size=(generated_count, dim))


def _correlated(seed, dim, real_count, generated_count):
    rng = np.random.RandomState(seed)
    mixing = rng.normal(size=(dim, dim)) / np.sqrt(dim)
    real = rng.normal(size=(real_count, dim)) @ mixing
    other = mixing + 0.2 * rng.normal(size=(dim, dim)) / np.sqrt(dim)
    return real, 0.1 + rng.normal(size=(generated_count, dim)) @ other


def _shifted(seed, dim, real_count, generated_count):
    real, generated = _gaussian(seed, dim, real_count, generated_count)
    return 100 + real, 100 + generated


def _decaying(seed, dim, real_count, generated_count):
    """Covariances whose eigenvalues fall to a billionth of the largest, along other directions."""
    rng = np.random.RandomState(seed)
    scales = np.logspace(0, -4.5, dim)
    turns = [np.linalg.qr(rng.normal(size=(dim, dim)))[0] for _ in range(2)]
    real = rng.normal(size=(real_count, dim)) * scales @ turns[0]
    return real, 0.05 + rng.normal(size=(generated_count, dim)) * scales @ turns[1]


def _rectified(seed, dim, real_count, generated_count):
    """As a network's last layer gives them: none negative, some always 0."""
    rng = np.random.RandomState(seed)
    mixing, bias = rng.normal(size=(16, dim)), rng.normal(size=dim)
    bias[: dim // 8] = -50.0
    real = rng.normal(size=(real_count, 16)) @ mixing + bias
    generated = 1.1 * rng.normal(size=(generated_count, 16)) @ mixing + bias
    return np.maximum(real, 0), np.maximum(generated, 0)
