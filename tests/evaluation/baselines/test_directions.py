"""Principal directions, and the noise outside them."""

import numpy as np
import pytest

from m2m_tf.evaluation.baselines.directions import find_directions


@pytest.mark.parametrize("dim", [12, 1100])
def test_codes_come_back_from_their_points(dim):
    rng = np.random.default_rng(0)
    codes = (rng.normal(size=(60, 7)) @ rng.normal(size=(7, dim)) + 5).astype("float32")
    directions = find_directions(codes)
    points = directions.along(codes)
    assert points.shape == (60, 7)
    np.testing.assert_allclose(points.T @ points / 60, np.eye(7), atol=1e-3)
    np.testing.assert_allclose(directions.restore(points, rng), codes, atol=1e-2)


def test_what_lies_outside_the_directions_of_wide_codes_is_noise_of_the_same_variance():
    rng = np.random.default_rng(0)
    deviations = rng.uniform(0.5, 2, size=1030)
    codes = (deviations * rng.normal(size=(1100, 1030))).astype("float32")
    codes[:, :3] += 50 * rng.normal(size=(1100, 3))
    directions = find_directions(codes)
    points = directions.along(codes)
    assert points.shape == (1100, 512)
    made = directions.restore(rng.normal(size=points.shape).astype("float32"), rng)
    np.testing.assert_allclose(made[:, :3].std(axis=0), 50, rtol=0.15)
    assert made[:, 3:].var(axis=0).sum() == pytest.approx(codes[:, 3:].var(axis=0).sum(), rel=0.1)


def test_constant_codes_have_no_direction():
    codes = np.full((9, 4), 3, "float32")
    directions = find_directions(codes)
    points = directions.along(codes)
    assert points.shape == (9, 0)
    np.testing.assert_array_equal(directions.restore(points, np.random.default_rng(0)), codes)
