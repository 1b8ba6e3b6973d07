"""The maps that the perceptual term compares."""

import numpy as np
import pytest

from m2m_tf.features.feature_maps import build_feature_maps


@pytest.mark.slow
def test_maps_of_four_depths_are_of_the_image_whatever_its_colour(digits):
    grey, colour = (build_feature_maps((32, 64, channels)) for channels in (1, 3))
    images = np.repeat(np.pad(digits[:2], ((0, 0), (2, 2), (18, 18), (0, 0))), 3, axis=-1)
    of_grey, of_colour = grey(images[..., :1]), colour(images)
    expected = [(2, 16, 32, 16), (2, 8, 16, 24), (2, 4, 8, 40), (2, 2, 4, 112)]
    assert [tuple(maps.shape) for maps in of_grey] == expected
    for ours, theirs in zip(of_grey, of_colour, strict=True):
        assert np.std(ours) > 0.01
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert not grey.trainable_weights
