"""Mean and covariance of more rows than memory holds, in one pass."""

import numpy as np


class Moments:
    """The mean of rows and how they vary around it, from parts that are added one by one.

    Parts are joined by their means, so that nothing is subtracted from something as large, and
    moments of several processes' parts are joined in the same way.

    Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
    sample variances" (1979), equations 2.1.

    Args:
        diagonal: Whether only the variances of the values are kept, and not their covariances.

    Attributes:
        count: How many rows were added.
        mean: Of the rows, float64 `(dim,)`.

    Example:

    ```python
    moments = Moments()
    for part in parts:  # (n, dim)
        moments.add(part)
    moments.covariance  # (dim, dim)
    ```
    """

    def __init__(self, diagonal=False):
        self.diagonal, self.count = diagonal, 0
        self.mean, self._scatter = np.float64(0.0), np.float64(0.0)

    def add(self, rows):
        """Adds rows, a float array `(n, dim)`: products are in its precision, sums in float64."""
        part = Moments(self.diagonal)
        part.count, part.mean = len(rows), rows.mean(axis=0, dtype="float64")
        left = rows - part.mean.astype(rows.dtype)
        part._scatter = self._products(left, left)
        self.join(part)

    def join(self, other):
        """Adds the rows that were added to other `Moments`."""
        apart, count = other.mean - self.mean, self.count + other.count
        between = self._products(apart[None], apart[None]) * (self.count * other.count / count)
        self._scatter = self._scatter + other._scatter + between
        self.mean = self.mean + apart * (other.count / count)
        self.count = count

    def _products(self, first, second):
        if self.diagonal:
            return (first * second).sum(axis=0, dtype="float64")
        return (first.T @ second).astype("float64")

    @property
    def variance(self):
        """Of each value, `(dim,)`."""
        scatter = self._scatter if self.diagonal else np.diagonal(self._scatter)
        return scatter / self.count

    @property
    def covariance(self):
        """Of the values, `(dim, dim)`; not where only variances are kept."""
        return self._scatter / self.count
