"""The widest axes are those of PCA, by either of two small matrices."""

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import widest_axes as module
from m2m_tf.codes.widest_axes import widest_axes


def drawn(count, dim, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, dim)) * 0.8 ** np.arange(dim) + 3).astype("float32")


def unchanged(flat):
    return flat


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(2, 40),
    dim=st.integers(1, 40),
    most=st.integers(1, 12),
    at_once=st.integers(1, 9),
)
def test_they_are_the_principal_axes_whatever_the_shape_and_the_chunks(count, dim, most, at_once):
    codes = drawn(count, dim)
    mean, axes, variances, total = widest_axes(codes, unchanged, most, 4 * dim * at_once)
    centred = codes.astype("float64") - codes.mean(axis=0, dtype="float64")
    lengths = np.linalg.svd(centred, compute_uv=False) ** 2 / count
    kept = len(axes)
    assert kept == min(most, dim, max(1, count - 1) if dim > count else dim)
    np.testing.assert_allclose(mean, codes.mean(axis=0, dtype="float64"), rtol=1e-6)
    np.testing.assert_allclose(variances, lengths[:kept], rtol=1e-4, atol=1e-6 * lengths[0])
    np.testing.assert_allclose(total, lengths.sum(), rtol=1e-5)
    along = np.mean((centred @ axes.T) ** 2, axis=0)
    np.testing.assert_allclose(along, variances, rtol=1e-3, atol=1e-5 * lengths[0])


def test_they_are_orthonormal():
    _, axes, _, _ = widest_axes(drawn(30, 200), unchanged, 12, 1 << 20)
    np.testing.assert_allclose(axes @ axes.T, np.eye(12), atol=1e-4)


def test_codes_that_vary_in_fewer_directions_have_no_further_axes():
    codes = np.outer(np.arange(6.0), np.ones(50)).astype("float32")
    _, axes, variances, _ = widest_axes(codes, unchanged, 4, 1 << 20)
    assert variances[1] < 1e-6 * variances[0]
    assert not axes[1:].any() and np.isfinite(axes).all()


def test_of_more_wide_codes_than_its_matrix_takes_it_sees_some_spread_evenly(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 20)
    codes = drawn(100, 60)
    codes[50:] += 5  # a sample of the first ones alone would miss it
    mean, axes, _, total = widest_axes(codes, unchanged, 3, 1 << 20)
    assert abs(mean.mean() - codes.mean()) < 0.6
    step = np.ones(60) / np.sqrt(60)
    assert abs(axes[0] @ step) > 0.95
    assert total == pytest.approx(codes.var(axis=0).sum(), rel=0.3)


def test_other_threads_can_speak_while_axes_of_many_codes_are_found():
    codes, done, ticks = drawn(700, 1000), threading.Event(), []

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    products = (codes @ codes.T).astype("float64")
    with module.one_thread():  # looks for the libraries, once
        first = len(ticks)
    module._largest(products, 600)
    done.set()
    thread.join()
    assert len(ticks) - first > 10, f"{len(ticks) - first} ticks"
