"""Linear algebra in one thread."""

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from m2m_tf.one_thread import one_thread


def threads(*kinds):
    """The number of threads of each library of these kinds."""
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] in kinds]


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2):
        yield


def test_every_library_of_linear_algebra_has_one_thread_inside_and_as_many_as_before_after():
    assert set(threads("blas")) == {2}
    with one_thread():
        assert set(threads("blas")) == {1} and set(threads("openmp")) == {2}
    assert set(threads("blas")) == {2}


def test_both_kinds_of_libraries_are_held_where_that_is_asked_for():
    with one_thread(None):
        assert set(threads("blas", "openmp")) == {1}
    assert set(threads("blas", "openmp")) == {2}


def test_an_error_inside_gives_the_threads_back():
    with pytest.raises(RuntimeError), one_thread():
        raise RuntimeError
    assert set(threads("blas")) == {2}
