"""The features of the literature's Inception against torch-fidelity's, with drawn weights.

`scripts/inception_2015_reference.py` stored torch-fidelity's side in
`inception_2015_reference.npz`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from m2m_tf.features import (
    available_extractors,
    convert_inception_2015,
    get_extractor,
    weights,
)
from m2m_tf.features.inception_2015_network import build_network
from tests.features.random_inception import (
    random_images,
    random_state,
    shapes_of,
)

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def reference():
    return weights.read_arrays(Path(__file__).parent / "inception_2015_reference.npz")


@pytest.fixture(scope="module")
def state():
    return random_state(shapes_of(build_network()))


@pytest.mark.slow
def test_the_features_of_converted_weights_are_torch_fidelitys(home, state, reference):
    assert not available_extractors()["inception_2015"].available
    path = convert_inception_2015(state)
    assert available_extractors()["inception_2015"].weights == "here"
    assert path == home / "extractors" / "inception_2015.npz"
    extractor = get_extractor("inception_2015", (40, 56, 3))
    features = extractor(random_images())
    assert features.extractor == "inception_2015" and features.resize == "bilinear_tf1"
    assert any("which is not the literature's file" in note for note in features.notes)
    np.testing.assert_allclose(features.values, reference["features"], rtol=0, atol=TOLERANCE)

    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps(card | {"sha256": "0" * 64}))
    with pytest.raises(ValueError, match="sha256 differs .* Convert them again"):
        get_extractor("inception_2015", (40, 56, 3))


def test_without_weights_the_error_says_how_to_get_them(home):
    with pytest.raises(ValueError, match="weights-inception-2015-12-05-6726825d.pth") as info:
        get_extractor("inception_2015", (28, 28, 1))
    assert "m2m extractors --convert inception_2015 --weights" in str(info.value)
    assert "'efficientnet_lite0'" in str(info.value)
