"""Whether draws of a law lie as far from the codes of its fit as those do from each other."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

from m2m_tf.metrics.memorisation import CLOSEST_SHARE, NEIGHBOURS

MOST = 0.02  # of the draws may be close; 0.03 is flagged as copying
ASKED = 4000  # codes that say what is close


def keeps_distance(codes, draws):
    """Whether at most 2 % of the draws are as close to a code as the closest 1 % of codes are.

    Close is the distance to the nearest code over the mean distance to the nearest 20, as in
    `m2m_tf.metrics.memorisation`: what a law of the codes must not do, told without held-out codes.

    Args:
        codes: float32 `(n, dim)`, that the law was fitted to.
        draws: float32 `(m, dim)`.
    """
    if len(codes) < 3:
        return True
    neighbours = min(NEIGHBOURS, len(codes) - 1)
    search = NearestNeighbors(n_neighbors=neighbours, algorithm="brute").fit(codes)
    asked = codes[np.linspace(0, len(codes) - 1, min(len(codes), ASKED)).astype(int)]
    itself = 1  # each code is its own nearest
    of_codes = search.kneighbors(asked, neighbours + itself)[0][:, itself:]
    bound = np.quantile(_relative(of_codes), CLOSEST_SHARE)
    return np.mean(_relative(search.kneighbors(draws)[0]) < bound) <= MOST


def _relative(distances):
    """The distance to the nearest over the mean of all, where those are not 0."""
    mean = distances.mean(axis=1)
    return np.divide(distances[:, 0], mean, out=np.zeros_like(mean), where=mean > 0)
