"""The bound of a convolution is above its norm on any image, and not far above."""

import keras
import numpy as np
import pytest

from m2m_tf.theory.convolution_norm import convolution_norm


def norm_on_images(kernel, strides, size):
    """The spectral norm of the convolution's matrix on images of a size."""
    inputs = kernel.shape[2]
    basis = np.eye(size * size * inputs, dtype="float32").reshape(-1, size, size, inputs)
    made = keras.ops.conv(basis, kernel.astype("float32"), strides, "same")
    return np.linalg.norm(np.reshape(made, (len(basis), -1)), 2)


@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (2, 1), (3, 2)])
@pytest.mark.parametrize("shape", [(3, 3, 2, 3), (4, 4, 1, 2), (5, 1, 2, 2), (1, 1, 3, 2)])
def test_it_bounds_the_norm_on_images_and_is_reached_but_for_a_fifth(shape, strides):
    kernel = np.random.default_rng(sum(shape)).normal(size=shape)
    bound = convolution_norm(kernel, strides)
    norm = norm_on_images(kernel, strides, 12)
    assert norm <= bound * (1 + 1e-5)
    assert bound <= 1.3 * norm  # 1.18 of the infinite lattice, and the border of a small image


def test_a_kernel_of_one_pixel_has_the_norm_of_its_matrix():
    matrix = np.random.default_rng(0).normal(size=(4, 3))
    assert convolution_norm(matrix[None, None]) == pytest.approx(np.linalg.norm(matrix, 2))


def test_a_mean_over_pixels_has_norm_one():
    assert 1 <= convolution_norm(np.full((3, 3, 1, 1), 1 / 9)) <= 1.18


def test_it_grows_as_the_kernel_does():
    kernel = np.random.default_rng(1).normal(size=(3, 3, 2, 2))
    assert convolution_norm(-3 * kernel) == pytest.approx(3 * convolution_norm(kernel))
