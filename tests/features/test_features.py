"""Features: what is refused when they are made."""

import numpy as np
import pytest

from m2m_tf.features import Features


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(bad):
    with pytest.raises(ValueError, match="image 1 "):
        Features(np.array([[1.0], [bad]]), "pixels")


@pytest.mark.parametrize("shape", [(3,), (3, 2, 2), (0, 4), (4, 0)])
def test_features_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(n, dim\)"):
        Features(np.zeros(shape), "pixels")
