"""Saturation: the bounds are the encoder's own, and bad input."""

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m
from m2m_tf.theory import saturation


def encoder(*last, shape=(4,)):
    return keras.Sequential([keras.Input(shape), layers.Dense(4), *last])


CODES = np.float32([[-1, -0.979, -0.981, 0], [1, 0.5, 0.99, 0.9]])


def test_the_share_of_a_tanh_counts_values_within_a_hundredth_of_the_interval():
    found = saturation(encoder(layers.Activation("tanh")), CODES)
    assert found.bounds == (-1.0, 1.0)
    assert found.share == 4 / 8


def test_the_share_of_a_sigmoid_counts_both_ends():
    codes = np.float32([[0.0, 0.009, 0.011, 0.5], [0.5, 0.98, 0.991, 1.0]])
    found = saturation(encoder(layers.Activation("sigmoid")), codes)
    assert (found.bounds, found.share) == ((0.0, 1.0), 0.5)


@pytest.mark.parametrize(
    ("last", "bounds"),
    [
        ([layers.Dense(4, activation="tanh"), layers.Reshape((2, 2))], (-1.0, 1.0)),
        ([layers.Dense(4, activation="hard_sigmoid"), layers.Dropout(0.5)], (0.0, 1.0)),
        ([keras.Sequential([layers.Dense(4), layers.Activation("softsign")])], (-1.0, 1.0)),
        ([layers.ReLU(max_value=6)], (0.0, 6.0)),
        ([layers.ReLU()], None),
        ([layers.Dense(4)], None),
        ([layers.Lambda(lambda x: x)], None),
    ],
)
def test_the_bounds_are_those_of_the_last_activation(last, bounds):
    model = encoder(*last)
    codes = np.full((3, *model.output_shape[1:]), 0.5, "float32")
    found = saturation(model, codes)
    assert found.bounds == bounds
    assert found.share == 0


def test_a_function_that_only_bears_the_name_of_tanh_has_no_bounds():
    def tanh(x):
        return 3 * x

    assert saturation(encoder(layers.Activation(tanh)), CODES).bounds is None


def test_the_paper_pair_ends_in_tanh_and_build_pair_has_no_bound():
    paper, _ = m2m.autoencoders.build_paper_pair(4)
    assert saturation(paper, CODES).bounds == (-1.0, 1.0)
    small, _ = m2m.autoencoders.build_pair((8, 8, 1), code_dim=4, width=2)
    found = saturation(small, 5 * CODES)
    assert found.bounds is None
    assert "'code'" in found.how


def test_unfit_codes_are_refused():
    bounded = encoder(layers.Activation("tanh"))
    for bad, message in (
        (CODES * 2, r"in \[-1, 1\], as the encoder ends in tanh"),
        (CODES[:, :3], r"shape \(n, 4\)"),
        (np.where(CODES > 0, np.nan, CODES), "finite"),
        (CODES[:0], "at least 1"),
    ):
        with pytest.raises(ValueError, match=message):
            saturation(bounded, bad)
