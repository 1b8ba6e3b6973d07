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


def test_so_does_one_with_a_layer_whose_module_moved():
    """Its file names `m2m_tf.autoencoders.style_pair`, where `FixedNoise` was."""
    images = np.asarray(m2m.Mind2Mind.load(SAVED / "styles.keras").generate(4, 0, label=[0, 1] * 2))
    np.testing.assert_allclose(images, np.load(SAVED / "styles.npy"), atol=1e-5)
