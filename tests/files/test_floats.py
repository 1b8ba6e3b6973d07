"""Numbers of a file as float32."""

import numpy as np
import pytest

from m2m_tf.files.floats import widened

NUMBERS = [0.0, -0.0, 1.0, -2.5, 0.15625, np.inf, -np.inf]


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_floats_keep_their_value(kind):
    found = widened(np.array(NUMBERS, kind).astype(f"<f{np.dtype(kind).itemsize}").tobytes(), kind)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.float32(NUMBERS))


def test_a_bfloat16_is_the_upper_half_of_a_float32():
    halves = (np.array(NUMBERS, "<f4").view("<u4") >> 16).astype("<u2")
    np.testing.assert_array_equal(widened(halves.tobytes(), "bfloat16"), np.float32(NUMBERS))


def test_numbers_that_are_none_stay_none():
    assert np.isnan(widened(np.array([np.nan], "<f2").tobytes(), "float16")).all()
