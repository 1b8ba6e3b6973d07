"""The largest singular value of many matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.theory.spectral_norm import largest_spectral_norm


@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(1, 5)] * 3), st.booleans())
def test_it_is_that_of_a_decomposition_of_each(seed, shape, is_complex):
    draws = np.random.default_rng(seed)
    matrices = draws.normal(size=shape)
    if is_complex:
        matrices = matrices + 1j * draws.normal(size=shape)
    expected = np.linalg.svd(matrices, compute_uv=False).max()
    assert largest_spectral_norm(matrices) == pytest.approx(expected, rel=1e-10)


def test_what_is_found_already_is_given_back_where_nothing_is_larger():
    matrices = np.stack([np.eye(3), 2 * np.eye(3)])
    assert largest_spectral_norm(matrices, at_least=5.0) == 5
    assert largest_spectral_norm(matrices, at_least=1.5) == 2


def test_one_matrix_and_stacks_of_stacks_are_taken():
    assert largest_spectral_norm([[3.0, 0.0], [0.0, -4.0]]) == 4
    assert largest_spectral_norm(np.full((2, 3, 1, 1), -7, "float32")) == 7
    assert largest_spectral_norm(np.zeros((2, 3, 3))) == 0
