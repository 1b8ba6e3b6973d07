"""A contender is what the model generates, whatever the batches."""

import numpy as np
import pytest

from m2m_tf.evaluation.contender import contend
from m2m_tf.features import get_extractor

pytestmark = pytest.mark.slow


def test_a_contender_is_what_the_model_generates(trained):
    extractor = get_extractor("pixels", (28, 28, 1))
    contender = contend("generated", trained, extractor, 300, seed=3)
    images = trained.generate(300, seed=3)
    np.testing.assert_allclose(contender.images, images[:64], atol=1e-5)
    np.testing.assert_allclose(contender.features.values, extractor(images).values, atol=1e-5)
    np.testing.assert_array_equal(contender.codes, trained.generate_codes(300, seed=3))
