"""Models saved before the package's rooms were moved load, and generate the same images."""

from pathlib import Path

import numpy as np
import pytest

import m2m_tf as m2m

SAVED = Path(__file__).parent / "saved_before_the_rooms"


@pytest.mark.parametrize("name", ["mind", "mind/model.keras"])
def test_a_model_that_was_saved_before_generates_the_same_images(name):
    model = m2m.Mind2Mind.load(SAVED / name)
    images = np.asarray(model.generate(4, seed=0))
    np.testing.assert_allclose(images, np.load(SAVED / "images.npy"), atol=1e-5)
