"""An extractor by its name, of a model, or itself; and what is taken instead."""

import keras
import pytest

from m2m_tf.features import (
    get_extractor,
)


def test_a_model_may_not_take_the_name_of_an_extractor_of_the_package():
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()], name="pixels")
    with pytest.raises(ValueError, match="'pixels' belongs to"):
        get_extractor(model, (28, 28, 1))


def test_an_extractor_is_returned_as_it_is():
    extractor = get_extractor("pixels", (8, 8, 1))
    assert get_extractor(extractor, (28, 28, 1)) is extractor


def test_an_unknown_name_is_refused_with_near_ones():
    with pytest.raises(ValueError, match="got 'pixel'. Did you mean 'pixels'"):
        get_extractor("pixel", (28, 28, 1))


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 2), (0, 28, 1)])
def test_a_shape_that_no_image_has_is_refused(shape):
    with pytest.raises(ValueError, match="channels 1 or 3"):
        get_extractor("pixels", shape)


@pytest.mark.slow
def test_a_fallback_is_taken_when_asked_and_said(home, digits):
    extractor = get_extractor("inception_2015", (28, 28, 1), fallback="digits_fashion")
    features = extractor(digits[:4])
    assert features.extractor == "digits_fashion"
    assert any(
        "'digits_fashion' instead of 'inception_2015', as asked" in n for n in features.notes
    )


def test_a_fallback_is_not_taken_for_another_mistake(home):
    with pytest.raises(ValueError, match="got 'incepton'"):
        get_extractor("incepton", (28, 28, 1), fallback="pixels")
