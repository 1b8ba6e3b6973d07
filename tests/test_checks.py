"""Checks of arguments that many take."""

import numpy as np
import pytest

from m2m_tf.checks import (
    batch_size_of,
    check_choice,
    check_finite,
    check_image_shape,
    check_number,
    check_rate,
    check_seed,
    check_short_seed,
    check_whole,
)


@pytest.mark.parametrize("value", [0, -1, 2.5, 2.0, True, None, "many", np.nan])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(ValueError, match="limit must be a whole number of 1 or more; got "):
        check_whole("limit", value)


@pytest.mark.parametrize("value", [2, np.int64(2), np.uint8(200), 10**30])
def test_whole_numbers_pass_those_of_numpy_too(value):
    checked = check_whole("limit", value, at_least=2)
    assert checked == value and type(checked) is int


@pytest.mark.parametrize("value", [0, 0.5, np.float32(0.5), np.int64(0), np.float64(0.5)])
def test_a_number_comes_back_as_a_float_of_pythons(value):
    for checked in (check_number("A share", value, below=1), check_rate(value + 1)):
        assert type(checked) is float
    assert check_number("A share", value, below=1) == value


@pytest.mark.parametrize("value", [0, -1.0, np.nan, np.inf, None, "1e-3"])
def test_what_is_no_learning_rate_is_refused(value):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0; got "):
        check_rate(value)


def test_a_short_seed_comes_back_as_an_int():
    assert type(check_short_seed(np.int64(7))) is int


def test_a_whole_number_below_the_least_is_refused():
    with pytest.raises(ValueError, match="limit must be a whole number of 12 or more; got 11"):
        check_whole("limit", 11, at_least=12)


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, np.nan, np.inf, None, "high"])
def test_a_number_out_of_its_range_is_refused(value):
    with pytest.raises(ValueError, match=r"decay lies in \[0, 1\); got "):
        check_number("decay lies in [0, 1)", value, below=1)


@pytest.mark.parametrize("value", [0, 0.5, np.float32(1), 1])
def test_the_end_of_a_closed_range_passes_and_what_lies_above_does_not(value):
    check_number("A share lies in [0, 1]", value, most=1)
    with pytest.raises(ValueError, match=r"A share lies in \[0, 1\]; got 1.1"):
        check_number("A share lies in [0, 1]", 1.1, most=1)


def test_a_weight_is_finite():
    check_number("weight is 0 or more", 1e30)
    with pytest.raises(ValueError, match="weight is 0 or more; got inf"):
        check_number("weight is 0 or more", np.inf)


def test_a_choice_is_given_back_and_another_is_refused():
    assert check_choice("fit", "crop", ("crop", "pad")) == "crop"
    with pytest.raises(ValueError, match="fit must be one of 'crop', 'pad'; got 'cover'"):
        check_choice("fit", "cover", ("crop", "pad"))


@pytest.mark.parametrize("seed", [0, -(2**62), 2**62, np.int64(7)])
def test_a_seed_comes_back_as_an_int(seed):
    assert check_seed(seed) == seed and type(check_seed(seed)) is int


@pytest.mark.parametrize("seed", [0.5, "one", None, 2**62 + 1])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ValueError, match="A seed is a whole number of at most 2.62"):
        check_seed(seed)


@pytest.mark.parametrize(("seed", "said"), [(-1, "0 or more"), (2**32, "below 2"), (0.5, "whole")])
def test_what_is_no_short_seed_is_refused(seed, said):
    check_short_seed(2**32 - 1)
    with pytest.raises(ValueError, match=f"seed must be .*{said}"):
        check_short_seed(seed)


def test_the_bound_of_a_short_seed_is_given_in_bits():
    check_short_seed(2**31 - 1, bits=31)
    with pytest.raises(ValueError, match="below 2.{2}31; got 2147483648"):
        check_short_seed(2**31, bits=31)


@pytest.mark.parametrize("wrong", [0, -1, 2.5, "8", True])
def test_a_batch_size_is_whole_or_the_default(wrong):
    assert (batch_size_of(None, 7), batch_size_of(np.int64(8), 7)) == (7, 8)
    with pytest.raises(ValueError, match="batch_size must be a whole number of 1 or more"):
        batch_size_of(wrong, 7)


@pytest.mark.parametrize("shape", [(64, 32, 3), [64, 32, 3], np.array([64, 32, 3])])
def test_a_shape_of_images_comes_back_as_ints(shape):
    checked = check_image_shape(shape)
    assert checked == (64, 32, 3) and all(type(side) is int for side in checked)


@pytest.mark.parametrize(
    "shape", [64, None, "64", (64, 64), (64, 64, 2), (None, None, 3), (0, 64, 3), (64.5, 64, 3)]
)
def test_what_is_no_shape_of_images_is_refused(shape):
    with pytest.raises(ValueError, match="Expected an image_shape for images of shape .height"):
        check_image_shape(shape)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_the_first_row_that_is_not_finite_is_named(bad):
    rows = np.zeros((3, 2, 2))
    check_finite("Expected codes", rows, "")
    check_finite("Expected codes", rows[:0], "")
    rows[1:, 0, 1] = bad
    with pytest.raises(ValueError, match="of finite numbers; of 3 given, number 1, .* Mend it."):
        check_finite("Expected codes", rows, "Mend it.")
