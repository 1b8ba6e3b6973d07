"""A rigorous upper bound on the spectral norm of a convolution with zero padding."""

import numpy as np

from m2m_tf.theory.spectral_norm import largest_spectral_norm

FINE, MOST = 16, 32  # frequencies a unit of degree, and in all where the kernel allows


def convolution_norm(kernel, strides=(1, 1)):
    """Bounds the spectral norm of a strided convolution from above, whatever the image's size.

    With zero padding the convolution is a part of the one on the infinite lattice, whose norm is
    the supremum over frequencies of its symbol's. A stride makes each output see a block of
    inputs: the blocks are taken as channels, which changes no norm. The supremum is bounded from a
    grid of N frequencies: a trigonometric polynomial of degree d has a grid value of at least
    cos(pi d / N) times its maximum (M. Riesz, 1914), for each axis. The transposed convolution has
    the same norm, dilation changes nothing.

    Source: the symbol, Sedghi, Gupta and Long, arXiv 1805.10408; proof in docs/theory.md.

    Args:
        kernel: float array `(height, width, inputs, outputs)`.
        strides: `(down, across)`.

    Returns:
        A float, at most 1.18 times the norm on the infinite lattice for kernels below 10 x 10.

    Example:

    ```python
    norm = convolution_norm(layer.kernel.numpy(), layer.strides)
    ```
    """
    kernel = _strides_as_channels(np.asarray(kernel, "float64"), strides)
    degrees = [size // 2 for size in kernel.shape[:2]]
    grid = [_grid_size(degree) for degree in degrees]
    largest = 0.0
    for row in range(grid[0] // 2 + 1):  # a real kernel: opposite frequencies have equal norms
        phases = np.exp(-2j * np.pi * row / grid[0] * np.arange(kernel.shape[0]))
        symbol = np.fft.fft(np.tensordot(phases, kernel, 1), n=grid[1], axis=0)
        largest = largest_spectral_norm(symbol, largest)
    between = [np.cos(np.pi * degree / size) for degree, size in zip(degrees, grid, strict=True)]
    return float(largest / np.prod(between))


def _grid_size(degree):
    return max(1, min(FINE * degree, MOST), 4 * degree)


def _strides_as_channels(kernel, strides):
    """The stride-1 convolution on blocks of pixels that does the same."""
    (down, across), (height, width, inputs, outputs) = strides, kernel.shape
    rows, columns = -(-height // down), -(-width // across)
    padded = np.zeros((rows * down, columns * across, inputs, outputs))
    padded[:height, :width] = kernel
    blocks = padded.reshape(rows, down, columns, across, inputs, outputs)
    return blocks.transpose(0, 2, 1, 3, 4, 5).reshape(rows, columns, -1, outputs)
