"""The largest singular value of many matrices, with few decompositions."""

import numpy as np


def largest_spectral_norm(matrices, at_least=0.0):
    """Returns the largest singular value among a stack of matrices.

    `|G²|_F` is at least the square of the largest eigenvalue of a Gram matrix G: one that lies
    below what is found already needs no decomposition.

    Args:
        matrices: real or complex array `(..., rows, columns)`.
        at_least: What is found already; returned where no matrix has a larger one.

    Returns:
        A float, exact up to float64's rounding.

    Example:

    ```python
    norm = largest_spectral_norm(layer.kernel.numpy())
    ```
    """
    matrices = np.asarray(matrices)
    matrices = matrices.reshape(-1, *matrices.shape[-2:])
    matrices = matrices.astype(np.result_type(matrices.dtype, "float64"))
    adjoints = matrices.conj().swapaxes(-1, -2)
    few = matrices.shape[-2] < matrices.shape[-1]
    grams = matrices @ adjoints if few else adjoints @ matrices
    bounds = np.sqrt(np.linalg.norm(grams @ grams, axis=(-2, -1)))
    largest = at_least**2
    for i in np.argsort(-bounds):
        if bounds[i] <= largest:
            break
        largest = max(largest, np.linalg.eigvalsh(grams[i])[-1])
    return float(np.sqrt(largest))
