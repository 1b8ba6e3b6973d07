"""What the theory is given is points, codes of the autoencoder, and codes of these images."""

import numpy as np
import pytest

from m2m_tf.theory.checks import check_codes, check_codes_of, check_points

POINTS = np.zeros((4, 3), "float32")


def with_value(value, row):
    points = POINTS.copy()
    points[row, 1] = value
    return points


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.zeros(4), r"float array \(n, ...\); got shape \(4,\)"),
        (np.array([["a", "b"]] * 3), "got shape .* of <U1"),
        (POINTS[:1], "at least 2 points; got 1"),
        (with_value(np.nan, 2), "number 2 holds a NaN .* 1 of 4"),
        (with_value(np.inf, 0), "number 0 holds"),
    ],
)
def test_what_is_no_set_of_points_is_refused(points, message):
    assert check_points(POINTS, "points") is POINTS
    with pytest.raises(ValueError, match=message):
        check_points(points, "points")


def test_codes_of_another_shape_are_refused_and_others_are_float32(shared_autoencoder):
    assert check_codes(np.zeros((3, 16)), shared_autoencoder).dtype == np.float32
    with pytest.raises(ValueError, match=r"shape \(n, 16\), as 'tiny' makes them; got \(3, 4\)"):
        check_codes(np.zeros((3, 4)), shared_autoencoder)


def test_codes_of_other_images_or_in_another_order_are_refused(shared_autoencoder, digits):
    codes = shared_autoencoder.encode(digits[:9])
    check_codes_of(shared_autoencoder, digits[:9], codes * (1 + 1e-4))
    with pytest.raises(ValueError, match="not what 'tiny' makes of these images: they differ by"):
        check_codes_of(shared_autoencoder, digits[:9], codes[::-1])
