"""How many images are worked on at once."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.data import default_batch_size


@pytest.mark.parametrize(
    ("shape", "count"),
    [((28, 28, 1), 256), ((128, 128, 3), 170), ((256, 256, 3), 42), ((1024, 1024, 3), 2)],
)
def test_it_is_256_and_fewer_where_images_are_large(shape, count):
    assert default_batch_size(shape) == count


@given(st.tuples(st.integers(1, 9000), st.integers(1, 9000), st.sampled_from([1, 3])))
def test_they_take_32_mib_at_most_but_for_a_single_image(shape):
    count = default_batch_size(shape)
    assert 1 <= count <= 256
    assert count == 1 or count * math.prod(shape) * 4 <= 1 << 25
