"""Lipschitz constants of activations are above every slope, and not far above."""

import keras
import numpy as np
import pytest

from m2m_tf.theory.activation_slopes import SLOPES, activation_slope

POINTS = np.linspace(-12, 12, 4801)  # 0.005 apart


@pytest.mark.parametrize("name", sorted(set(SLOPES) - {"softmax"}))
def test_the_constant_is_the_steepest_slope_between_near_points(name):
    values = np.asarray(keras.activations.get(name)(POINTS.astype("float64")), "float64")
    steepest = np.abs(np.diff(values) / np.diff(POINTS)).max()
    assert steepest <= SLOPES[name] * (1 + 1e-3)  # rounding
    assert steepest >= SLOPES[name] * 0.98


def test_the_constant_of_softmax_bounds_its_jacobian_and_is_reached():
    draws = np.random.default_rng(0).normal(size=(2000, 4), scale=3)
    points = np.concatenate([draws, [[0, 0, -40, -40]]])
    found = np.exp(points) / np.exp(points).sum(axis=1, keepdims=True)
    jacobians = found[:, :, None] * np.eye(4) - found[:, :, None] * found[:, None]
    norms = np.linalg.norm(jacobians, 2, axis=(1, 2))
    assert norms.max() <= 0.5 + 1e-12 and norms[-1] == pytest.approx(0.5)


def test_a_function_of_a_users_own_has_none():
    def tanh(x):
        return 5 * x

    assert activation_slope(tanh) is None
    assert activation_slope(keras.activations.tanh) == 1
    assert activation_slope(keras.activations.exponential) is None
