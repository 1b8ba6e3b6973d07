"""The sizes of a pair."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.autoencoders.pairs.plan import plan_pair


def test_a_vector_is_shrunk_to_until_the_map_is_8_pixels_or_odd():
    plan = plan_pair((28, 28, 1), (16,), 4)
    assert not plan.is_map and plan.first_stride == 2
    assert plan.filters == (4, 8) and plan.smallest_map == (7, 7, 8)
    assert plan.thumbnail_shape == (28, 28, 1)
    assert plan_pair((64, 64, 3), (16,), 4).smallest_map == (8, 8, 16)


def test_a_map_is_shrunk_to_its_own_sides():
    plan = plan_pair((64, 48, 3), (8, 6, 16), 4)
    assert plan.is_map and plan.shrinkage == 8 and plan.smallest_map[:2] == (8, 6)
    assert plan.patch == 8 and plan.enlargements[-1][1] == plan.first_stride == 2


@given(
    sides=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    channels=st.sampled_from([1, 3]),
    halvings=st.integers(1, 3),
)
def test_every_multiple_of_8_has_a_plan_of_each_kind(sides, channels, halvings):
    image_shape = (8 * sides[0], 8 * sides[1], channels)
    code_map = (*(side // 2**halvings for side in image_shape[:2]), 2)
    for code_shape in ((3,), code_map):
        plan = plan_pair(image_shape, code_shape, 1)
        assert tuple(side * plan.shrinkage for side in plan.smallest_map[:2]) == image_shape[:2]
        enlarged = math.prod(stride for _, stride in plan.enlargements)
        assert enlarged == plan.shrinkage and min(plan.smallest_map) >= 1
        thumbnail = plan.thumbnail_shape
        assert tuple(side * plan.thumbnail_factor for side in thumbnail[:2]) == image_shape[:2]
    assert plan.smallest_map[:2] == code_map[:2] and plan.patch >= 1


def test_large_images_cost_little_more_than_small_ones():
    plans = [plan_pair((side, side, 3), (8,), 4) for side in (64, 1024)]
    assert [plan.image_shape[0] // plan.first_stride for plan in plans] == [32, 64]
    assert plans[1].thumbnail_shape == (32, 32, 3)


@pytest.mark.parametrize("code_shape", [(7, 8, 4), (8, 8), (3, 3, 4), (64, 64, 1), (128, 128, 1)])
def test_maps_that_do_not_fit_the_image_are_refused_with_those_that_do(code_shape):
    with pytest.raises(ValueError, match=r"one of \(32, 32, channels\), \(16, 16, channels\)"):
        plan_pair((64, 64, 3), code_shape, 4)


def test_a_map_that_holds_more_than_the_image_is_refused():
    with pytest.raises(ValueError, match="holds more than the 12 values of the patch"):
        plan_pair((64, 64, 3), (32, 32, 13), 4)


@pytest.mark.parametrize("image_shape", [(28, 30, 1), (4, 28, 1), (28, 28, 2), (27, 28, 3)])
def test_image_shapes_outside_the_family_are_refused(image_shape):
    with pytest.raises(ValueError, match="multiples of 4.*--image_size"):
        plan_pair(image_shape, (8,), 4)
