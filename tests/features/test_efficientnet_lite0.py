"""EfficientNet-Lite0 against PyTorch's forward pass, and on images of other kinds.

`scripts/efficientnet_lite0.py` stored PyTorch's features of two drawn images, with the weights as
they came, in `efficientnet_lite0_reference.npz`.
"""

from pathlib import Path

import numpy as np
import pytest

from m2m_tf.features import get_extractor, weights

REFERENCE = Path(__file__).parent / "efficientnet_lite0_reference.npz"


@pytest.fixture(scope="module")
def extractor():
    return get_extractor("auto", (64, 64, 3))


def drawn_images():
    """As the script draws them: noise on squares of 32 pixels, uint8 `(2, 224, 224, 3)`."""
    random = np.random.RandomState(0)
    squares = random.randint(0, 256, (2, 7, 7, 3)).repeat(32, axis=1).repeat(32, axis=2)
    return np.clip(squares + random.randint(-20, 21, squares.shape), 0, 255).astype("uint8")


def test_the_features_are_pytorchs_up_to_the_rounding_of_the_weights(extractor):
    features = extractor(drawn_images())
    expected = weights.read_arrays(REFERENCE)["features"]
    assert (features.extractor, features.resize) == ("efficientnet_lite0", "none")
    assert features.values.shape == expected.shape == (2, 1280)
    distance = np.abs(features.values - expected).max() / np.abs(expected).max()
    said = weights.read_card("efficientnet_lite0")["largest_difference_float16"]
    assert distance == pytest.approx(said, abs=2e-5) and distance < 2e-3


def test_small_grey_images_become_large_colour_ones(extractor, digits):
    features = extractor(digits[:3])
    assert features.values.shape == (3, 1280) and features.resize == "bilinear"
    assert any("grey images to colour" in note for note in features.notes)


@pytest.mark.parametrize("shape", [(33, 28, 1), (28, 28, 3)])
def test_auto_takes_it_for_large_or_colour_images(shape):
    assert get_extractor("auto", shape).name == "efficientnet_lite0"
