"""PyTorch's convolutions with batch normalisation as Keras' convolutions with a bias."""

import numpy as np


def fold(kernel, scale, shift, mean, variance, epsilon):
    """The convolution that does what a convolution and its batch normalisation do together.

    Args:
        kernel: `(out, in, height, width)`, as PyTorch has it; `in` is 1 for a depthwise one.
        scale, shift: The normalisation's weight and bias, `(out,)`.
        mean, variance: Its running statistics, `(out,)`.
        epsilon: What it adds to the variance.

    Returns:
        (kernel, bias), float64, the kernel `(height, width, in, out)` as Keras has it.
    """
    kernel, scale, shift, mean, variance = (
        np.asarray(array, np.float64) for array in (kernel, scale, shift, mean, variance)
    )
    slope = scale / np.sqrt(variance + epsilon)
    return (kernel * slope[:, None, None, None]).transpose(2, 3, 1, 0), shift - mean * slope


def fold_depthwise(kernel, *normalisation):
    """As `fold`, for a depthwise convolution: the kernel is `(height, width, channels, 1)`."""
    kernel, bias = fold(kernel, *normalisation)
    return kernel.swapaxes(2, 3), bias
