"""The sets that come with the package."""

import numpy as np
import pytest

from m2m_tf.data.readers.demo import read_demo, read_demo_labels


def test_the_digits_have_their_labels():
    digits, labels = read_demo("digits"), read_demo_labels("digits")
    assert digits.shape == (10_000, 28, 28) and digits.dtype == np.uint8
    assert labels.shape == (10_000,) and set(labels) == set(range(10))
    ink = [digits[labels == label].mean() for label in (0, 1)]
    assert ink[0] > 2 * ink[1]  # a nought takes more ink than a one


def test_the_faces_are_in_colour_and_have_no_labels():
    faces = read_demo("faces")
    assert faces.shape == (1_500, 64, 64, 3) and faces.dtype == np.uint8
    assert np.ptp(faces.reshape(1_500, -1), axis=1).min() > 100
    with pytest.raises(ValueError, match="demo:faces has no labels; demo:digits has"):
        read_demo_labels("faces")


@pytest.mark.parametrize("name, near", [("digit", "Did you mean demo:digits"), ("letters", "")])
def test_an_unknown_set_is_refused_and_near_names_are_offered(name, near):
    with pytest.raises(ValueError, match=f"one of demo:digits, demo:faces; .*{near}"):
        read_demo(name)
