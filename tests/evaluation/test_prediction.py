"""What a mind is expected to reach lies between its floor and its prior."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.evaluation.prediction import expected_fid

fids = st.floats(0, 1e4)


@given(floor=fids, above=fids)
def test_the_expected_fid_lies_between_the_floor_and_the_prior(floor, above):
    assert floor <= expected_fid(floor, floor + above) <= floor + above


@given(floor=fids, prior=fids, more=st.floats(0.1, 100))
def test_a_worse_floor_or_prior_is_never_expected_to_give_better_images(floor, prior, more):
    expected = expected_fid(floor, prior)
    assert expected_fid(floor, prior + more) >= expected
    assert expected_fid(floor + more, prior) >= expected


def test_a_prior_below_the_floor_promises_the_floor():
    assert expected_fid(5.0, 3.0) == pytest.approx(5.0)
