"""The extractor that comes with the package for small grey images."""

import gzip
from pathlib import Path

import numpy as np
import pytest

import m2m_tf
from m2m_tf.features import get_extractor, weights
from m2m_tf.features.digits_fashion import load_classifier

LABELS = Path(m2m_tf.__file__).parent / "data" / "digits" / "labels-idx1-ubyte.gz"


@pytest.fixture(scope="module")
def extractor():
    return get_extractor("digits_fashion", (28, 28, 1))


@pytest.mark.slow
def test_it_recognises_held_out_digits_as_the_card_says():
    images = m2m_tf.data.load("demo:digits").numpy()[9000:]
    labels = np.frombuffer(gzip.decompress(LABELS.read_bytes()), np.uint8, offset=8)[9000:]
    classes = load_classifier().predict(images, batch_size=250, verbose=0).argmax(axis=1)
    accuracy = weights.read_card("digits_fashion")["held_out_accuracy"]["digits"]
    assert np.mean(classes == labels) == pytest.approx(accuracy, abs=0.0021)  # 2 near ties


def test_its_features_are_those_that_its_scores_are_made_of(extractor, digits):
    features = extractor(digits[:20])
    assert features.values.shape == (20, extractor.dim) == (20, 128)
    assert (features.extractor, features.resize, features.notes) == ("digits_fashion", "none", ())
    classifier = load_classifier()
    kernel, bias = classifier.get_layer("scores").get_weights()
    scores = classifier.predict(digits[:20], verbose=0)
    np.testing.assert_allclose(features.values @ kernel + bias, scores, atol=1e-3)


def test_colour_images_of_another_size_are_converted_and_resized(extractor, digits):
    images = np.repeat(digits[:20].repeat(2, axis=1).repeat(2, axis=2), 3, axis=3)
    features = extractor(images)
    assert features.resize == "bilinear"
    assert any("colour images to grey" in note for note in features.notes)
    near = np.corrcoef(features.values.ravel(), extractor(digits[:20]).values.ravel())[0, 1]
    assert near > 0.95  # the same digits, a little softer


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 20, 1)])
def test_auto_takes_it_for_small_grey_images(shape):
    assert get_extractor("auto", shape).name == "digits_fashion"
