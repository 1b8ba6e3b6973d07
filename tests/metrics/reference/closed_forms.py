"""Feature sets with exact moments, whose Fréchet distance is known in closed form."""

import numpy as np


def closed_forms():
    """`{name: (real, generated, distance)}`."""
    rng = np.random.RandomState(0)
    wide, narrow = rng.uniform(0.1, 9.0, 12), rng.uniform(0.1, 9.0, 12)
    shift = rng.normal(size=12)
    turn = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    low, other = wide.copy(), narrow.copy()
    low[3:8], other[6:10] = 0.0, 0.0
    roots = np.sum((np.sqrt(wide) - np.sqrt(narrow)) ** 2)
    spread = _features(1, wide, turn)
    return {
        "shifted": (spread, spread + shift, shift @ shift),
        "scaled about the mean": (spread, 3 * spread + shift, shift @ shift + 4 * wide.sum()),
        "diagonal": (_features(1, wide), _features(2, narrow), roots),
        "commuting": (spread, _features(2, narrow, turn, 0.5), 12 * 0.25 + roots),
        "rank-deficient": (
            _features(1, low, turn),
            _features(2, other, turn),
            np.sum((np.sqrt(low) - np.sqrt(other)) ** 2),
        ),
        "in orthogonal subspaces": (
            _features(1, np.repeat([2.0, 0.0], 6), turn),
            _features(2, np.repeat([0.0, 3.0], 6), turn),
            30.0,
        ),
        "two features, turned": _two_features(),
        "one feature": (_features(1, [4.0]), _features(2, [9.0], shift=2.0), 1.0 + 4.0),
    }


def _features(seed, variances, turn=None, shift=0.0, count=60):
    """Features of mean `shift` and covariance `turn @ diag(variances) @ turn.T`, exactly."""
    draws = np.random.RandomState(seed).normal(size=(count, len(variances)))
    left, _, right = np.linalg.svd(draws - draws.mean(axis=0), full_matrices=False)
    spread = np.sqrt(count - 1) * left @ right * np.sqrt(variances)
    return shift + (spread if turn is None else spread @ turn.T)


def _two_features():
    """Of 2x2 matrices, `trace(root(M)) = root(trace(M) + 2 root(det(M)))`."""
    turn = np.array([[3.0, -4.0], [4.0, 3.0]]) / 5
    first, second = np.diag([4.0, 1.0]), turn @ np.diag([2.0, 0.5]) @ turn.T
    trace = np.sqrt(np.trace(first @ second) + 2 * np.sqrt(np.linalg.det(first @ second)))
    return _features(1, [4.0, 1.0]), _features(2, [2.0, 0.5], turn), 7.5 - 2 * trace
